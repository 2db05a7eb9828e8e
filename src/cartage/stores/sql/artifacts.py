"""Artifacts in the database, packed."""

import gzip
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.stores.sql.database import read, writing
from cartage.stores.sql.tables import artifacts


class SqlArtifacts:
    """Keep pages and extractions as gzip."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def put(self, merchant_id: str, media_type: str, content: bytes) -> str:
        """Store bytes and give their id."""
        artifact_id = new_id("art")
        row = {
            "id": artifact_id,
            "merchant_id": merchant_id,
            "media_type": media_type,
            "packed": gzip.compress(content, compresslevel=5, mtime=0),
            "created_at": datetime.now(UTC),
        }
        async with writing(self._engine) as connection:
            await connection.execute(insert(artifacts).values(row))
        return artifact_id

    async def get(self, merchant_id: str, artifact_id: str) -> bytes:
        """Get stored bytes."""
        found = await read(self._engine, select(artifacts.c.packed).where(_own(merchant_id, artifact_id)))
        if not found:
            raise NotFound(f"There is no {artifact_id}.")
        return gzip.decompress(found[0]["packed"])

    async def has(self, merchant_id: str, artifact_id: str) -> bool:
        """Tell whether bytes are stored, without reading them."""
        return bool(await read(self._engine, select(artifacts.c.id).where(_own(merchant_id, artifact_id))))


def _own(merchant_id: str, artifact_id: str) -> ColumnElement[bool]:
    return (artifacts.c.id == artifact_id) & (artifacts.c.merchant_id == merchant_id)
