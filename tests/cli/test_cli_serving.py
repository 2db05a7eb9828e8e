"""What `cartage serve` and `cartage demo` say when they cannot start, and how they stop."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen  # noqa: TID251 - a test asks from outside

import pytest
from filelock import FileLock

from tests.cli.terminal import Terminal
from tests.ports import spare_port

PATIENCE_SECONDS = 120


@pytest.fixture
def taken_port() -> Iterator[str]:
    """Give a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def a_port() -> str:
    """Give a port that nobody listens on."""
    return str(spare_port())


def test_a_taken_port_is_one_sentence(cartage: Terminal, folder: Path, taken_port: str) -> None:
    """`cartage serve` on a taken port says so in one line, before it makes anything."""
    result = cartage("serve", "--port", taken_port)

    assert (result.code, result.stdout) == (1, "")
    assert result.stderr == (
        f"cartage: port_taken: Nothing can listen on port {taken_port} of 127.0.0.1: address already in use. "
        "Choose another port with --port, or stop the other program.\n"
    )
    assert not (folder / "data").exists()


@pytest.mark.parametrize("option", ["--port", "--shop-port"])
def test_a_demo_with_a_taken_port_is_one_sentence(cartage: Terminal, taken_port: str, option: str) -> None:
    """`cartage demo` says which of its two ports is taken."""
    ports = {"--port": a_port(), "--shop-port": a_port(), option: taken_port}
    given = [word for pair in ports.items() for word in pair]

    result = cartage("demo", "--data-dir", "data", *given)

    assert result.code == 1
    assert result.stderr.count("\n") == 1
    assert f"port {taken_port} of 127.0.0.1" in result.stderr


def test_a_host_of_another_machine_is_one_sentence(cartage: Terminal) -> None:
    """An address that is not this machine's is refused in one line."""
    result = cartage("serve", "--host", "192.0.2.1", "--port", a_port())

    assert (result.code, result.stderr.count("\n")) == (1, 1)
    assert "192.0.2.1" in result.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_data_folder_is_one_sentence(cartage: Terminal, folder: Path, command: str) -> None:
    """A data folder that another process runs on is left to it, and named in one line."""
    data_dir = folder / "data"
    data_dir.mkdir()
    given = ["--shop-port", a_port(), "--data-dir", str(data_dir)] if command == "demo" else []

    with FileLock(data_dir / "engine.lock"):
        result = cartage(command, "--port", a_port(), *given)

    assert (result.code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"cartage: engine_taken: Another process runs the engine in {data_dir}. ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_stops_quietly(folder: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the server with code 0 and no traceback, and leave the data folder free."""
    port = a_port()
    with started(folder, "serve", "--port", port) as process:
        wait_until_answering(int(port))
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0
    assert "Traceback" not in err
    with FileLock(folder / "data" / "engine.lock", timeout=0):
        pass


def test_for_developers_all_runs_and_a_line_imports(folder: Path) -> None:
    """`cartage dev` prints a line for a shell whose call imports from the demo shop, with a token that is kept."""
    ports = ("--port", a_port(), "--shop-port", a_port())
    with started(folder, "dev", "--no-reload", "--data-dir", "made", *ports) as process:
        threading.Thread(
            target=process.stderr.read if process.stderr else str
        ).start()  # or its log would fill the pipe
        words = next(shlex.split(line) for line in process.stdout or () if line.startswith("curl "))
        headers = dict(word.split(": ", 1) for word in words if ": " in word and not word.startswith("{"))
        call = Request(words[-1], words[words.index("-d") + 1].encode(), headers)
        with urlopen(call, timeout=PATIENCE_SECONDS) as answer:
            import_ = json.load(answer)

    assert import_["status"] == "succeeded"
    assert headers["Authorization"] == f"Bearer {(folder / 'made' / 'token').read_text()}"
    assert words[-1].startswith("http://127.0.0.1:")


@contextmanager
def started(folder: Path, *arguments: str) -> Generator[subprocess.Popen[str]]:
    """Start a command in a process of its own, which is gone at the end whatever comes."""
    environment = os.environ | {"CARTAGE_DATA_DIR": str(folder / "data")}  # noqa: TID251 - the child's
    command = [sys.executable, "-m", "cartage", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_answering(port: int) -> None:
    """Wait until the server answers: whether its port is free is tried by listening on it for a moment, earlier."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/livez", timeout=PATIENCE_SECONDS).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Nobody answers on {port}.")
