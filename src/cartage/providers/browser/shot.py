"""A shot: what stands in the browser's window, for a person to see why a page brought no product."""

from typing import TYPE_CHECKING

from cartage.model.language import Photo

if TYPE_CHECKING:
    from playwright.async_api import Page

LONGEST_MILLISECONDS = 5000.0
LARGEST_BYTES = 1024 * 1024
QUALITY = 60


async def shot_of(tab: "Page") -> Photo | None:
    """Take a shot as JPEG; None where the page does not stand still for it."""
    from playwright.async_api import Error

    try:
        content = await tab.screenshot(
            type="jpeg", quality=QUALITY, timeout=LONGEST_MILLISECONDS, animations="disabled"
        )
    except Error:
        return None
    return Photo(media_type="image/jpeg", content=content) if len(content) <= LARGEST_BYTES else None
