"""What every store promises of paid attempts, caps and host records."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from cartage.model.language import Usage
from cartage.model.product import Money
from cartage.model.spending import Caps, HostRecord, PaidAttempt
from cartage.store import Store
from tests.contracts.records import NOON

DAY = NOON.replace(hour=0)
CENT = 10_000


def paid(import_id: str = "imp_1", provider: str = "zyte", number: int = 1, **changes: object) -> PaidAttempt:
    """Make a paid attempt that is about to be made."""
    attempt = PaidAttempt(
        import_id=import_id,
        provider=provider,
        number=number,
        merchant_id="mer_1",
        host="shop.example",
        at=NOON,
        counted=CENT,
    )
    return attempt.model_copy(update=changes)


async def test_a_cap_passes_one_call_at_most(store: Store) -> None:
    """Twenty calls at once under a cap of five cents: five are reserved, and the rest are told which cap it is."""
    attempts = [paid(f"imp_{number}") for number in range(20)]

    reached = await asyncio.gather(*(store.spending.reserve(each, Caps(per_day=5 * CENT), DAY) for each in attempts))

    assert [reached.count(None), reached.count("per_day")] == [5, 15]


async def test_each_cap_has_its_own_reach(store: Store) -> None:
    """What another import, batch, merchant or day spent does not count."""
    await store.spending.reserve(paid("imp_1", batch_id="bat_1"), Caps(), DAY)
    caps = Caps(per_import=CENT, per_batch=CENT, per_merchant_and_day=CENT)

    assert await store.spending.reserve(paid("imp_1", number=2), Caps(per_import=CENT), DAY) == "per_import"
    assert await store.spending.reserve(paid("imp_2", batch_id="bat_1"), Caps(per_batch=CENT), DAY) == "per_batch"
    assert await store.spending.reserve(paid("imp_3"), caps, DAY) == "per_merchant_and_day"
    assert await store.spending.reserve(paid("imp_4", merchant_id="mer_2"), caps, DAY) is None
    assert await store.spending.reserve(paid("imp_5"), caps, DAY + timedelta(days=1)) is None


async def test_a_reservation_stands_when_it_is_made_again(store: Store) -> None:
    """An attempt that is made again after a crash needs no second reservation, and counts once."""
    cap = Caps(per_day=CENT)

    assert await store.spending.reserve(paid(), cap, DAY) is None
    assert await store.spending.reserve(paid(), cap, DAY) is None
    (line,) = await store.spending.costs("mer_1", DAY, "provider")
    assert line.attempts == 1


async def test_what_it_cost_replaces_the_estimate(store: Store) -> None:
    """A known cost counts as it is; an unknown one keeps its estimate against caps and is shown as unknown."""
    await store.spending.reserve(paid("imp_1"), Caps(), DAY)
    await store.spending.reserve(paid("imp_2"), Caps(), DAY)
    await store.spending.settle("imp_1", "zyte", 1, 2_000)
    await store.spending.settle("imp_1", "zyte", 1, 9_999)
    await store.spending.settle("imp_2", "zyte", 1, None)

    (line,) = await store.spending.costs("mer_1", DAY, "provider")
    assert (line.attempts, line.unknown, line.known_cost) == (
        2,
        1,
        Money(amount=Decimal("0.002"), currency="USD"),
    )
    assert await store.spending.reserve(paid("imp_3"), Caps(per_day=2_000 + CENT), DAY) == "per_day"
    assert await store.spending.reserve(paid("imp_3"), Caps(per_day=2_001 + CENT), DAY) is None


async def test_what_language_models_used_up_is_summed_by_model(store: Store) -> None:
    """Tokens, time and money of a model add up, beside its price table; tries without a model do not count."""
    used = Usage(
        model="openai:gpt",
        tokens_in=900,
        tokens_out=100,
        tokens_cached=300,
        duration_ms=1500,
        price_table="genai-prices 1",
    )
    for number in (1, 2):
        await store.spending.reserve(paid("imp_1", "language_model", number), Caps(), DAY)
        await store.spending.settle("imp_1", "language_model", number, CENT, used)
    await store.spending.reserve(paid("imp_1", "language_model", 3), Caps(), DAY)
    await store.spending.settle("imp_1", "language_model", 3, None, Usage(model="openai:gpt"))
    await store.spending.reserve(paid("imp_1"), Caps(), DAY)

    (line,) = await store.spending.costs("mer_1", DAY, "model")
    assert (line.name, line.attempts, line.unknown, line.price_table) == ("openai:gpt", 3, 1, "genai-prices 1")
    assert (line.tokens_in, line.tokens_out, line.tokens_cached, line.duration_ms) == (1800, 200, 600, 3000)
    assert line.known_cost == Money(amount=Decimal("0.02"), currency="USD")


async def test_costs_are_a_merchants_own(store: Store) -> None:
    """Sums are by provider, host or batch, and never another merchant's."""
    await store.spending.reserve(paid("imp_1"), Caps(), DAY)
    await store.spending.reserve(paid("imp_2", merchant_id="mer_2", host="other.example"), Caps(), DAY)

    assert [line.name for line in await store.spending.costs("mer_1", DAY, "site")] == ["shop.example"]
    assert [line.name for line in await store.spending.costs("mer_1", DAY, "batch")] == [""]
    assert await store.spending.costs("mer_1", NOON + timedelta(days=1), "provider") == []


async def test_costs_of_one_batch_are_summed_alone(store: Store) -> None:
    """With a batch nothing else counts, whatever a line sums up."""
    await store.spending.reserve(paid("imp_1", batch_id="bat_1"), Caps(), DAY)
    await store.spending.reserve(paid("imp_2", batch_id="bat_2", number=1), Caps(), DAY)

    lines = await store.spending.costs("mer_1", DAY, "batch", batch_id="bat_1")

    assert [(line.name, line.attempts) for line in lines] == [("bat_1", 1)]
    assert [each.name for each in await store.spending.costs("mer_1", DAY, "import", batch_id="bat_2")] == ["imp_2"]


async def test_an_estimate_stays_beside_what_it_cost(store: Store) -> None:
    """By import: what was expected and what it cost; where one was not expected at a price, the sum is unknown."""
    await store.spending.reserve(paid("imp_1", estimated=CENT), Caps(), DAY)
    await store.spending.reserve(paid("imp_2", estimated=CENT), Caps(), DAY)
    await store.spending.reserve(paid("imp_2", number=2), Caps(), DAY)
    await store.spending.settle("imp_1", "zyte", 1, 2_000)

    first, second = await store.spending.costs("mer_1", DAY, "import")
    assert (first.name, f"{first.estimated}", f"{first.known_cost}") == ("imp_1", "0.01 USD", "0.002 USD")
    assert (second.name, second.estimated) == ("imp_2", None)


async def test_tries_of_a_host_add_up(store: Store) -> None:
    """Each provider's tries, successes, time and cost add up per host."""
    for succeeded in (1, 0):
        record = HostRecord(
            host="shop.example", provider="zyte", tries=1, successes=succeeded, total_ms=500, total_cost=CENT
        )
        await store.spending.note_host(record)

    (known,) = await store.spending.host_records("shop.example")
    assert (known.tries, known.successes, known.total_ms, known.total_cost) == (2, 1, 1000, 2 * CENT)
    assert await store.spending.host_records("other.example") == []
