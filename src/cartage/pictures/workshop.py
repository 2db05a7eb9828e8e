"""The workshop: images go to a process of their own and come back as pictures, in bounded time and memory."""

import asyncio
import contextlib
import hashlib
import json
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cartage.model.picture import Print
from cartage.model.visit_errors import PictureRefused

MEBIBYTE = 1024 * 1024
DARKROOM = Path(__file__).with_name("darkroom.py")
AT_ONCE = 2
REFUSALS = {
    "unknown": "The image is in no format that we keep (AVIF, GIF, JPEG, PNG or WebP).",
    "large": "The image has more pixels than we read.",
    "truncated": "The image broke off.",
    "broken": "The image is damaged.",
    "heavy": "The image takes more time or memory to read than it may.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound what one image may take: pixels, seconds, and the memory of the process; sides are of the two forms."""

    pixels: int = 40_000_000
    seconds: float = 20.0
    memory: int = 1024 * MEBIBYTE
    full_side: int = 2048
    small_side: int = 480
    cpu_seconds: int = 120


class Bench:
    """Develop one image after another in a process, which is begun anew after it had to be killed."""

    def __init__(self, limits: Limits, places: asyncio.Semaphore) -> None:
        self._limits = limits
        self._places = places
        self._process: Process | None = None

    async def develop(self, content: bytes) -> Print:
        """Make the picture of an image; raises `PictureRefused` with the reason in one word."""
        async with self._places:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    told, forms = await self._ask(content)
            except (TimeoutError, OSError, EOFError, ValueError):
                await self.aclose()
                raise PictureRefused(REFUSALS["heavy"], "heavy") from None
            except BaseException:
                await self.aclose()
                raise
        if reason := told.get("refused"):
            raise PictureRefused(REFUSALS[reason], reason)
        full, small = forms[: told["full"]], forms[told["full"] :]
        content_hash = hashlib.sha256(content).hexdigest()
        return Print(content_hash=content_hash, width=told["width"], height=told["height"], full=full, small=small)

    async def aclose(self) -> None:
        """End the process, now."""
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()

    async def _ask(self, content: bytes) -> tuple[dict[str, Any], bytes]:
        process = self._process = self._process or await self._start()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        process.stdin.write(struct.pack(">Q", len(content)) + content)
        await process.stdin.drain()
        told = json.loads(await process.stdout.readline())
        return told, await process.stdout.readexactly(told.get("full", 0) + told.get("small", 0))

    async def _start(self) -> Process:
        # -P and -E: neither the folder of the script nor the environment says what is imported.
        command = (sys.executable, "-P", "-E", str(DARKROOM))
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={})
        if process.stdin:
            bounds = asdict(self._limits)
            del bounds["seconds"]
            process.stdin.write(json.dumps(bounds).encode() + b"\n")
        return process


@dataclass(frozen=True, slots=True)
class Workshop:
    """Open benches, of which only a few work at the same time."""

    limits: Limits = field(default_factory=Limits)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @contextlib.asynccontextmanager
    async def bench(self) -> AsyncGenerator[Bench]:
        """Open a bench, whose process ends with it."""
        bench = Bench(self.limits, self.places)
        try:
            yield bench
        finally:
            await bench.aclose()
