"""A portrait of a page that shows pictures and next to no text: what a person would see of it in a browser."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cartage.model.language import Photo

if TYPE_CHECKING:
    from playwright.async_api import FloatRect as Clip
    from playwright.async_api import Page as Tab

WORDLESS = 200
TALLEST = 2400
QUALITY = 75
TIMEOUT_MILLISECONDS = 10_000
LOOKS = """() => [(document.body ? document.body.innerText : "").trim().length, document.images.length,
  document.documentElement.scrollWidth, document.documentElement.scrollHeight].map(Number)"""
LOAD = """async () => {
  const shown = [...document.images].slice(0, 40);
  await Promise.race([
    new Promise(resolve => setTimeout(resolve, 6000)),
    Promise.all(shown.map(image => new Promise(resolve => {
      image.onload = image.onerror = resolve;
      image.loading = "eager";
      image.src = image.currentSrc || image.src;
    }))),
  ]);
}"""


@dataclass(slots=True)
class Appetite:
    """Say what of a page is fetched; pictures only once they are to be looked at."""

    pictures: bool = False


async def portray(tab: "Tab", appetite: Appetite) -> Photo | None:
    """Take a picture of a page that has images and next to no text; None of any other, or where it does not work."""
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(2 * TIMEOUT_MILLISECONDS / 1000):
            letters, images, width, height = await tab.evaluate(LOOKS)
            if letters >= WORDLESS or not images:
                return None
            appetite.pictures = True
            await tab.evaluate(LOAD)
            clip: Clip = {"x": 0, "y": 0, "width": max(1, min(width, 1280)), "height": max(1, min(height, TALLEST))}
            content = await tab.screenshot(
                type="jpeg", quality=QUALITY, full_page=True, clip=clip, timeout=TIMEOUT_MILLISECONDS
            )
    except (Error, TimeoutError, TypeError, ValueError):  # the page may have tampered with what it answers
        return None
    return Photo(media_type="image/jpeg", content=content)
