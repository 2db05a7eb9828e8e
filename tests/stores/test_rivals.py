"""Two processes on one database: each state change is won once, whatever the isolation level allows."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import Conflict
from cartage.model.ids import new_id
from cartage.store import Store
from cartage.stores.sql import SqlStore, upgrade
from tests.contracts.records import (
    NOON,
    a_founder,
    a_step,
    an_event,
    an_import,
    an_invitation,
    ended_product,
    kept_merchant,
    kept_product,
)

ROUNDS = 20


@pytest.fixture(params=["sqlite", "postgres"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[tuple[Store, Store]]:
    """Give two stores on one database, each with connections of its own, as two processes have."""
    if request.param == "postgres":
        url = request.getfixturevalue("migrated_postgres_url")
    else:
        url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
        await upgrade(url)
    stores = SqlStore(url), SqlStore(url)
    for store in stores:
        await store.open()
    yield stores
    for store in stores:
        await store.close()


async def test_of_two_runners_of_an_import_one_ends_it(pair: tuple[Store, Store]) -> None:
    """One says imported, the other failed, at once: product, import and the one event tell one story."""
    merchant = (await kept_merchant(pair[0])).id
    for _ in range(ROUNDS):
        product, import_ = await kept_product(pair[0], merchant)
        ends = [
            store.catalogue.end_import(
                product.model_copy(update={"status": status}),
                import_.model_copy(update={"state": state, "finished_at": NOON}),
                an_event(import_, f"product/scrape.{state.value}"),
            )
            for store, status, state in (
                (pair[0], Status.IMPORTED, ImportState.SUCCEEDED),
                (pair[1], Status.FAILED, ImportState.FAILED),
            )
        ]

        won = await asyncio.gather(*ends)

        assert sorted(won) == [False, True]
        kept = await pair[0].catalogue.product(merchant, product.id)
        ended = await pair[0].catalogue.import_(merchant, import_.id)
        names = [event.name for event in await pair[0].catalogue.events(merchant, product_id=product.id)]
        story = (kept.status is Status.IMPORTED, ended.state is ImportState.SUCCEEDED, names[1].endswith("succeeded"))
        assert story in {(True, True, True), (False, False, False)}
        assert len(names) == 2


async def test_of_two_retries_of_a_product_one_begins(pair: tuple[Store, Store]) -> None:
    """Two people press Retry in two processes: one import, one conflict."""
    merchant = (await kept_merchant(pair[0])).id
    for _ in range(ROUNDS):
        product = await ended_product(pair[0], merchant)
        rivals = [an_import(product, id=new_id("imp"), number=2) for _ in pair]

        outcomes = await asyncio.gather(
            *(store.catalogue.begin_import(each, an_event(each)) for store, each in zip(pair, rivals, strict=True)),
            return_exceptions=True,
        )

        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
        assert len(await pair[0].catalogue.imports(merchant, product_id=product.id)) == 2


async def test_an_end_and_a_retry_at_once_do_not_mix(pair: tuple[Store, Store]) -> None:
    """A late end of the first import never settles the product of the second."""
    merchant = (await kept_merchant(pair[0])).id
    for _ in range(ROUNDS):
        product, first = await kept_product(pair[0], merchant)
        over = product.model_copy(update={"status": Status.FAILED})
        ended = first.model_copy(update={"state": ImportState.FAILED, "finished_at": NOON})
        second = an_import(product, id=new_id("imp"), number=2)

        await asyncio.gather(
            pair[0].catalogue.end_import(over, ended, an_event(first)),
            pair[1].catalogue.begin_import(second, an_event(second)),
            return_exceptions=True,
        )
        late = await pair[1].catalogue.end_import(over, ended, an_event(first))

        kept = await pair[0].catalogue.product(merchant, product.id)
        assert not late
        assert (kept.import_id, kept.status) in {(first.id, Status.FAILED), (second.id, Status.IMPORTING)}


async def test_an_invitation_is_used_once(pair: tuple[Store, Store]) -> None:
    """One link opened in two processes in the same moment lets one person in."""
    for turn in range(ROUNDS):
        invitation = an_invitation()
        await pair[0].accounts.add_invitation(invitation)

        people = [a_founder(f"{name}{turn}@shop.example") for name in ("ada", "bob")]

        joined = await asyncio.gather(
            *(
                store.accounts.join(invitation.secret_hash, user, founded)
                for store, (founded, user) in zip(pair, people, strict=True)
            )
        )

        assert joined.count(True) == 1


async def test_a_reader_misses_no_event(pair: tuple[Store, Store]) -> None:
    """A reader that goes on after the last number it saw sees every event, however many write at once."""
    merchant = (await kept_merchant(pair[0])).id
    imports = [(await kept_product(pair[0], merchant))[1] for _ in range(8)]
    writing = [
        pair[turn % 2].catalogue.record_steps([(a_step(each.id, f"{turn}"), an_event(each, "import/step"))])
        for turn in range(25)
        for each in imports
    ]
    done = asyncio.Event()
    seen: list[int] = []

    async def read() -> None:
        last_look = False
        while not last_look:
            last_look = done.is_set()
            found = await pair[1].catalogue.events(merchant, after=seen[-1] if seen else 0, limit=1000)
            seen.extend(event.sequence for event in found)

    reading = asyncio.create_task(read())
    await asyncio.gather(*writing)
    done.set()
    await reading

    assert len(seen) == len(imports) + len(writing)
