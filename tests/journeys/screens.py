"""The eight screens in their four states: how each is reached, or why a screen cannot be in a state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from playwright.sync_api import Page, Route

from cartage.imports.progress import now
from cartage.model.batch import BatchState
from cartage.model.catalogue import Status, StepState
from cartage.model.errors import BotChallenge, RateLimited
from cartage.model.evidence import Evidence, Source
from cartage.model.language import Usage
from cartage.model.product import Availability, Image, Money, Option, Product, Variant
from cartage.model.spending import Caps, PaidAttempt, PriceList
from tests.contracts.records import a_batch, kept_rows, sent_row
from tests.language_models.scripted import ScriptedModel
from tests.web.conftest import SHOP, Web

SCREENS = ("import", "bulk", "status", "products", "product", "jobs", "settings", "costs")
STATES = ("loading", "empty", "error", "success")
DRAWN_WHOLE = "The server sends it whole, and nothing of it is looked up afterwards."
EURO = Money(amount=Decimal("79.90"), currency="EUR")
SHIRT = Product(
    name="Linen Camp Shirt",
    brand="Harbour",
    description="Cut to be worn open.",
    price=EURO,
    regular_price=Money(amount=Decimal(99), currency="EUR"),
    availability=Availability.IN_STOCK,
    sku="HH-1",
    images=(Image(url=f"{SHOP}/shirt.jpg", alt="The shirt"),),
    options=(Option(name="Size", values=("S", "M")),),
    variants=tuple(Variant(sku=f"HH-{size}", options={"Size": size}, price=EURO) for size in "SM"),
    attributes=(("Fabric", "Linen"),),
)
SEEN = {"/name": (Evidence(source=Source.JSON_LD, where="/name", raw="Linen Camp Shirt"),)}


@dataclass
class AgedModel(ScriptedModel):
    """Be a model whose prices were last renewed on some day."""

    newest: date = field(default_factory=date.today)

    @property
    def price_list(self) -> PriceList:
        """Name a list of that day."""
        return PriceList(name="a test", newest=self.newest)


@dataclass(frozen=True, slots=True)
class Things:
    """Hold the ids of what there is on the screens."""

    running: str
    queued: str
    failed: str
    bare: str
    shirt: str
    draft: str
    reading: str
    over: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Say how a screen comes into a state: its address, what is done there, by whom, and with which prices."""

    path: str
    act: Callable[[Page], None] | None = None
    newcomer: bool = False
    prices_of: date = field(default_factory=date.today)


async def things_of(web: Web) -> Things:
    """Import, import lists and spend as me; the other merchant has nothing."""
    shirt = await web.imported(SHIRT, SEEN)
    bare = await web.imported(Product())
    failed = await web.failed(BotChallenge("shop.example asks for proof that a person is looking."))
    queued = await web.importing("/queued")
    running = await web.importing("/running")
    await web.step(running, "try direct 1", StepState.FAILED, "shop.example cannot be reached.")
    await web.step(running, "wait for direct 2", StepState.WAITING)
    listed = await web.mine.post("/import/many", addresses=f"{SHOP}/list\n{SHOP}/list\nnot an address")
    started = await web.mine.post("/import/many", addresses=f"{SHOP}/a\n{SHOP}/b")
    reading = await web.mine.post(started.headers["location"].partition("?")[0], form="lines", action="start")
    over = await a_list_that_is_over(web)
    await spend(web)
    return Things(
        running=running.id,
        queued=queued.id,
        failed=failed,
        bare=bare,
        shirt=shirt,
        draft=listed.headers["location"],
        reading=reading.headers["location"],
        over=f"/batches/{over}",
    )


async def a_list_that_is_over(web: Web) -> str:
    """Keep a list of which some rows failed, for two reasons."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    causes = (None, BotChallenge("It asks for proof."), RateLimited("It asks to slow down."))
    rows = await kept_rows(web.store, batch, len(causes))
    for row, cause in zip(rows, causes, strict=True):
        _, product, _ = await sent_row(web.store, batch, row)
        if cause:
            await web.end(product, cause.failure())
        else:
            await web.succeed(product.model_copy(update={"facts": SHIRT, "status": Status.IMPORTED}))
    return batch.id


async def spend(web: Web) -> None:
    """Pay for a page and for a model's answer."""
    for provider, cost in (("zyte", 2000), ("language_model", 500)):
        paid = PaidAttempt(
            import_id="imp_1",
            provider=provider,
            number=1,
            merchant_id=web.mine.merchant_id,
            host="shop.example",
            at=now(),
            counted=1,
        )
        await web.store.spending.reserve(paid, Caps(), now())
        usage = Usage(model="openai:scripted", cost=None) if provider == "language_model" else None
        await web.store.spending.settle("imp_1", provider, 1, cost, usage)


def grid_of(things: Things) -> Mapping[str, Mapping[str, Cell | str]]:
    """Give how each screen comes into each state; a sentence says why one cannot."""
    shirt = f"/products/{things.shirt}"
    return {
        "import": {
            "loading": Cell("/import"),
            "empty": Cell("/import", newcomer=True),
            "error": Cell("/import", submit_nonsense, newcomer=True),
            "success": Cell(f"/import/status/{things.shirt}?known=1"),
        },
        "bulk": {
            "loading": Cell(things.reading),
            "empty": Cell("/import/many", newcomer=True),
            "error": Cell(things.draft),
            "success": Cell(things.over),
        },
        "status": {
            "loading": Cell(f"/import/status/{things.running}"),
            "empty": Cell(f"/import/status/{things.queued}"),
            "error": Cell(f"/import/status/{things.failed}"),
            "success": "It goes on to the product by itself.",
        },
        "products": {
            "loading": Cell("/products", look_up),
            "empty": Cell("/products", newcomer=True),
            "error": Cell("/products?filter=colour:red"),
            "success": Cell("/products?view=table"),
        },
        "product": {
            "loading": "Until a product is there its address shows the import's status.",
            "empty": Cell(f"/products/{things.bare}"),
            "error": Cell(f"{shirt}/edit", save_too_late),
            "success": Cell(shirt),
        },
        "jobs": {
            "loading": Cell("/imports?filter=status:running", look_up),
            "empty": Cell("/imports", newcomer=True),
            "error": Cell("/imports?filter=status:running", lose_the_server),
            "success": Cell("/imports"),
        },
        "settings": {
            "loading": DRAWN_WHOLE,
            "empty": Cell("/settings/access", newcomer=True),
            "error": Cell("/settings/pricing?multiplier-0=two"),
            "success": Cell("/settings/pricing?kept=1&multiplier-0=2"),
        },
        "costs": {
            "loading": DRAWN_WHOLE,
            "empty": Cell("/costs", newcomer=True),
            "error": Cell("/costs", prices_of=date(2026, 1, 1)),
            "success": Cell("/costs?days=7"),
        },
    }


def submit_nonsense(page: Page) -> None:
    """Import what is no address."""
    page.get_by_label("Product URL").fill("not an address")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def look_up(page: Page) -> None:
    """Be in the middle of looking a filter up."""
    page.evaluate("document.querySelectorAll('.filters, #found').forEach(each => each.classList.add('htmx-request'))")


def lose_the_server(page: Page) -> None:
    """Let the page find that the server does not answer."""

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/imports/now*", refuse)
    page.reload()
    page.locator("[data-stale]").wait_for()


def save_too_late(page: Page) -> None:
    """Save what somebody else has changed in the meantime."""
    page.evaluate("document.querySelector('[name=version]').value = 'older'")
    page.get_by_label("Brand").fill("Mine")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("It has changed since you opened this form").wait_for()
