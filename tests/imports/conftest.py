"""Imports on the inline engine and a store in memory, with providers that answer from a script."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cartage.engines.inline import Inline
from cartage.imports.service import Imports
from cartage.imports.workflow import ImportWorkflow
from cartage.model.catalogue import Event
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money
from cartage.providers.kept import Kept
from cartage.providers.pasted import Pasted
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore

MERCHANT = "mer_1"
FEE = Money(amount=Decimal("0.002"), currency="USD")
URL = "https://shop.example/p/steel-kettle"
PLATFORM_URL = "https://shop.example/products/steel-kettle"
DESCRIPTION = (
    "A kettle of brushed steel with a walnut handle, for gas and induction, with a whistle that can be left off."
)


def kettle(**changes: Any) -> str:
    """Write the page of a kettle; a change of None leaves the field out of its markup and off the page."""
    offer = {"@type": "Offer", "price": "49.90", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}
    facts = {"name": "Steel Kettle", "image": "/kettle.jpg", "description": DESCRIPTION, "offers": offer} | changes
    stated = {name: value for name, value in facts.items() if value is not None}
    markup = json.dumps({"@context": "https://schema.org", "@type": "Product", **stated})
    return (
        "<!doctype html><html lang='en'><head><title>Steel Kettle – Kettles</title>"
        f"<script type='application/ld+json'>{markup}</script></head><body>"
        "<header><a href='/'>Kettles</a></header><main><h1>Steel Kettle</h1><img src='/kettle.jpg' alt='Steel Kettle'>"
        f"{'<p class=price>49,90 €</p><button>Add to cart</button>' if stated.get('offers') else ''}"
        f"<p>{stated.get('description', '')}</p>"
        "<footer><p>Questions about this kettle are answered by people who own one, on weekdays from nine to five, by "
        "telephone or by letter, as you prefer it.</p></footer></main></body></html>"
    )


@dataclass
class Scripted:
    """Be a provider that answers from a script, one entry a request; the last entry is repeated."""

    name: str
    script: list[str | Exception]
    cost: Money | None = FEE
    requests: list[PageRequest] = field(default_factory=list[PageRequest])

    async def get(self, request: PageRequest) -> Page:
        """Give the script's next page, or raise its next error."""
        entry = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        if isinstance(entry, Exception):
            raise entry
        return Page(url=request.url, status=200, body=entry.encode(), fetched_at=datetime.now(UTC))


@dataclass
class House:
    """Hold the service, what is under it, and the providers by name."""

    store: MemoryStore
    direct: Scripted
    shop_api: Scripted
    imports: Imports

    async def events(self, *, steps: bool = False) -> list[Event]:
        """List the events, those about steps only where asked."""
        events = await self.store.catalogue.events(MERCHANT)
        return [event for event in events if steps or event.name != "import/step"]


def make_house(direct: list[str | Exception], shop_api: list[str | Exception] | None = None) -> House:
    """Make a house whose providers answer so."""
    store = MemoryStore()
    first, second = Scripted("shop_api", shop_api or [AssertionError("not in the plan")]), Scripted("direct", direct)
    providers = {
        provider.name: provider for provider in (first, second, Pasted(store.artifacts), Kept(store.artifacts))
    }
    workflow = ImportWorkflow(store, providers, RetryPreset(attempts=3, first_delay_seconds=0.01))
    return House(store, second, first, Imports(store, Inline(workflow)))
