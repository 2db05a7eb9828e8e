"""Processes that begin with everything imported, to be killed: they start in milliseconds, not in seconds."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Protocol

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["bench.kettles", "tests.contracts.dying_engine", "cartage.cli.demo"])


class Child(Protocol):
    """Be a process that was started, as `subprocess` knows it."""

    def poll(self) -> int | None:
        """Give how it ended; nothing while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give how it ended; raises `subprocess.TimeoutExpired`."""
        ...

    def kill(self) -> None:
        """Send it SIGKILL."""
        ...

    def terminate(self) -> None:
        """Send it SIGTERM."""
        ...


@dataclass(frozen=True, slots=True)
class Forked:
    """Be a child that was forked."""

    process: ForkServerProcess

    def poll(self) -> int | None:
        """Give how it ended; nothing while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give how it ended; raises `subprocess.TimeoutExpired`."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise TimeoutExpired(self.process.name, timeout or 0)
        return self.process.exitcode

    def kill(self) -> None:
        """Send it SIGKILL."""
        self.process.kill()

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self.process.terminate()


def forked(log: Path, work: Callable[..., None], *given: object) -> Child:
    """Start a process that does some work; what it prints is added to `log`."""
    process = FORKS.Process(target=_logged, args=(log, work, *given), daemon=True)
    process.start()
    return Forked(process)


def _logged(log: Path, work: Callable[..., None], *given: object) -> None:
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    work(*given)
