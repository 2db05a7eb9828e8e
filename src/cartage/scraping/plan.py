"""The plan: which providers to ask for an address, in which order, how often, and how long to wait between."""

import re
from urllib.parse import urlsplit

from cartage.model.product import Value

SHOP_API_PATH = re.compile(r"/products?/[^/]+/?$")


class RetryPreset(Value):
    """Say how often to try a provider, and how long to wait: `first_delay_seconds`, then doubling.

    A site that asks for more than `longest_wait_seconds` ends the provider's turn instead.
    """

    attempts: int = 3
    first_delay_seconds: float = 5.0
    factor: float = 2.0
    jitter: float = 0.25
    longest_wait_seconds: float = 3600.0

    def delay_seconds(self, number: int, randomness: float, asked_seconds: float | None = None) -> float:
        """Give the wait after try `number`; `randomness` in [0, 1] spreads it by ± `jitter`.

        A delay the site asked for is never undercut.
        """
        delay = self.first_delay_seconds * self.factor ** (number - 1)
        spread = delay * (1 + self.jitter * (2 * randomness - 1))
        return max(spread, asked_seconds or 0.0)


SCRAPER = RetryPreset()


class Plan(Value):
    """Name the providers in the order to ask them, and the retry preset they share."""

    providers: tuple[str, ...]
    retry: RetryPreset = SCRAPER


def make_plan(url: str, *, pasted: bool, retry: RetryPreset = SCRAPER) -> Plan:
    """Choose the providers for an address; a pasted page needs no other."""
    if pasted:
        return Plan(providers=("pasted",), retry=retry)
    if SHOP_API_PATH.search(urlsplit(url).path):
        return Plan(providers=("shop_api", "direct"), retry=retry)
    return Plan(providers=("direct",), retry=retry)
