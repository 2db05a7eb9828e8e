"""Feeds in the database, with the exports that are made of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, RowMapping, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.errors import NotFound
from cartage.model.export import Export
from cartage.model.feed import Feed, FeedTerms
from cartage.stores.sql.database import read, writing
from cartage.stores.sql.export_tables import export_pieces, exports, feeds
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.selling import export_row
from cartage.stores.sql.tables import products


class SqlFeeds:
    """Keep feeds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_feed(self, feed: Feed, export: Export) -> None:
        """Write a feed and its first export."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(feeds).values(_row(feed)))
            await connection.execute(insert(exports).values(export_row(export)))

    async def feed(self, merchant_id: str, feed_id: str) -> Feed:
        """Get a feed."""
        found = await read(self._engine, select(feeds).where(_own(merchant_id, feed_id)))
        return _feed(found[0] if found else None, feed_id)

    async def feeds(self, merchant_id: str) -> Sequence[Feed]:
        """List a merchant's feeds."""
        query = select(feeds).where(feeds.c.merchant_id == merchant_id).order_by(feeds.c.id)
        return [_feed(row) for row in await read(self._engine, query)]

    async def feed_by_token(self, token: str) -> Feed | None:
        """Find anybody's feed by its token."""
        found = await read(self._engine, select(feeds).where(feeds.c.token == token))
        return _feed(found[0]) if found else None

    async def begun_before(self, at: datetime) -> Sequence[Feed]:
        """List everybody's feeds whose newest export was begun before a moment."""
        query = select(feeds).where(feeds.c.begun_at < at).order_by(feeds.c.begun_at, feeds.c.id)
        return [_feed(row) for row in await read(self._engine, query)]

    async def change_feed(self, merchant_id: str, feed_id: str, terms: FeedTerms) -> Feed:
        """Write what is wanted of a feed."""
        return await self._changed(merchant_id, feed_id, terms=terms.model_dump_json())

    async def rotate_feed(self, merchant_id: str, feed_id: str, token: SecretStr) -> Feed:
        """Give a feed another token."""
        return await self._changed(merchant_id, feed_id, token=token.get_secret_value())

    async def remove_feed(self, merchant_id: str, feed_id: str) -> None:
        """Delete a feed with its exports and their files."""
        async with writing(self._engine) as connection:
            if (await connection.execute(delete(feeds).where(_own(merchant_id, feed_id)))).rowcount != 1:
                raise NotFound(f"There is no {feed_id}.")
            made = exports.c.feed_id == feed_id
            await _drop_pieces(connection, made)
            await connection.execute(delete(exports).where(made))

    async def begin_feed(self, feed: Feed, export: Export, stamp: str) -> bool:
        """Write another export of a feed unless another was begun meanwhile."""
        since = (feeds.c.id == feed.id) & (feeds.c.newest_id == feed.newest_id)
        begun = {"newest_id": export.id, "begun_at": export.created_at, "stamp": stamp}
        async with writing(self._engine) as connection:
            if (await connection.execute(update(feeds).where(since).values(begun))).rowcount != 1:
                return False
            await connection.execute(insert(exports).values(export_row(export)))
        return True

    async def note_fetched(self, feed_id: str, at: datetime, agent: str) -> None:
        """Write who fetched a feed, and when."""
        fetched = {"fetched_at": at, "fetched_by": agent}
        async with writing(self._engine) as connection:
            await connection.execute(update(feeds).where(feeds.c.id == feed_id).values(fetched))

    async def newest_change(self, merchant_id: str) -> str:
        """Tell by indexes alone how many products there are, how many are archived, and when one was written last."""
        own = products.c.merchant_id == merchant_id
        query = select(
            select(func.count()).where(own).select_from(products).scalar_subquery().label("all"),
            select(func.max(products.c.updated_at)).where(own).scalar_subquery().label("at"),
            select(func.count())
            .where(own, products.c.archived_at.is_not(None))
            .select_from(products)
            .scalar_subquery()
            .label("archived"),
        )
        (row,) = await read(self._engine, query)
        return f"{row['all']} {row['archived']} {row['at']}"

    async def tidy_feeds(self, files_before: datetime, exports_before: datetime) -> int:
        """Delete files and exports that no feed serves."""
        shown = exists().where(or_(feeds.c.served_id == exports.c.id, feeds.c.newest_id == exports.c.id))
        served = exists().where(feeds.c.served_id == exports.c.id)
        left = exports.c.feed_id.is_not(None) & exports.c.files_kept & (exports.c.finished_at < files_before) & ~served
        old = exports.c.feed_id.is_not(None) & (exports.c.finished_at < exports_before) & ~shown
        async with writing(self._engine) as connection:
            await _drop_pieces(connection, left)
            dropped = await connection.execute(update(exports).where(left).values(files_kept=False))
            await _drop_pieces(connection, old)
            await connection.execute(delete(exports).where(old))
        return dropped.rowcount

    async def _changed(self, merchant_id: str, feed_id: str, **changes: Any) -> Feed:
        changing = update(feeds).where(_own(merchant_id, feed_id)).values(changes).returning(*feeds.c)
        async with writing(self._engine) as connection:
            return _feed((await connection.execute(changing)).mappings().first(), feed_id)


async def _drop_pieces(connection: AsyncConnection, of: ColumnElement[bool]) -> None:
    of_these = export_pieces.c.export_id.in_(select(exports.c.id).where(of))
    await connection.execute(delete(export_pieces).where(of_these))


def _own(merchant_id: str, feed_id: str) -> ColumnElement[bool]:
    return (feeds.c.id == feed_id) & (feeds.c.merchant_id == merchant_id)


def _row(feed: Feed) -> dict[str, Any]:
    return row_of(feed, token=feed.token.get_secret_value())


def _feed(row: RowMapping | None, feed_id: str = "") -> Feed:
    if row is None:
        raise NotFound(f"There is no {feed_id}.")
    return value_of(Feed, row)
