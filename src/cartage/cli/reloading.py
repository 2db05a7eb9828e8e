"""Keep a command running, and start it anew when the files that it is made of change."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LOOKS_EVERY_SECONDS = 0.5
LEAVE_SECONDS = 15
STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Reloader:
    """Run `command` again whenever the folder `source` or the file `settings` changes."""

    command: Sequence[str]
    source: Path
    settings: Path
    told_to_stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Run until SIGINT or SIGTERM, or until the command ends at its first start or well; give the exit code."""
        before = {number: signal.signal(number, self._stop) for number in STOPS}
        try:
            return self._run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self.told_to_stop.set()

    def _run(self) -> int:
        code = self._once()
        while code is None and not self.told_to_stop.is_set():
            sys.stderr.write("A file has changed: starting anew.\n")
            seen = self._stamps()
            if code := self._once():
                sys.stderr.write(f"It ended with code {code}, and starts anew when a file changes.\n")
                self._changed(seen)
                code = None
        return code or 0

    def _once(self) -> int | None:
        """Run the command, until a file changes or we stop; give its exit code where it ended by itself."""
        seen = self._stamps()
        process = subprocess.Popen(self.command)  # noqa: S603 - our own program
        try:
            self._changed(seen, process)
            return process.returncode
        finally:
            _end(process)

    def _changed(self, seen: dict[Path, int], process: "subprocess.Popen[bytes] | None" = None) -> None:
        """Wait until a file changes, a process ends or we stop."""
        while self._stamps() == seen and (process is None or process.poll() is None):
            if self.told_to_stop.wait(LOOKS_EVERY_SECONDS):
                return

    def _stamps(self) -> dict[Path, int]:
        """Give when each file was last changed; one that just went away has no time."""
        stamps: dict[Path, int] = {}
        for file in (*self.source.rglob("*"), self.settings):
            if file.suffix != ".pyc":
                with suppress(FileNotFoundError):
                    stamps[file] = file.stat().st_mtime_ns if file.is_file() else 0
        return stamps


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process as an operator would, and whatever does not heed that without asking."""
    process.terminate()
    try:
        process.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
