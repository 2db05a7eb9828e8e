"""Bulk actions: one act on all products that a filter picks."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, once, path
from cartage.model.bulk import Act, BulkState
from cartage.model.wishes import Render
from cartage.wire.bulk import BulkActionOut, BulkActionPage, NewBulkAction

OVER = frozenset(state.value for state in BulkState if state.over)


@dataclass(frozen=True, slots=True)
class Bulk:
    """Act on many products at once, after a look at what it would do."""

    connection: Connection

    async def create(
        self,
        action: Act | str,
        wanted: str = "",
        *,
        edit: Mapping[str, Any] | None = None,
        from_step: str | None = None,
        render: Render | None = None,
        dry_run: bool = False,
        expect_count: int | None = None,
        key: str = "",
    ) -> BulkActionOut:
        """Do one act to all products that a filter picks; with `dry_run` only say what it would do.

        `render` says when the pages of a retry or a refresh are opened in a browser this time.
        Raises `Conflict` where not exactly `expect_count` products match.
        """
        body = NewBulkAction.model_validate(
            {
                "action": action,
                "filter": wanted,
                "edit": edit,
                "from_step": from_step,
                "render": render,
                "dry_run": dry_run,
                "expect_count": expect_count,
            }
        )
        return await self.connection.get(BulkActionOut, Call("POST", "/v1/bulk-actions", body=body, headers=once(key)))

    async def get(self, action_id: str) -> BulkActionOut:
        """Get a bulk action: how far it is, and why it was not done to some."""
        return await self.connection.get(BulkActionOut, Call("GET", path("/v1/bulk-actions/{}", action_id)))

    async def list(self, *, page_size: int = 50) -> AsyncGenerator[BulkActionOut]:
        """Give every bulk action, newest first."""
        call = Call("GET", "/v1/bulk-actions", {"limit": page_size})
        async for page in self.connection.pages(BulkActionPage, call):
            for each in page.bulk_actions:
                yield each

    async def wait(self, action_id: str, timeout: float | None = None) -> BulkActionOut:  # noqa: ASYNC109 - says what goes on
        """Wait for a bulk action's end; raises `NotOverYet` after `timeout` seconds, and it goes on."""
        call = Call("GET", path("/v1/bulk-actions/{}", action_id))
        return await self.connection.until_over(BulkActionOut, call, OVER, timeout)

    async def stop(self, action_id: str) -> BulkActionOut:
        """Do nothing more of a bulk action; what it did stays."""
        return await self._change(path("/v1/bulk-actions/{}/stop", action_id))

    async def undo(self, action_id: str) -> BulkActionOut:
        """Restore what it archived, or cancel the imports that it began; raises `Conflict` for other acts."""
        return await self._change(path("/v1/bulk-actions/{}/undo", action_id))

    async def _change(self, where: str) -> BulkActionOut:
        return await self.connection.get(BulkActionOut, Call("POST", where, headers=once("")))
