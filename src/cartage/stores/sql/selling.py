"""Pricing rules, settings of targets and exports, in the database."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import RowMapping, Update, delete, false, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.catalogue import Event
from cartage.model.errors import NotFound
from cartage.model.export import Export, ExportState, TargetSettings
from cartage.model.pricing import PricingRules
from cartage.stores.sql.database import inserting, read, writing
from cartage.stores.sql.events import keep_event
from cartage.stores.sql.export_tables import export_pieces, exports, feeds
from cartage.stores.sql.tables import preferences

PRICING = "pricing"
TARGET = "target:"
NOT_OVER = (ExportState.WAITING.value, ExportState.RUNNING.value)


class SqlSelling:
    """Keep pricing rules, settings of targets and exports."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = inserting(engine)

    async def pricing(self, merchant_id: str) -> PricingRules | None:
        """Get a merchant's pricing rules."""
        kept = (await self._preferences(merchant_id)).get(PRICING)
        return None if kept is None else PricingRules.model_validate_json(kept)

    async def set_pricing(self, merchant_id: str, rules: PricingRules) -> None:
        """Write a merchant's pricing rules."""
        await self._prefer(merchant_id, PRICING, rules)

    async def target_settings(self, merchant_id: str) -> Mapping[str, TargetSettings]:
        """Get what a merchant set, by target."""
        kept = await self._preferences(merchant_id)
        return {
            name.removeprefix(TARGET): TargetSettings.model_validate_json(value)
            for name, value in kept.items()
            if name.startswith(TARGET)
        }

    async def set_target_settings(self, merchant_id: str, target: str, settings: TargetSettings) -> None:
        """Write what a merchant sets for a target."""
        await self._prefer(merchant_id, f"{TARGET}{target}", settings)

    async def add_export(self, export: Export) -> None:
        """Write an export that waits to be made."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(exports).values(export_row(export)))

    async def export(self, merchant_id: str, export_id: str) -> Export:
        """Get an export."""
        own = (exports.c.id == export_id) & (exports.c.merchant_id == merchant_id)
        found = await read(self._engine, select(exports).where(own))
        if not found:
            raise NotFound(f"There is no {export_id}.")
        return _export(found[0])

    async def exports(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Export]:
        """List exports, newest first."""
        query = select(exports).where(exports.c.merchant_id == merchant_id, exports.c.feed_id.is_(None))
        if before:
            query = query.where(exports.c.id < before)
        return [_export(row) for row in await read(self._engine, query.order_by(exports.c.id.desc()).limit(limit))]

    async def lease_export(self, maker: str, now: datetime, until: datetime) -> Export | None:
        """Take the oldest export that is not over and that nobody holds, in one statement."""
        free = exports.c.state.in_(NOT_OVER) & or_(exports.c.held_until.is_(None), exports.c.held_until <= now)
        oldest = select(exports.c.id).where(free).order_by(exports.c.id).limit(1)
        held = {"maker": maker, "held_until": until, "state": ExportState.RUNNING.value}
        taking = update(exports).where(exports.c.id == oldest.scalar_subquery(), free).values(held)
        async with writing(self._engine) as connection:
            row = (await connection.execute(taking.returning(*exports.c))).mappings().first()
        if row is None:
            return None
        return _export(row).model_copy(update={"state": ExportState.RUNNING})

    async def note_export(self, export: Export, maker: str, until: datetime) -> bool:
        """Write how far an export is and hold it longer."""
        async with writing(self._engine) as connection:
            return (await connection.execute(_writing(export, maker, held_until=until))).rowcount == 1

    async def end_export(self, export: Export, maker: str, event: Event) -> bool:
        """Write how an export ended, and the event."""
        async with writing(self._engine) as connection:
            ending = _writing(export, maker, held_until=None, maker=None)
            if (await connection.execute(ending)).rowcount != 1:
                return False
            await keep_event(connection, event)
            if export.feed_id and export.state is ExportState.READY:
                await connection.execute(_serving(export))
        return True

    async def put_piece(self, export_id: str, part: int, number: int, content: bytes) -> None:
        """Write a piece of a part's file, packed."""
        row = {"export_id": export_id, "part": part, "number": number, "packed": zlib.compress(content, 1)}
        putting = self._insert(export_pieces).values(row)
        key = ["export_id", "part", "number"]
        async with writing(self._engine) as connection:
            await connection.execute(putting.on_conflict_do_update(index_elements=key, set_={"packed": row["packed"]}))

    async def piece(self, export_id: str, part: int, number: int) -> bytes | None:
        """Get a piece of a part's file."""
        columns = export_pieces.c
        wanted = (columns.export_id == export_id) & (columns.part == part) & (columns.number == number)
        found = await read(self._engine, select(columns.packed).where(wanted))
        return zlib.decompress(found[0]["packed"]) if found else None

    async def clear_pieces(self, export_id: str) -> None:
        """Delete what was written of an export's files."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(export_pieces).where(export_pieces.c.export_id == export_id))

    async def drop_files(self, made_before: datetime) -> int:
        """Delete the files of exports that ended before a moment."""
        old = exports.c.files_kept & (exports.c.finished_at < made_before) & exports.c.feed_id.is_(None)
        async with writing(self._engine) as connection:
            dropped = await connection.execute(update(exports).where(old).values(files_kept=False))
            if dropped.rowcount:
                without = select(exports.c.id).where(~exports.c.files_kept)
                await connection.execute(delete(export_pieces).where(export_pieces.c.export_id.in_(without)))
        return dropped.rowcount

    async def _preferences(self, merchant_id: str) -> Mapping[str, str]:
        query = select(preferences.c.name, preferences.c.value).where(preferences.c.merchant_id == merchant_id)
        return {row["name"]: row["value"] for row in await read(self._engine, query)}

    async def _prefer(self, merchant_id: str, name: str, value: BaseModel) -> None:
        row = {"merchant_id": merchant_id, "name": name, "value": value.model_dump_json()}
        setting = self._insert(preferences).values(row)
        key = ["merchant_id", "name"]
        async with writing(self._engine) as connection:
            await connection.execute(setting.on_conflict_do_update(index_elements=key, set_={"value": row["value"]}))


def _serving(export: Export) -> Update:
    """Have a feed serve an export, unless it has errors and the one before has none."""
    wanted = (feeds.c.id == export.feed_id) & or_(true() if export.sound else false(), ~feeds.c.served_sound)
    return update(feeds).where(wanted).values(served_id=export.id, served_sound=export.sound)


def _writing(export: Export, held_by: str, **more: Any) -> Update:
    mine = (exports.c.id == export.id) & (exports.c.maker == held_by)
    return update(exports).where(mine).values(export_row(export) | more)


def export_row(export: Export) -> dict[str, Any]:
    """Write an export as its row."""
    kept = {name: getattr(export, name) for name in ("id", "merchant_id", "created_at", "finished_at", "files_kept")}
    written = {"state": export.state.value, "export": export.model_dump_json(), "feed_id": export.feed_id or None}
    return kept | written


def _export(row: RowMapping) -> Export:
    whole = Export.model_validate_json(row["export"])
    return whole.model_copy(update={"state": ExportState(row["state"]), "files_kept": row["files_kept"]})
