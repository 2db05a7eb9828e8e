"""How every command talks: at length or hardly at all, in colours or without, and whether it asks."""

import contextlib
import logging
import sys
from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

if TYPE_CHECKING:
    from cyclopts import App

Switch = Parameter(negative=())
TOLD_WHEN_VERBOSE = ("cartage", "httpx2")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Manner:
    """Say how a command talks."""

    quiet: Annotated[bool, Switch] = False
    """Only records, files and errors: no progress, no steps, no counts."""
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative=())] = False
    """Tell on standard error what is asked of whom, and what the work itself logs."""
    no_color: Annotated[bool, Switch] = False
    """No colours and no other styles, as NO_COLOR asks for too."""
    no_input: Annotated[bool, Switch] = False
    """Ask nothing: what would be asked is refused, unless an option answers it."""


USUAL = Manner()
_present: ContextVar[Manner] = ContextVar("manner", default=USUAL)


def manner() -> Manner:
    """Tell how the command that runs is to talk."""
    return _present.get()


def note(text: str) -> None:
    """Write a line for a person on standard error, unless the command is to be quiet."""
    if not manner().quiet:
        sys.stderr.write(f"{text}\n")


def heed_manner(app: "App") -> None:
    """Have every command of `app` know the options of `Manner`, in its help and completions too."""

    @app.meta.default
    def launch(
        *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        asked: Annotated[Manner, Parameter(group=Group("Everywhere"))] = USUAL,
    ) -> Any:
        with _talking(asked):
            return app(words, exit_on_error=False, print_error=True, result_action="return_value")


@contextlib.contextmanager
def _talking(asked: Manner) -> Generator[None]:
    before = _present.set(asked)
    try:
        with _logging() if asked.verbose else contextlib.nullcontext():
            yield
    finally:
        _present.reset(before)


@contextlib.contextmanager
def _logging() -> Generator[None]:
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in TOLD_WHEN_VERBOSE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(told)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(told)
            logger.setLevel(level)
