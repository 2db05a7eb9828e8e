"""Gathered lookups: few queries for many askers, and never an answer from before the question."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from cartage.stores.sql.gathered import Gathered


class Shelf:
    """Be a table whose queries take until its gate is open, and counts them."""

    def __init__(self) -> None:
        self.values = {"a": 1, "b": 2}
        self.queries: list[list[str]] = []
        self.broken = False
        self.free = asyncio.Event()
        self.free.set()
        self.asked = asyncio.Event()
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()

    async def turn(self) -> None:
        """Wait until the table may be asked."""
        self.asked.set()
        await self.free.wait()

    async def load(self, keys: Sequence[str]) -> Mapping[str, int]:
        """Give the values as they are when the query begins."""
        self.queries.append(sorted(keys))
        self.begun.set()
        found = {key: self.values[key] for key in keys if key in self.values}
        await self.gate.wait()
        if self.broken:
            raise ConnectionError
        return found


async def test_many_askers_share_a_query() -> None:
    """Those who come while a query runs are answered together by the next one."""
    shelf = Shelf()
    gathered = Gathered(shelf.load, shelf.turn)
    first = asyncio.create_task(gathered.get("a"))
    await shelf.begun.wait()

    others = asyncio.gather(*(gathered.get(key) for key in ("a", "b", "b", "c") * 50))
    shelf.gate.set()

    assert (await first, (await others)[:4]) == (1, [1, 2, 2, None])
    assert shelf.queries == [["a"], ["a", "b", "c"]]


async def test_who_comes_before_the_table_may_be_asked_shares_its_query() -> None:
    """Those who come while nobody may ask are answered by the first query after that."""
    shelf = Shelf()
    gathered = Gathered(shelf.load, shelf.turn)
    shelf.free.clear()
    shelf.gate.set()
    first = asyncio.create_task(gathered.get("a"))
    await shelf.asked.wait()
    second = asyncio.create_task(gathered.get("b"))
    shelf.values["a"] = 7
    shelf.free.set()

    assert (await first, await second) == (7, 2)
    assert shelf.queries == [["a", "b"]]


async def test_what_was_written_before_the_question_is_seen() -> None:
    """A query that runs already does not answer who asks after a change."""
    shelf = Shelf()
    gathered = Gathered(shelf.load, shelf.turn)
    early = asyncio.create_task(gathered.get("a"))
    await shelf.begun.wait()
    shelf.values["a"] = 7
    shelf.gate.set()

    assert (await gathered.get("a"), await early) == (7, 1)


async def test_a_query_that_fails_fails_for_its_askers_only() -> None:
    """The error reaches everybody who waited, and the next question is asked anew."""
    shelf = Shelf()
    gathered, shelf.broken = Gathered(shelf.load, shelf.turn), True
    shelf.gate.set()
    outcomes = await asyncio.gather(gathered.get("a"), gathered.get("b"), return_exceptions=True)
    shelf.broken = False

    assert [type(each) for each in outcomes] == [ConnectionError, ConnectionError]
    assert await gathered.get("b") == 2


async def test_who_leaves_does_not_take_the_others_along() -> None:
    """A request that is cancelled leaves the query to those who still wait."""
    shelf = Shelf()
    gathered = Gathered(shelf.load, shelf.turn)
    leaving, staying = (asyncio.create_task(gathered.get("a")) for _ in range(2))
    await shelf.begun.wait()
    leaving.cancel()
    shelf.gate.set()

    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving
