"""The door of uploaded pictures: whoever knows a picture's address gets our copy, with no login."""

import re
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from cartage.accounts.quota import Quota
from cartage.api.versions import is_known
from cartage.archive import Gallery
from cartage.model.errors import NotFound
from cartage.model.picture import MEDIA_TYPE, SUFFIX, Displayed, Size
from cartage.model.request_errors import TooManyRequests

A_MINUTE = 3000
FILE = re.compile(rf"([\w-]{{43}}){re.escape(SUFFIX)}", re.ASCII)
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_media(server: FastAPI, gallery: Gallery, quota: Quota) -> None:
    """Add the addresses of uploaded pictures."""
    door = Door(gallery, quota)
    server.add_api_route("/media/{picture}", door.answer, methods=["GET", "HEAD"], include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Answer whoever fetches a picture, as often as the quota of its merchant lets them."""

    gallery: Gallery
    quota: Quota

    async def answer(self, request: Request, picture: str) -> Response:
        """Send a picture.

        Raises `TooManyRequests`, and `NotFound` alike for what never was, is shown no more, or is kept no more.
        """
        named = FILE.fullmatch(picture)
        found = await self.gallery.displayed(named[1]) if named else None
        if named is None or found is None:
            raise _nothing()
        self._spend(found)
        headers = HEADERS | {"ETag": f'"{named[1]}"'}
        if is_known(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        content = await self._content(found)
        if request.method == "HEAD":
            return Response(headers=headers | {"Content-Length": str(len(content))}, media_type=MEDIA_TYPE)
        return Response(content, headers=headers, media_type=MEDIA_TYPE)

    def _spend(self, found: Displayed) -> None:
        try:
            self.quota.spend(found.merchant_id)
        except TooManyRequests as error:
            told = f"The pictures of a business may be fetched {self.quota.per_minute} times a minute."
            raise TooManyRequests(told, error.retry_after_seconds) from error

    async def _content(self, found: Displayed) -> bytes:
        try:
            return await self.gallery.get(found.merchant_id, found.picture_id, Size.FULL)
        except NotFound as error:
            raise _nothing() from error


def _nothing() -> NotFound:
    return NotFound("There is no such picture.")
