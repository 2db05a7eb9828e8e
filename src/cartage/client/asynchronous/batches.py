"""Batches: a whole list in, watched, and its rows back."""

import json
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, once, path
from cartage.model.batch import OnDuplicate, RowStatus
from cartage.model.wishes import AS_USUAL, Render, Wishes
from cartage.wire.batches import BatchCheck, BatchLine, BatchOut, BatchPage, RowOut, RowPage
from cartage.wire.events import EventOut

OVER = frozenset({"done", "cancelled"})


@dataclass(frozen=True, slots=True)
class Batches:
    """Import whole lists."""

    connection: Connection

    async def create(
        self, items: Iterable[str | Mapping[str, Any]], *, max_cost: Decimal | None = None, key: str = ""
    ) -> BatchOut:
        """Import addresses, or rows with a `url`, what they say of their product, and what else is to come back.

        A row's `external_id`, `tags` and `overrides` (fields to set by hand) go to its product; `action` is `import`,
        `refresh` or `skip`. `max_cost` is how many US dollars they may spend before the rest stops and asks.
        """
        content = json.dumps({"items": list(items)}).encode()
        return await self.submit(content, "application/json", max_cost=max_cost, key=key)

    async def submit(
        self,
        content: bytes,
        media_type: str,
        *,
        column: str | Sequence[str] = "",
        max_cost: Decimal | None = None,
        on_duplicate: OnDuplicate | str = OnDuplicate.SKIP,
        enhance: bool | None = None,
        wishes: Wishes = AS_USUAL,
        at_once: int | None = None,
        key: str = "",
    ) -> BatchOut:
        """Import a file: `text/csv` with a head, `text/plain` with one address a line, `application/json` or `…/jsonl`.

        `column` names the column with the addresses, where it is not called url, and others that say something of the
        products under another name, or that are to say nothing: `["Link", "sku=Supplier SKU", "price="]`. `max_cost` is
        how many US dollars it may spend at most; products that are there already are skipped, or with `refresh`
        imported again. `enhance` and `wishes` say how, `at_once` how many of its imports are under way at the same time
        at most.
        """
        headers = once(key) | {"Content-Type": media_type}
        query = _asked(column, max_cost, on_duplicate, wishes)
        query |= {"render": wishes.render.value, "language": wishes.language, "tag": list(wishes.tags)}
        query |= {"enhance": enhance, "at_once": at_once} | (
            wishes.own_rule.model_dump(mode="json") if wishes.own_rule else {}
        )
        call = Call("POST", "/v1/batches", query, content=content, headers=headers)
        return await self.connection.get(BatchOut, call)

    async def check(
        self,
        content: bytes,
        media_type: str,
        *,
        column: str | Sequence[str] = "",
        max_cost: Decimal | None = None,
        on_duplicate: OnDuplicate | str = OnDuplicate.SKIP,
        wishes: Wishes = AS_USUAL,
    ) -> BatchCheck:
        """Tell what a file holds, as `submit` would take it: what is new, known, twice or wrong; nothing is kept."""
        query = _asked(column, max_cost, on_duplicate, wishes) | {"dry_run": True}
        call = Call("POST", "/v1/batches", query, content=content, headers={"Content-Type": media_type})
        return await self.connection.get(BatchCheck, call)

    async def get(self, batch_id: str) -> BatchOut:
        """Get a batch: its rows counted by status, and the first that went wrong."""
        return await self.connection.get(BatchOut, Call("GET", path("/v1/batches/{}", batch_id)))

    async def list(self, *, page_size: int = 50) -> AsyncGenerator[BatchLine]:
        """Give every batch, newest first."""
        async for page in self.connection.pages(BatchPage, Call("GET", "/v1/batches", {"limit": page_size})):
            for each in page.batches:
                yield each

    async def rows(
        self, batch_id: str, *, status: RowStatus | None = None, page_size: int = 200
    ) -> AsyncGenerator[RowOut]:
        """Give a batch's rows in their order, those of one status where asked."""
        query = {"status": status and status.value, "limit": page_size}
        async for page in self.connection.pages(RowPage, Call("GET", path("/v1/batches/{}/rows", batch_id), query)):
            for each in page.rows:
                yield each

    def result(self, batch_id: str) -> AsyncGenerator[bytes]:
        """Give the list back as CSV, piece by piece: one row for each row in, with what became of it."""
        return self.connection.pieces(Call("GET", path("/v1/batches/{}/result.csv", batch_id)))

    def events(self, batch_id: str, *, after: str = "") -> AsyncGenerator[EventOut]:
        """Give the events of a batch's imports as they happen, to the end of the last."""
        return self.connection.events(Call("GET", "/v1/events", {"batch": batch_id}), after)

    async def wait(self, batch_id: str, timeout: float | None = None) -> BatchOut:  # noqa: ASYNC109 - says what goes on
        """Wait for a batch's end; raises `NotOverYet` after `timeout` seconds, and the batch goes on."""
        return await self.connection.until_over(BatchOut, Call("GET", path("/v1/batches/{}", batch_id)), OVER, timeout)

    async def cancel(self, batch_id: str) -> BatchOut:
        """Stop a batch; what it imported stays."""
        return await self._change(path("/v1/batches/{}/cancel", batch_id), "")

    async def retry(self, batch_id: str, *, error: str = "", render: Render | None = None, key: str = "") -> BatchOut:
        """Import the failed and cancelled rows again, or only those that failed with `error`; `retried` counts them.

        What would fail again is left as it is unless `error` names it, and counted in `left`. `render` says when
        their pages are opened in a browser this time.
        """
        query = {"error": error, "render": render and render.value}
        return await self._change(path("/v1/batches/{}/retry", batch_id), key, query)

    async def _change(self, where: str, key: str, query: Mapping[str, Any] | None = None) -> BatchOut:
        return await self.connection.get(BatchOut, Call("POST", where, query or {}, headers=once(key)))


def _asked(
    column: str | Sequence[str], max_cost: Decimal | None, on_duplicate: OnDuplicate | str, wishes: Wishes
) -> dict[str, Any]:
    """Say what a list and its check are both asked with."""
    bounds = {"max_cost_usd": max_cost, "max_cost_each_usd": wishes.max_cost_usd}
    told = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    return {"column": column, "on_duplicate": OnDuplicate(on_duplicate).value, **told}
