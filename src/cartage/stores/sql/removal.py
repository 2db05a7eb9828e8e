"""Deleting products with all that hangs on them, within a transaction."""

import json
from collections.abc import Sequence

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cartage.model.batch import RowState
from cartage.model.catalogue import Status
from cartage.stores.sql.enhancement_tables import GOING_ON, enhance_runs, enhancements
from cartage.stores.sql.picture_tables import picture_uses
from cartage.stores.sql.tables import artifacts, attempts, batch_rows, imports, product_history, products, steps

AT_ONCE = 500


async def remove_products(connection: AsyncConnection, merchant_id: str, product_ids: Sequence[str]) -> int:
    """Delete a merchant's settled products and what hangs on them, and count them."""
    busy = exists(select(enhance_runs.c.id).where(enhance_runs.c.product_id == products.c.id, GOING_ON))
    own = (products.c.merchant_id == merchant_id) & products.c.id.in_(product_ids)
    settled = select(products.c.id).where(own, products.c.status != Status.IMPORTING.value, ~busy).with_for_update()
    gone = list((await connection.scalars(settled)).all())
    if not gone:
        return 0
    runs = list((await connection.scalars(select(imports.c.id).where(imports.c.product_id.in_(gone)))).all())
    kept = await _artifacts_of(connection, runs)
    for start in range(0, len(kept), AT_ONCE):
        await connection.execute(delete(artifacts).where(artifacts.c.id.in_(kept[start : start + AT_ONCE])))
    for start in range(0, len(runs), AT_ONCE):
        some = runs[start : start + AT_ONCE]
        for table in (steps, attempts):
            await connection.execute(delete(table).where(table.c.import_id.in_(some)))
    for table in (enhancements, enhance_runs, picture_uses, product_history, imports):
        await connection.execute(delete(table).where(table.c.product_id.in_(gone)))
    rows = update(batch_rows).where(batch_rows.c.product_id.in_(gone))
    await connection.execute(rows.values(state=RowState.DELETED.value, product_id=None, import_id=None))
    await connection.execute(delete(products).where(products.c.id.in_(gone)))
    return len(gone)


async def _artifacts_of(connection: AsyncConnection, import_ids: Sequence[str]) -> list[str]:
    kept: set[str | None] = set()
    for start in range(0, len(import_ids), AT_ONCE):
        some = import_ids[start : start + AT_ONCE]
        for written in await connection.scalars(select(attempts.c.attempt).where(attempts.c.import_id.in_(some))):
            told = json.loads(written)
            kept |= {told.get(name) for name in ("page_id", "extraction_id", "shot_id")}
        kept |= set(await connection.scalars(select(imports.c.pasted_page_id).where(imports.c.id.in_(some))))
    return sorted(each for each in kept if each)
