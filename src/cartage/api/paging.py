"""Lists a page at a time: an opaque cursor, a limit, and the address of the next page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from cartage.model.errors import InvalidInput

T = TypeVar("T")

MOST = 200
USUAL = 50
LONGEST_NUMBER = 18  # digits that every database holds


class Paging:
    """Hold which part of a list is asked for, as parameters of a route (`Depends(Paging)`).

    A cursor names the last thing that was shown, so that what comes and goes meanwhile neither hides
    anything nor shows it twice.
    """

    def __init__(
        self,
        request: Request,
        response: Response,
        cursor: Annotated[str, Query(description="Where the page begins: as in the `next` of the one before.")] = "",
        limit: Annotated[int, Query(ge=1, le=MOST, description="How many things the page has at most.")] = USUAL,
    ) -> None:
        self._request, self._response = request, response
        self.limit = limit
        self.after = self._read(cursor) if cursor else ""

    @property
    def number_after(self) -> int:
        """Give the place as a number; 0 at the beginning."""
        if not self.after:
            return 0
        if not self.after.isdecimal() or len(self.after) > LONGEST_NUMBER:
            raise _not_of_this_list()
        return int(self.after)

    def cut(self, found: Sequence[T], place: Callable[[T], str], **meant: str) -> tuple[list[T], str | None]:
        """Cut a page out of what was found, one more than the limit, and give the next page's address, if any.

        `meant` says what parameters mean, where their text would mean something else later.
        """
        shown = list(found[: self.limit])
        return shown, self.following(place(shown[-1]), **meant) if len(found) > self.limit else None

    def following(self, place: str, **meant: str) -> str:
        """Give the address of the page after a place, with everything else as it was asked, and as `Link`."""
        url = self._request.url
        asked = [(name, value) for name, value in self._request.query_params.multi_items() if name != "cursor"]
        kept = [(name, meant.get(name, value)) for name, value in asked]
        address = f"{url.path}?{urlencode([*kept, ('cursor', self._write(place))])}"
        self._response.headers["Link"] = f'<{address}>; rel="next"'
        return address

    def _write(self, place: str) -> str:
        return base64.urlsafe_b64encode(f"{self._request.url.path} {place}".encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> str:
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        except (binascii.Error, ValueError):
            text = ""
        path, _, place = text.partition(" ")
        if path != self._request.url.path or not place:
            raise _not_of_this_list()
        return place


def _not_of_this_list() -> InvalidInput:
    return InvalidInput("The cursor is not one of this list's; take it from `next`.", "/query/cursor")
