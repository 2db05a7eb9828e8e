"""Imports that cost money: written before and after, stopped at a cap, and let go on by a person."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from cartage.engines.inline import Inline
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.imports.spending import Costs
from cartage.imports.workflow import ImportWorkflow
from cartage.model.batch import Batch
from cartage.model.catalogue import Status
from cartage.model.errors import AccessDenied, Conflict
from cartage.model.ids import new_id
from cartage.model.product import Money
from cartage.model.service_errors import ServiceKeyRefused
from cartage.model.spending import Caps
from cartage.model.wishes import Wishes
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle

FREE = Money(amount=Decimal(0), currency="USD")
CENT = Money(amount=Decimal("0.01"), currency="USD")


@dataclass
class Paying:
    """Hold a house where plain reading is refused and Zyte costs a cent, or what nobody knows."""

    store: MemoryStore
    direct: Scripted
    zyte: Scripted
    imports: Imports


def make_paying(caps: Caps, price: Money | None = CENT, script: list[str | Exception] | None = None) -> Paying:
    """Make the house."""
    store = MemoryStore()
    direct = Scripted("direct", [AccessDenied("no")], FREE)
    zyte = Scripted("zyte", script or [kettle()], price)
    workflow = ImportWorkflow(
        store, {"direct": direct, "zyte": zyte}, RetryPreset(attempts=2, first_delay_seconds=0.01), caps
    )
    return Paying(store, direct, zyte, Imports(store, Inline(workflow)))


async def test_a_paid_try_is_on_the_bill() -> None:
    """A try that cost a cent is in the costs and in the attempt."""
    house = make_paying(Caps())

    submission = await house.imports.submit(MERCHANT, URL)

    (line,) = await Costs(house.store).of(MERCHANT)
    attempts = await house.store.catalogue.attempts(submission.import_.id)
    assert (line.name, line.attempts, line.known_cost, line.unknown) == ("zyte", 1, CENT, 0)
    assert [attempt.cost for attempt in attempts] == [FREE, CENT]


async def test_a_refused_key_costs_nothing() -> None:
    """What a service refuses to do is not counted against the budget."""
    house = make_paying(Caps(), script=[ServiceKeyRefused("no")])

    await house.imports.submit(MERCHANT, URL)

    (line,) = await Costs(house.store).of(MERCHANT)
    assert line.known_cost == FREE


async def test_a_thousand_imports_stop_at_the_budget() -> None:
    """A flood stops at its merchant's budget, one call beyond at most, and says so."""
    house = make_paying(Caps(per_merchant_and_day=50_500))

    for number in range(1000):
        await house.imports.submit(MERCHANT, f"{URL}/{number}")

    products = await house.imports.products(MERCHANT, limit=2000)
    paused = [product for product in products if product.failure and product.failure.code == "budget_reached"]
    assert (len(house.zyte.requests), len(paused)) == (6, 994)


async def test_a_cost_nobody_knows_counts_too() -> None:
    """An unknown cost weighs what the operator assumes, and is shown as unknown."""
    house = make_paying(Caps(per_day=10_000), price=None)

    await house.imports.submit(MERCHANT, URL)
    await house.imports.submit(MERCHANT, f"{URL}/2")

    (line,) = await Costs(house.store).of(MERCHANT)
    assert (len(house.zyte.requests), line.unknown, line.known_cost) == (1, 1, FREE)


async def test_a_person_lets_it_go_on_where_it_stopped() -> None:
    """Going on asks only what was not asked yet, and ends in the product."""
    house = make_paying(Caps(per_day=0))
    submission = await house.imports.submit(MERCHANT, URL)
    asked = len(house.direct.requests)

    resumed = await house.imports.go_on(MERCHANT, submission.product.id)

    product = await house.imports.product(MERCHANT, submission.product.id)
    assert product.status is Status.IMPORTED
    assert (len(house.direct.requests), len(house.zyte.requests)) == (asked, 1)
    assert resumed.import_.resumes == submission.import_.id


async def test_even_then_one_import_has_its_cap() -> None:
    """What a person let go on may still spend no more than one import may."""
    house = make_paying(Caps(per_import=0, per_day=0))
    submission = await house.imports.submit(MERCHANT, URL)

    await house.imports.go_on(MERCHANT, submission.product.id)

    product = await house.imports.product(MERCHANT, submission.product.id)
    assert product.failure
    assert (product.failure.code, house.zyte.requests) == ("budget_reached", [])


@pytest.mark.parametrize(("own", "installation", "calls"), [("0", None, 0), ("0.02", None, 1), ("0.02", 0, 0)])
async def test_an_import_stops_at_its_own_bound(own: str, installation: int | None, calls: int) -> None:
    """One that may spend nothing asks nothing paid; a bound of its own never lifts the installation's."""
    house = make_paying(Caps(per_import=installation))
    wishes = Wishes(max_cost_usd=Decimal(own))

    submission = await house.imports.submit(MERCHANT, URL, wishes=wishes)

    product = await house.imports.product(MERCHANT, submission.product.id)
    stopped = product.failure.code if product.failure else ""
    assert (len(house.zyte.requests), stopped) == (calls, "" if calls else "budget_reached")


@pytest.mark.parametrize(
    ("named", "installation", "asked"),
    [(None, None, True), (None, 10_000, True), ("0.02", None, True), ("0", None, False), (None, 0, False)],
)
async def test_going_on_lifts_the_import_s_own_bound(named: str | None, installation: int | None, asked: bool) -> None:  # noqa: FBT001 - a case
    """It is spent then, within a bound that is named and within what the installation allows one import."""
    house = make_paying(Caps(per_import=installation))
    submission = await house.imports.submit(MERCHANT, URL, wishes=Wishes(max_cost_usd=Decimal(0), tags=("spring",)))
    before = await house.imports.product(MERCHANT, submission.product.id)

    resumed = await house.imports.go_on(MERCHANT, submission.product.id, None if named is None else Decimal(named))

    assert before.failure
    assert (before.failure.detail == "The import's own bound is used up (0 USD).") is (installation != 0)
    assert resumed.import_.wishes == Wishes(max_cost_usd=None if named is None else Decimal(named), tags=("spring",))
    assert bool(house.zyte.requests) is asked


async def test_only_what_waits_for_its_budget_goes_on() -> None:
    """An import that failed for another reason is retried, not let go on."""
    house = make_paying(Caps(), script=[AccessDenied("no")])
    submission = await house.imports.submit(MERCHANT, URL)

    with pytest.raises(Conflict):
        await house.imports.go_on(MERCHANT, submission.product.id)


async def test_the_next_import_knows_what_worked() -> None:
    """After three vain plain tries the service that works is asked first."""
    house = make_paying(Caps())
    for number in range(3):
        await house.imports.submit(MERCHANT, f"{URL}/{number}")
    asked = len(house.direct.requests)

    await house.imports.submit(MERCHANT, f"{URL}/last")

    assert (len(house.direct.requests), len(house.zyte.requests)) == (asked, 4)


@pytest.mark.parametrize(
    ("own", "installation", "calls"), [(15_000, None, 2), (15_000, 1_000_000, 2), (None, 25_000, 3)]
)
async def test_a_list_stops_at_its_own_bound(own: int | None, installation: int | None, calls: int) -> None:
    """A list spends what it was handed in with at most, and what the installation allows; the rest asks."""
    house = make_paying(Caps(per_batch=installation))
    batch = Batch(id=new_id("bat"), merchant_id=MERCHANT, columns=("url",), max_cost=own, created_at=now())
    await house.store.batches.add_batch(batch)

    ended = [await house.imports.submit(MERCHANT, f"{URL}/{each}", batch_id=batch.id) for each in range(5)]

    products = [await house.imports.product(MERCHANT, each.product.id) for each in ended]
    stopped = [each.failure.code for each in products if each.failure]
    assert (len(house.zyte.requests), stopped) == (calls, ["budget_reached"] * (5 - calls))
