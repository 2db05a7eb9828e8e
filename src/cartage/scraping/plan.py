"""The plan: which providers to ask for an address, in which order, how often, and how long to wait between."""

import re
from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

from cartage.model.product import Value
from cartage.model.spending import HostRecord
from cartage.model.wishes import Render

TRIES_TO_JUDGE = 3
# Both turn plain requests away more often than not.
MARKETPLACE = re.compile(r"(?:^|\.)(?:amazon\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})|aliexpress\.(?:com|us|ru))$")
SHOP_API_PATH = re.compile(r"/products?/[^/]+/?$")


FillWhen = Literal["off", "thin", "missing"]


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
    """Name the providers in the order to ask them, the retry preset they share, and what a language model may fill.

    It fills what a `thin` page lacks, or whatever is `missing` of any product's page.
    """

    providers: tuple[str, ...]
    retry: RetryPreset = SCRAPER
    fill: FillWhen = "off"


class Hosted(Value):
    """Name a provider that costs money, with its price in millionths of a dollar where that is known."""

    name: str
    price: int | None = None


def make_plan(
    url: str,
    *,
    pasted: bool,
    kept: bool = False,
    retry: RetryPreset = SCRAPER,
    browser: bool = False,
    render: Render = Render.AUTO,
    hosted: Sequence[Hosted] = (),
    records: Sequence[HostRecord] = (),
) -> Plan:
    """Choose the providers for an address, by its platform, by what its host answered to before, and by price.

    A pasted or kept page needs no other. What costs nothing is asked first, but for marketplaces that turn it away,
    and for a provider that never worked here while one that costs money did. A browser, where there is one, is asked
    before anything else where that is wished.
    """
    if pasted or kept:
        return Plan(providers=("kept" if kept else "pasted",), retry=retry)
    if browser and render is not Render.AUTO:
        plan = make_plan(url, pasted=False, retry=retry, hosted=hosted, records=records)
        return plan if render is Render.NEVER else plan.model_copy(update={"providers": ("browser", *plan.providers)})
    parts = urlsplit(url)
    known = {record.provider: record for record in records}
    free = [*(["shop_api"] if SHOP_API_PATH.search(parts.path) else []), "direct", *(["browser"] if browser else [])]
    paid = [each.name for each in sorted(hosted, key=lambda each: _rank(each, known.get(each.name)))]
    if MARKETPLACE.search(parts.hostname or ""):
        return Plan(providers=(*paid, *free), retry=retry)
    paid_works = any(known[name].successes for name in paid if name in known)
    hopeless = {name for name in free if paid_works and name in known and _never_worked(known[name])}
    if browser and "direct" in hopeless:
        # The browser is asked only after `direct`: where it proved itself both stay, else both go.
        proved = "browser" in known and known["browser"].successes > 0
        hopeless = hopeless - {"direct", "browser"} if proved else hopeless | {"browser"}
    hopeful = [name for name in free if name not in hopeless]
    return Plan(providers=(*hopeful, *paid, *(name for name in free if name in hopeless)), retry=retry)


def resumed(plan: Plan, tried: Sequence[str]) -> Plan:
    """Put providers that were tried already first, in their order, so that the plan goes on after them."""
    before = tuple(dict.fromkeys(tried))
    return plan.model_copy(update={"providers": (*before, *(name for name in plan.providers if name not in before))})


def _rank(hosted: Hosted, record: HostRecord | None) -> tuple[float, bool, int, float, str]:
    record = record or HostRecord(host="", provider=hosted.name)
    # Rates that differ by little say nothing yet: then the cheaper one goes first.
    return (-round(record.success_rate, 1), hosted.price is None, hosted.price or 0, record.mean_ms, hosted.name)


def _never_worked(record: HostRecord) -> bool:
    return record.tries >= TRIES_TO_JUDGE and not record.successes
