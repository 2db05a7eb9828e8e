"""Artifacts in the database, packed."""

import gzip
from datetime import UTC, datetime

from sqlalchemy import insert, select
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
        wanted = (artifacts.c.id == artifact_id) & (artifacts.c.merchant_id == merchant_id)
        found = await read(self._engine, select(artifacts.c.packed).where(wanted))
        if not found:
            raise NotFound(f"There is no {artifact_id}.")
        return gzip.decompress(found[0]["packed"])
