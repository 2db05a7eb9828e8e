"""Lookups gathered: one query answers all that came while the one before it ran."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import BindParameter, Select, bindparam
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.stores.sql.database import glance, turn_to_read
from cartage.stores.sql.rows import value_of

V = TypeVar("V")
Kept = TypeVar("Kept", bound=BaseModel)

MOST_AT_ONCE = 500
KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)


class Gathered(Generic[V]):
    """Look values up by key, however many ask at once, with one query at a time.

    A lookup is always answered by a query that began after it: nothing is remembered, so what was written before
    is seen. Those that come while `turn` is awaited are in time for the query after it.
    """

    def __init__(
        self, load: Callable[[Sequence[str]], Awaitable[Mapping[str, V]]], turn: Callable[[], Awaitable[None]]
    ) -> None:
        self._load = load
        self._turn = turn
        self._waiting: dict[str, asyncio.Future[V | None]] = {}
        self._loading: asyncio.Task[None] | None = None

    async def get(self, key: str) -> V | None:
        """Give the value of a key; None where there is none."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._answer())
        return await asyncio.shield(answer)

    async def _answer(self) -> None:
        while self._waiting:
            await self._turn()
            asked = {key: self._waiting.pop(key) for key in list(self._waiting)[:MOST_AT_ONCE]}
            try:
                found = await self._load(list(asked))
            except BaseException as error:  # noqa: BLE001 - every asker learns of it
                for answer in asked.values():
                    answer.set_exception(error)
                    answer.exception()  # where the asker has gone, nobody else takes it
            else:
                for key, answer in asked.items():
                    answer.set_result(found.get(key))


def gathered_by(engine: AsyncEngine, key: str, kind: type[Kept], query: Select[*tuple[Any, ...]]) -> Gathered[Kept]:
    """Gather lookups of values of a kind by one of their fields, by a query for those among `KEYS`."""

    async def load(keys: Sequence[str]) -> Mapping[str, Kept]:
        found = (value_of(kind, row) for row in await glance(engine, query, keys=keys))
        return {getattr(each, key): each for each in found}

    return Gathered(load, partial(turn_to_read, engine))
