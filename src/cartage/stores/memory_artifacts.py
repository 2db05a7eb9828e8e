"""Artifacts in memory."""

from datetime import UTC, datetime

from cartage.model.errors import NotFound
from cartage.model.ids import new_id


class MemoryArtifacts:
    """Keep bytes in memory."""

    def __init__(self) -> None:
        self._contents: dict[tuple[str, str], bytes] = {}
        self._put_at: dict[str, datetime] = {}

    async def put(self, merchant_id: str, media_type: str, content: bytes) -> str:
        """Store bytes and give their id."""
        del media_type
        artifact_id = new_id("art")
        self._contents[merchant_id, artifact_id] = content
        self._put_at[artifact_id] = datetime.now(UTC)
        return artifact_id

    async def get(self, merchant_id: str, artifact_id: str) -> bytes:
        """Get stored bytes."""
        if (merchant_id, artifact_id) not in self._contents:
            raise NotFound(f"There is no {artifact_id}.")
        return self._contents[merchant_id, artifact_id]

    async def has(self, merchant_id: str, artifact_id: str) -> bool:
        """Tell whether bytes are stored."""
        return (merchant_id, artifact_id) in self._contents

    def drop(self, artifact_id: str) -> None:
        """Forget bytes."""
        self._contents = {key: content for key, content in self._contents.items() if key[1] != artifact_id}

    def sweep(self, merchant_id: str, before: datetime, limit: int) -> int:
        """Forget a merchant's bytes of before a moment, and count them."""
        own = [artifact_id for owner, artifact_id in self._contents if owner == merchant_id]
        old = [artifact_id for artifact_id in own if self._put_at[artifact_id] < before][:limit]
        for artifact_id in old:
            self.drop(artifact_id)
        return len(old)
