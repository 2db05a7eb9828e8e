"""What `cartage serve` and `cartage demo` say when they cannot start, and how they stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

PATIENCE_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Machine:
    """Run commands with a data folder and spare ports of their own."""

    data_dir: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        environment = os.environ | {"CARTAGE_DATA_DIR": str(self.data_dir)}  # noqa: TID251 - the child's
        command = [sys.executable, "-m", "cartage", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command to its end: its exit code, and what it wrote to stdout and stderr."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, out, err


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine with an empty data folder."""
    return Machine(tmp_path / "data")


@pytest.fixture
def taken_port() -> Iterator[str]:
    """Give a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def spare_port() -> str:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_taken_port_is_one_sentence(machine: Machine, taken_port: str) -> None:
    """`cartage serve` on a taken port says so in one line, before it makes anything."""
    code, out, err = machine.run("serve", "--port", taken_port)

    assert (code, out) == (1, "")
    assert err == (
        f"cartage: port_taken: Nothing can listen on port {taken_port} of 127.0.0.1: address already in use. "
        "Choose another port with --port, or stop the other program.\n"
    )
    assert not machine.data_dir.exists()


@pytest.mark.parametrize("option", ["--port", "--shop-port"])
def test_a_demo_with_a_taken_port_is_one_sentence(machine: Machine, taken_port: str, option: str) -> None:
    """`cartage demo` says which of its two ports is taken."""
    ports = {"--port": spare_port(), "--shop-port": spare_port(), option: taken_port}
    given = [word for pair in ports.items() for word in pair]

    code, _, err = machine.run("demo", "--data-dir", str(machine.data_dir), *given)

    assert code == 1
    assert err.count("\n") == 1
    assert f"port {taken_port} of 127.0.0.1" in err


def test_a_host_of_another_machine_is_one_sentence(machine: Machine) -> None:
    """An address that is not this machine's is refused in one line."""
    code, _, err = machine.run("serve", "--host", "192.0.2.1", "--port", spare_port())

    assert (code, err.count("\n")) == (1, 1)
    assert "192.0.2.1" in err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_data_folder_is_one_sentence(machine: Machine, command: str) -> None:
    """A data folder that another process runs on is left to it, and named in one line."""
    machine.data_dir.mkdir()
    given = ["--shop-port", spare_port(), "--data-dir", str(machine.data_dir)] if command == "demo" else []

    with FileLock(machine.data_dir / "engine.lock"):
        code, out, err = machine.run(command, "--port", spare_port(), *given)

    assert (code, out) == (1, "")
    assert err.startswith(f"cartage: engine_taken: Another process runs the engine in {machine.data_dir}. ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_stops_quietly(machine: Machine, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the server with code 0 and no traceback, and leave the data folder free."""
    port = spare_port()
    process = machine.start("serve", "--port", port)
    wait_until_listening(int(port))

    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0
    assert "Traceback" not in err
    with FileLock(machine.data_dir / "engine.lock", timeout=0):
        pass


def wait_until_listening(port: int) -> None:
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"Nobody listens on {port}.")
