"""What `cartage dev` does when files change: the command starts anew, and ends with us."""

import sys
import threading
import time
from pathlib import Path

import pytest

from cartage.cli.reloading import Reloader

PATIENCE_SECONDS = 120
STARTS = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write('x'); {}"


def reloader(folder: Path, then: str) -> Reloader:
    """Make one of a command that notes that it starts, and then does something."""
    (folder / "source").mkdir()
    (folder / "source" / "page.html").write_text("first")
    command = [sys.executable, "-c", STARTS.format(then), str(folder / "starts")]
    return Reloader(command, folder / "source", folder / ".env")


def wait_for_starts(folder: Path, wanted: int) -> None:
    """Wait until the command has started so many times."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if (folder / "starts").exists() and len((folder / "starts").read_text()) >= wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"It did not start {wanted} times.")


@pytest.mark.parametrize("then", ["time.sleep(600)", "sys.exit(len(open(sys.argv[1]).read()) - 1 or time.sleep(600))"])
def test_it_starts_anew_when_source_or_settings_change(tmp_path: Path, then: str) -> None:
    """A page's file, the settings' file: each change is one start, also after a failed one; then it ends with us."""
    running = reloader(tmp_path, then)

    def change() -> None:
        wait_for_starts(tmp_path, 1)
        (tmp_path / "source" / "page.html").write_text("second")
        wait_for_starts(tmp_path, 2)
        (tmp_path / ".env").write_text("CARTAGE_CONCURRENCY=2")
        wait_for_starts(tmp_path, 3)
        running.told_to_stop.set()

    changing = threading.Thread(target=change)
    changing.start()
    code = running.run()
    changing.join()

    assert (code, (tmp_path / "starts").read_text()) == (0, "xxx")


def test_a_first_start_that_fails_is_the_end(tmp_path: Path) -> None:
    """What cannot start at all, as on a taken port, ends with its own code instead of waiting for changes."""
    assert reloader(tmp_path, "sys.exit(3)").run() == 3
