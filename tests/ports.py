"""Ports for servers that tests start in processes of their own, which nothing else takes in the meantime."""

import os
import random
import socket
from collections.abc import Iterator

# Below those that the system gives to whoever connects, so that none is taken between being found and being used.
LOWEST, FOR_EACH_WORKER, MOST_WORKERS = 12_000, 2_000, 10


def _offered() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))  # noqa: TID251 - who we are
    first = LOWEST + worker % MOST_WORKERS * FOR_EACH_WORKER
    yield from random.sample(range(first, first + FOR_EACH_WORKER), FOR_EACH_WORKER)


_LEFT = _offered()


def spare_port() -> int:
    """Give a port of loopback that nobody listens on, and never the same again."""
    for port in _LEFT:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("No port is left.")
