"""A terminal in this process: runs commands of the command line, many times faster than processes of their own."""

import contextlib
import io
import logging
import os
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cartage.cli import create_cli
from cartage.cli.outcome import run

KEPT = {"CARTAGE_BROWSER", "CARTAGE_PICTURES"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold how a command ended and what it wrote."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Run commands in a folder, with its `data` as their data folder, and with nothing of the tester's environment."""

    folder: Path
    patch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, stdin: str = "", data: str = "data", **settings: str) -> Outcome:
        """Run a command, such as `cartage("ls", "brand:oak", CARTAGE_MODEL="…")`, to its end."""
        self.captured.readouterr()
        with logs_left_alone(), self.patch.context() as patch:
            for name in [name for name in os.environ if name.startswith("CARTAGE_")]:  # noqa: TID251 - the command's
                if name not in KEPT:
                    patch.delenv(name)
            for name, value in {"CARTAGE_DATA_DIR": str(self.folder / data), **settings}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            code = run(create_cli(), list(arguments))
        out, err = self.captured.readouterr()
        return Outcome(int(code), str(out), str(err))


@contextlib.contextmanager
def logs_left_alone() -> Generator[None]:
    """Take back what a server's command makes of the log, which would write to this terminal later on."""
    before = {logger: (logger.handlers, logger.level) for logger in known_loggers()}
    for logger, (handlers, _) in before.items():
        logger.handlers = list(handlers)
    yield
    for logger in known_loggers():
        logger.handlers, level = before.get(logger, ([], logging.NOTSET))
        logger.setLevel(level)


def known_loggers() -> list[logging.Logger]:
    """Give every logger there is."""
    named = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(logger for logger in named if isinstance(logger, logging.Logger))]
