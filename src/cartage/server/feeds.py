"""The door of feeds: whoever knows a feed's address gets its newest file, with no login."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from cartage.accounts.quota import Quota
from cartage.api.versions import is_known
from cartage.exports.feeds import Feeds, Sending
from cartage.model.errors import NotFound
from cartage.model.feed import Feed
from cartage.model.request_errors import TooManyRequests

A_MINUTE = 60
FILE = re.compile(r"[\w-]{43}\.[a-z]{2,8}", re.ASCII)
REFUSES_GZIP = re.compile(r"q=0(\.0{0,3})?", re.ASCII)
GZIP = 16 + zlib.MAX_WBITS
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def add_feeds(server: FastAPI, feeds: Feeds) -> None:
    """Add the address of feeds."""
    server.add_api_route("/feeds/{file}", Door(feeds).answer, methods=["GET", "HEAD"], include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Answer whoever fetches a feed."""

    feeds: Feeds
    quota: Quota = field(default_factory=lambda: Quota(A_MINUTE))

    async def answer(self, request: Request, file: str) -> Response:
        """Send a feed's file.

        Raises `NotFound`, `TooManyRequests`, and `FeedNotMade` before there is a file.
        """
        feed = await self.feeds.find(file) if FILE.fullmatch(file) else None
        if feed is None:
            raise NotFound("There is no such feed.")
        self._spend(feed)
        if request.method == "GET":
            await self.feeds.note_fetched(feed, request.headers.get("user-agent", ""))
        return _reply(request, await self.feeds.sending(feed))

    def _spend(self, feed: Feed) -> None:
        try:
            self.quota.spend(feed.id)
        except TooManyRequests as error:
            told = f"A feed may be fetched {A_MINUTE} times a minute."
            raise TooManyRequests(told, error.retry_after_seconds) from error


def _reply(request: Request, sending: Sending) -> Response:
    packed, at = _takes_gzip(request), sending.export.finished_at or sending.export.created_at
    headers = HEADERS | {
        "ETag": f'"{sending.export.id}{"-gzip" if packed else ""}"',
        "Last-Modified": format_datetime(at.astimezone(UTC), usegmt=True),
    }
    if _has_it(request, headers["ETag"], at):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": sending.part.media_type}
    headers |= {"Content-Encoding": "gzip"} if packed else {"Content-Length": str(sending.part.size)}
    if request.method == "HEAD":
        return StreamingResponse(_nothing(), headers=headers)
    return StreamingResponse(_packed(sending.pieces) if packed else sending.pieces, headers=headers)


def _has_it(request: Request, tag: str, at: datetime) -> bool:
    """Tell whether the fetcher has this very file, by what it was told of it before (RFC 9110, 13.2.2)."""
    if (named := request.headers.get("if-none-match")) is not None:
        return is_known(named, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return (since if since.tzinfo else since.replace(tzinfo=UTC)) >= at.replace(microsecond=0)


def _takes_gzip(request: Request) -> bool:
    asked = [each.partition(";") for each in request.headers.get("accept-encoding", "").lower().split(",")]
    return any(name.strip() == "gzip" and not REFUSES_GZIP.fullmatch(how.strip()) for name, _, how in asked)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _packed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(wbits=GZIP)
    async for piece in pieces:
        if ready := await asyncio.to_thread(packer.compress, piece):
            yield ready
    yield packer.flush()
