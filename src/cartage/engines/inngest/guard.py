"""The guard before the SDK's own check: one signature, well formed and recent, and no endless body.

The SDK (0.5) takes a signature of any age, and fails with an error of its own on characters beyond ASCII.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cartage.engine import Door, Message, Receive, Send

SIGNATURE = re.compile(rb"t=([0-9]{1,12})&s=([0-9a-f]{64})")
WINDOW_SECONDS = 300
UNAUTHORIZED, TOO_LARGE = 401, 413
MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Guard:
    """Turn away calls that cannot be Inngest's."""

    app: Door
    signed: bool
    heard: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.time

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a call through, or answer 401 or 413."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if not self._is_welcome(headers):
            await _answer(send, UNAUTHORIZED, "Unauthorized")
            return
        body = await _read(receive)
        if body is None:
            await _answer(send, TOO_LARGE, "Too large")
            return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and scope["method"] == "POST":
                self._hear(message["status"])
            await send(message)

        await self.app(scope, again, noted)

    def _hear(self, status: int) -> None:
        if status != UNAUTHORIZED:
            self.heard()

    def _is_welcome(self, headers: list[tuple[bytes, bytes]]) -> bool:
        if not self.signed:
            # A dev server sends neither; a page that some site has put into the developer's browser does.
            return not {b"origin", b"sec-fetch-site"} & {name for name, _ in headers}
        signatures = [value for name, value in headers if name == b"x-inngest-signature"]
        if len(signatures) != 1:
            return False
        parts = SIGNATURE.fullmatch(signatures[0])
        return parts is not None and abs(self.clock() - int(parts[1])) <= WINDOW_SECONDS


async def call(door: Door, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Call a door in this process, without a body; give the status and the body."""
    status, parts = 0, list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost")] + [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    await door(scope, receive, send)
    return status, b"".join(parts)


async def _read(receive: Receive) -> bytes | None:
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, said: str) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"message": said}).encode()})
