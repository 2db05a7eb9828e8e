"""A curator whose pictures come from people alone: whatever would be fetched fails the test."""

from contextlib import AbstractAsyncContextManager

from cartage.fetching.client import GetImage
from cartage.imports.pictures import MEBIBYTE, Curator
from cartage.pictures.workshop import Workshop
from cartage.store import Store


class Unasked:
    """Bring no image from anywhere."""

    def images(self, seconds: float, *, page_url: str = "") -> AbstractAsyncContextManager[GetImage]:
        """Refuse to be asked."""
        raise AssertionError(f"Images of {page_url} were asked for, within {seconds} seconds.")


def unasked_curator(store: Store, space: int = 100 * MEBIBYTE) -> Curator:
    """Make a curator that asks nobody."""
    return Curator(store, Unasked(), Workshop(), space=space)
