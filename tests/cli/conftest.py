"""What tests of commands need: a terminal, and a folder to use it in."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder that commands run in; a module whose commands need a catalogue gives its own."""
    return tmp_path


@pytest.fixture
def cartage(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Terminal:
    """Give what runs a command in the folder, in this process: `cartage("ls", "brand:oak").stdout`."""
    return Terminal(folder, monkeypatch, capfd)
