"""Bookmarks: asking a site only whether a product's page has changed, and what stands where it has not."""

from collections.abc import Sequence
from typing import Any

from cartage import __version__
from cartage.model.bookmark import Bookmark
from cartage.model.catalogue import Attempt, CatalogueProduct, Import
from cartage.store import Store


async def bookmark_for(store: Store, import_: Import) -> Bookmark | None:
    """Give the bookmark that an import may ask by; None for a first one, and for one that is to read anew.

    So are one of pasted HTML or of a page that is kept, one that goes on after a budget, and any where another version
    of Cartage read the page, or where it was asked for in another language.
    """
    given = import_.pasted_page_id or import_.kept_page_id
    if import_.number == 1 or given or import_.resumes or import_.pictures_for:
        return None
    product = await store.catalogue.product(import_.merchant_id, import_.product_id)
    bookmark = product.bookmark
    if product.facts is None or bookmark is None or bookmark.reader != __version__:
        return None
    if bookmark.language != import_.wishes.language:
        return None
    return bookmark if await store.artifacts.has(import_.merchant_id, bookmark.extraction_id) else None


def bookmark_after(
    import_: Import, product: CatalogueProduct, accepted: Attempt, attempts: Sequence[Attempt]
) -> Bookmark | None:
    """Give the bookmark that an import leaves: the page may be one try's, and what was read of it another's."""
    if accepted.unchanged:
        return product.bookmark
    validators = next((each.validators for each in attempts if each.page_id == accepted.page_id), None)
    if validators is None or accepted.page_id is None or accepted.extraction_id is None:
        return None
    return Bookmark(
        validators=validators,
        reader=__version__,
        page_id=accepted.page_id,
        extraction_id=accepted.extraction_id,
        verdict=accepted.verdict,
        missing=accepted.missing,
        language=import_.wishes.language,
    )


def as_before(bookmark: Bookmark) -> dict[str, Any]:
    """Give what an attempt tells that found the page unchanged."""
    return {
        "unchanged": True,
        "page_id": bookmark.page_id,
        "extraction_id": bookmark.extraction_id,
        "verdict": bookmark.verdict,
        "missing": bookmark.missing,
    }
