"""Replies to requests with an idempotency key, in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.reply import Reply
from cartage.stores.sql.database import inserting, writing
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import replies


class SqlReplies:
    """Keep replies."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def claim(self, reply: Reply, *, kept_since: datetime, running_since: datetime) -> Reply | None:
        """Write that a request is about to be met, or give what is kept; the key's uniqueness is the guard."""
        mine = _mine(reply)
        left = mine & replies.c.sealed.is_(None) & (replies.c.begun_at < running_since)
        claiming = self._insert(replies).values(row_of(reply)).on_conflict_do_nothing().returning(replies.c.key)
        async with writing(self._engine) as connection:
            await connection.execute(delete(replies).where((replies.c.begun_at < kept_since) | left))
            if await connection.scalar(claiming) is not None:
                return None
            kept = (await connection.execute(select(replies).where(mine))).mappings().first()
        # Released by its holder between the two statements: whoever asks again may have it.
        return value_of(Reply, kept) if kept else reply

    async def settle(self, reply: Reply) -> None:
        """Write the reply."""
        async with writing(self._engine) as connection:
            await connection.execute(update(replies).where(_held(reply)).values(sealed=reply.sealed))

    async def release(self, reply: Reply) -> None:
        """Free the key."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(replies).where(_held(reply)))


def _mine(reply: Reply) -> ColumnElement[bool]:
    return (replies.c.token_id == reply.token_id) & (replies.c.key == reply.key)


def _held(reply: Reply) -> ColumnElement[bool]:
    return _mine(reply) & (replies.c.begun_at == reply.begun_at) & replies.c.sealed.is_(None)
