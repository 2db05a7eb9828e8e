"""Waiting for the product, not for the clock: look at the page until what matters no longer changes."""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cartage.model.visit_errors import PageHangs

if TYPE_CHECKING:
    from playwright.async_api import Page

LOOK = """() => {
  const text = document.body ? document.body.innerText.slice(0, 200000) : "";
  const data = [...document.querySelectorAll('script[type="application/ld+json"]')].slice(0, 50)
    .some(each => /"@type"\\s*:\\s*(?:\\[[^\\]]{0,200})?"(?:https?:\\/\\/schema\\.org\\/)?Product(?:Group|Model)?"/
      .test(each.textContent.slice(0, 500000)));
  const price = !!document.querySelector(
      '[itemprop=price],meta[property="product:price:amount"],meta[property="og:price:amount"]')
    || /[$€£¥₹₩]\\s?\\d|\\d\\s?(?:€|£|kr\\b|zł|Kč|Ft\\b|EUR|USD|GBP|CHF)/.test(text);
  const heading = document.querySelector("h1");
  return [document.readyState, data || price, document.title + "|" + (heading ? heading.textContent : ""), text.length];
}"""


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how long to wait: for quiet once a product shows, for quiet without one, in all, and for one look."""

    product_quiet_seconds: float = 0.4
    other_quiet_seconds: float = 2.0
    settle_seconds: float = 15.0
    look_seconds: float = 5.0
    pause_seconds: float = 0.15


@dataclass(frozen=True, slots=True)
class _Sight:
    state: str
    product: bool
    title: str
    length: int

    def quiet_after(self, patience: Patience) -> float | None:
        if self.product and self.state != "loading":
            return patience.product_quiet_seconds
        if self.state == "complete" and self.length:
            return patience.other_quiet_seconds
        return None


async def settle(page: "Page", patience: Patience) -> bool:
    """Wait until the product stands still, or patience is over, and tell whether there is one to be seen.

    Raises `PageHangs` when the page cannot be looked at.

    Raises playwright's `Error` when the browser or the page is gone.
    """
    begun = since = time.monotonic()
    before: _Sight | None = None
    while (moment := time.monotonic()) - begun < patience.settle_seconds:
        sight = await _look(page, patience)
        if sight is None or sight != before:
            before, since = sight, moment
        elif (quiet := sight.quiet_after(patience)) is not None and moment - since >= quiet:
            break
        await asyncio.sleep(patience.pause_seconds)
    return before is not None and before.product


async def _look(page: "Page", patience: Patience) -> _Sight | None:
    from playwright.async_api import Error

    try:
        async with asyncio.timeout(patience.look_seconds):
            seen = await page.evaluate(LOOK)
    except TimeoutError:
        raise PageHangs("The page's scripts keep the browser busy.") from None
    except Error as error:
        if page.is_closed() or "crashed" in str(error) or "closed" in str(error):
            raise
        return None  # the page went on to another address while we looked
    return _sight(seen)


def _sight(seen: Any) -> _Sight | None:
    """Read what the page's own world answered, which it may have tampered with."""
    if not isinstance(seen, list) or len(parts := cast("list[Any]", seen)) != 4:  # noqa: PLR2004
        return None
    state, product, title, length = parts
    if not isinstance(title, str) or not isinstance(length, int | float):
        return None
    return _Sight(str(state), bool(product), title[:1000], int(length))
