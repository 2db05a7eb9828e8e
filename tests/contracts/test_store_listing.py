"""What every store promises about lists: each word of a filter, orders, pages and counts, whichever store it is."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cartage.listing import Sort
from cartage.model.batch import RowState
from cartage.model.catalogue import CatalogueProduct, ImportState, Status, StepState
from cartage.model.edit import Edit
from cartage.model.errors import Cancelled, PageNotFound
from cartage.model.filtering import Filter, Word, parse_filter
from cartage.model.ids import new_id
from cartage.model.locks import with_edit
from cartage.model.picture import Picture
from cartage.model.product import Availability, Image, Money, Product
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_batch,
    a_product,
    a_step,
    an_attempt,
    an_event,
    an_import,
    ended_product,
    kept_product,
    kept_rows,
)

GONE = PageNotFound("It is gone.").failure()
MUG = Product(
    name="Camp Mug",
    brand="Lumen & Daughters",
    sku="LD-1",
    price=Money(amount=Decimal("12.90"), currency="EUR"),
    images=(Image(url="https://shop.example/mug.jpg"),),
)
UNREACHED = (Picture(url="https://shop.example/mug.jpg", problem=GONE, fetched_at=NOON),)
NAMES = ("mug", "gone", "queued", "running", "stopped", "rug")


def wanting(text: str) -> Filter:
    """Read a filter an hour past noon."""
    return parse_filter(text, NOON + timedelta(hours=1))


def searching(text: str) -> Filter:
    """Look for a text as it stands."""
    return Filter().having(Word.TEXT, text)


async def seen_again(store: Store, product: CatalogueProduct, facts: Product) -> None:
    """Import a product again an hour later, and see these facts."""
    again = an_import(product, id=new_id("imp"), number=2, created_at=NOON + timedelta(hours=1))
    begun = await store.catalogue.begin_import(again, an_event(again))
    later = {"status": Status.IMPORTED, "facts": facts, "updated_at": NOON + timedelta(hours=1)}
    ended = again.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": NOON + timedelta(hours=1)})
    assert await store.catalogue.end_import(begun.model_copy(update=later), ended, an_event(again))


@pytest.fixture
async def catalogue(store: Store, mine: str, theirs: str) -> dict[str, str]:
    """Keep six products of mine that differ, and one of another's; give names by id."""
    mug = await at_site(store, mine, "shop.example", Status.IMPORTED, facts=MUG, pictures=UNREACHED)
    gone = await at_site(store, mine, "www.shop.example", Status.FAILED, failure=GONE)
    queued, _ = await kept_product(store, mine, source_url="https://eu.shop.example/q")
    running, run = await kept_product(store, mine, source_url="https://other.test/r")
    await store.catalogue.mark_running(run.id)
    stopped = await at_site(store, mine, "other.test", Status.FAILED, failure=Cancelled("Stopped.").failure())
    rug = await at_site(store, mine, "notshop.example", Status.ENHANCED, facts=Product(name="Wool Rug"))
    await ended_product(store, theirs, facts=MUG)
    return dict(zip((each.id for each in (mug, gone, queued, running, stopped, rug)), NAMES, strict=True))


async def at_site(store: Store, merchant_id: str, site: str, status: Status, **changes: object) -> CatalogueProduct:
    """Keep a settled product from a site."""
    product, import_ = await kept_product(store, merchant_id, source_url=f"https://{site}/{new_id('prd')}")
    settled = product.model_copy(update={"status": status, **changes})
    over = ImportState.FAILED if status is Status.FAILED else ImportState.SUCCEEDED
    ended = import_.model_copy(update={"state": over, "failure": settled.failure, "finished_at": NOON})
    assert await store.catalogue.end_import(settled, ended, an_event(import_, "product/scrape.completed"))
    return settled


CASES = [
    ("", "mug gone queued running stopped rug", "mug gone queued running stopped rug"),
    ("status:imported", "mug", "mug rug"),
    ("status:enhanced", "rug", "rug"),
    ("status:succeeded", "mug rug", "mug rug"),
    ("status:importing", "queued running", "queued running"),
    ("status:queued", "queued", "queued"),
    ("status:running", "running", "running"),
    ("status:failed", "gone stopped", "gone stopped"),
    ("status:failed,queued", "gone queued stopped", "gone queued stopped"),
    ("-status:failed", "mug queued running rug", "mug queued running rug"),
    ("site:shop.example", "mug gone queued", "mug gone queued"),
    ("site:eu.shop.example", "queued", "queued"),
    ("-site:shop.example", "running stopped rug", "running stopped rug"),
    ('brand:"LUMEN & daughters"', "mug", "mug"),
    ("-brand:oak", "mug gone queued running stopped rug", "mug gone queued running stopped rug"),
    ("error:not_found", "gone", "gone"),
    ("-error:not_found", "mug queued running stopped rug", "mug queued running stopped rug"),
    ("error:not_found,cancelled", "gone stopped", "gone stopped"),
    ("missing:price", "rug", "rug"),
    ("missing:gtin", "mug rug", "mug rug"),
    ("review:needed", "rug", "rug"),
    ("review:ready", "mug", "mug"),
    ("pictures:failed", "mug", "mug"),
    ("pictures:none,failed", "mug rug", "mug rug"),
    ("-pictures:none site:notshop.example", "", ""),
    ("camp mug", "mug", "mug"),
    ("-camp", "gone queued running stopped rug", "gone queued running stopped rug"),
    ("https://other.test/r", "running", "running"),
    ("100%", "", ""),
    ("since:2h", "mug gone queued running stopped rug", "mug gone queued running stopped rug"),
    ("since:2h -since:1h", "", ""),
    ("until:2h", "", ""),
    ("since:2h until:2026-11-30", "mug gone queued running stopped rug", "mug gone queued running stopped rug"),
    ("changed:price", "", ""),
    ("batch:bat_unknown", "", ""),
    ("status:failed site:other.test -error:not_found", "stopped", "stopped"),
]


async def test_each_word_finds_what_it_says(store: Store, mine: str, catalogue: dict[str, str]) -> None:
    """Of products and of their imports; the count is what the list holds, and nothing is another's."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    counted: dict[str, tuple[int, int]] = {}
    for text, _, _ in CASES:
        products = await store.listing.product_ids(mine, wanting(text))
        imports = await store.listing.imports(mine, wanting(text))
        found[text] = {catalogue[each] for each in products}, {catalogue[each.product_id] for each in imports}
        counts = store.listing.count_products(mine, wanting(text)), store.listing.count_imports(mine, wanting(text))
        counted[text] = await counts[0], await counts[1]

    assert found == {text: (set(products.split()), set(imports.split())) for text, products, imports in CASES}
    assert counted == {text: (len(products), len(imports)) for text, (products, imports) in found.items()}


async def test_since_looks_at_when_a_thing_came_in(store: Store, mine: str) -> None:
    """A product that is older than the age is not listed, its new import is."""
    product = await ended_product(store, mine, facts=MUG)
    await seen_again(store, product, MUG)
    recent = parse_filter("since:1h", NOON + timedelta(minutes=90))

    assert await store.listing.products(mine, recent) == []
    (import_,) = await store.listing.imports(mine, recent)
    assert import_.number == 2


async def test_changes_are_found_by_kind_and_age(store: Store, mine: str) -> None:
    """A price that moved is found, a stock that did not is not, and what changed long ago is not recent."""
    product = await ended_product(store, mine, facts=MUG)
    await seen_again(store, product, MUG.model_copy(update={"price": Money(amount=Decimal(11), currency="EUR")}))
    await ended_product(store, mine, facts=Product(name="Steady", availability=Availability.IN_STOCK))

    async def found(text: str, hours: int) -> list[str]:
        return [
            each.id for each in await store.listing.products(mine, parse_filter(text, NOON + timedelta(hours=hours)))
        ]

    assert await found("changed:price", 2) == [product.id]
    assert await found("changed:stock", 2) == []
    assert await found("changed:24h", 2) == [product.id]
    assert await found("changed:24h", 48) == []


async def test_a_batch_finds_products_of_its_rows_and_its_own_imports(store: Store, mine: str) -> None:
    """A row whose product was known belongs to the batch as a product, not as an import."""
    batch = a_batch(mine)
    first, second, _ = await kept_rows(store, batch, 3)
    known = await ended_product(store, mine)
    new = a_product(mine)
    import_ = an_import(new, batch_id=batch.id)
    await store.catalogue.add_product(new, import_, an_event(import_))
    for row, product in ((first, known), (second, new)):
        sent = {"state": RowState.SENT, "product_id": product.id, "import_id": product.import_id}
        await store.batches.settle_row(row.model_copy(update=sent))

    products = await store.listing.products(mine, wanting(f"batch:{batch.id}"))
    imports = await store.listing.imports(mine, wanting(f"batch:{batch.id}"))

    assert {each.id for each in products} == {known.id, new.id}
    assert [each.id for each in imports] == [import_.id]
    assert len(await store.listing.products(mine, wanting(f"-batch:{batch.id}"))) == 0


SEARCHES = ("linen", "HARBOUR", "hh-1", "shop.EXAMPLE/p", "Größe")
WILDCARDS = ("%", "_", "lin_n", "Linen Shirt\n")
PRICED = [("b", "9.00"), ("a", "30.00"), ("c", None), ("A2", "9.00")]
ORDERS = [
    (Sort.NEWEST, ["A2", "c", "a", "b"]),
    (Sort.OLDEST, ["b", "a", "c", "A2"]),
    (Sort.NAME, ["a", "A2", "b", "c"]),
    (Sort.CHEAPEST, ["A2", "b", "a", "c"]),
    (Sort.DEAREST, ["a", "A2", "b", "c"]),
    (Sort.UPDATED, ["A2", "c", "a", "b"]),
]


async def test_pages_of_every_order_hold_everything_once(store: Store, mine: str) -> None:
    """Pages of one follow each other, equal ones newest first, and products without a price come last."""
    for minute, (name, amount) in enumerate(PRICED):
        price = Money(amount=Decimal(amount), currency="EUR") if amount else None
        at = NOON + timedelta(minutes=minute)
        await ended_product(store, mine, facts=Product(name=name, price=price), updated_at=at)

    listed: list[tuple[Sort, list[str]]] = []
    for sort in Sort:
        names: list[str] = []
        before = ""
        while page := await store.listing.products(mine, sort=sort, before=before, limit=1):
            names += [each.facts.name or "" for each in page if each.facts]
            before = page[-1].id
        listed.append((sort, names))

    assert listed == ORDERS


async def test_ids_are_read_on_from_one(store: Store, mine: str) -> None:
    """All ids are reached a few at a time, oldest first."""
    kept = [(await kept_product(store, mine))[0].id for _ in range(5)]

    first = await store.listing.product_ids(mine, limit=3)
    rest = await store.listing.product_ids(mine, after=first[-1], limit=3)

    assert [*first, *rest] == kept


async def test_imports_are_read_above_one_or_among_some(store: Store, mine: str, theirs: str) -> None:
    """Newest first, within the filter, and never another's."""
    kept = [(await kept_product(store, mine))[1].id for _ in range(4)]
    other = (await kept_product(store, theirs))[1].id

    async def listed(wanted: str = "", **asked: Any) -> list[str]:
        found = await store.listing.imports(mine, parse_filter(wanted, NOON), **asked)
        return [each.id for each in found]

    assert await listed(after=kept[1]) == [kept[3], kept[2]]
    assert await listed(after=kept[0], before=kept[2]) == [kept[1]]
    assert await listed(among=(kept[2], kept[0], other)) == [kept[2], kept[0]]
    assert await listed("status:failed", after=kept[0]) == []


async def test_a_filter_sees_edits_and_new_imports_at_once(store: Store, mine: str) -> None:
    """What a person set, and an import that begins, count from that moment on."""
    product = await ended_product(store, mine, Status.FAILED, failure=GONE, facts=MUG)
    await store.catalogue.change_product(mine, product.id, lambda kept: with_edit(kept, Edit(brand="Oak"), NOON))
    again = an_import(product, id=new_id("imp"), number=2)
    await store.catalogue.begin_import(again, an_event(again))

    assert [each.id for each in await store.listing.products(mine, wanting("brand:oak"))] == [product.id]
    assert await store.listing.products(mine, wanting("error:not_found")) == []


async def test_choices_are_ones_own_and_the_most_frequent_first(store: Store, mine: str, theirs: str) -> None:
    """Sites, brands and errors by how many products have them, batches newest first."""
    for brand, name in (("Oak", "a"), ("Lumen", "b"), ("Lumen", "c")):
        await ended_product(store, mine, facts=Product(name=name, brand=brand))
    await at_site(store, mine, "other.test", Status.FAILED, failure=GONE)
    await ended_product(store, theirs, facts=Product(name="x", brand="Secret"))
    batches = [a_batch(mine), a_batch(mine), a_batch(theirs)]
    for batch in batches:
        await store.batches.add_batch(batch)

    choices = await store.listing.choices(mine)

    assert choices == {
        Word.SITE: ["shop.example", "other.test"],
        Word.BRAND: ["Lumen", "Oak"],
        Word.ERROR: ["not_found"],
        Word.BATCH: [batches[1].id, batches[0].id],
    }


async def test_search_looks_at_name_brand_sku_and_address(store: Store, mine: str) -> None:
    """Whatever the case, and only the product that matches; a percent sign or an underscore is only itself."""
    facts = Product(name="Linen Shirt, GRÖßE M", brand="Harbour & Hem", sku="HH-1")
    wanted = await ended_product(store, mine, facts=facts)
    await ended_product(store, mine, facts=Product(name="Mug"), source_url="https://other.test/mug")

    found = {text: await store.listing.product_ids(mine, searching(text)) for text in (*SEARCHES, *WILDCARDS)}

    assert found == {text: [wanted.id] if text in SEARCHES else [] for text in found}


async def test_progress_tells_how_far_each_import_came(store: Store, mine: str, theirs: str) -> None:
    """Steps and attempts of one's own imports, in order; what was skipped is not reached; nothing is another's."""
    _, begun = await kept_product(store, mine)
    _, waiting = await kept_product(store, mine)
    _, other = await kept_product(store, theirs)
    skipped = a_step(begun.id, "try browser 1", StepState.SKIPPED, minute=1)
    for step in (a_step(begun.id, "try direct 1", StepState.FAILED), skipped, a_step(other.id, "save")):
        await store.catalogue.record_steps([(step, an_event(begun))])
    await store.catalogue.record_attempt(begun.id, an_attempt("direct", 2, minute=1))
    await store.catalogue.record_attempt(begun.id, an_attempt("direct"))

    told = await store.listing.progress(mine, [begun.id, waiting.id, other.id])

    assert set(told) == {begun.id}
    assert [step.name for step in told[begun.id].steps] == ["try direct 1", "try browser 1"]
    assert {each.number for each in told[begun.id].attempts} == {1, 2}
    assert told[begun.id].reached == told[begun.id].steps[0]
