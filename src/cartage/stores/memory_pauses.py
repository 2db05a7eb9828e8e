"""Pauses in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import Import, ImportState
from cartage.model.pause import Pause


class Kept(Protocol):
    """Be what keeps the imports, and knows what is paused."""

    paused: dict[tuple[str, str], Pause]

    def all_imports(self) -> Sequence[Import]:
        """Give all imports."""
        ...

    def is_paused(self, import_: Import) -> bool:
        """Tell whether an import's merchant paused it, or its site."""
        ...

    def put_import(self, import_: Import) -> None:
        """Write an import as it is."""
        ...


class MemoryPauses:
    """Keep what merchants paused in memory."""

    def __init__(self, catalogue: Kept) -> None:
        self._catalogue = catalogue

    async def pauses(self, merchant_id: str) -> Sequence[Pause]:
        """List a merchant's pauses."""
        return [pause for (owner, _), pause in sorted(self._catalogue.paused.items()) if owner == merchant_id]

    async def count(self) -> int:
        """Count everybody's pauses."""
        return len(self._catalogue.paused)

    async def pause(self, pause: Pause) -> Pause:
        """Write a pause, unless it is there already."""
        return self._catalogue.paused.setdefault((pause.merchant_id, pause.site), pause)

    async def resume(self, merchant_id: str, site: str) -> Pause | None:
        """Take a pause away."""
        return self._catalogue.paused.pop((merchant_id, site), None)

    async def held_merchants(self) -> Sequence[str]:
        """Name the merchants that have held imports."""
        return sorted({each.merchant_id for each in self._held()})

    async def count_held(self) -> int:
        """Count everybody's held imports."""
        return len(self._held())

    async def under_way(self, merchant_id: str) -> int:
        """Count a merchant's released imports that are not over."""
        own = (each for each in self._catalogue.all_imports() if each.merchant_id == merchant_id)
        return sum(each.released_at is not None and not each.state.over and not each.held for each in own)

    async def release(self, merchant_id: str, at: datetime, most: int) -> Sequence[Import]:
        """Hold imports no longer."""
        own = (each for each in self._held() if each.merchant_id == merchant_id)
        free = sorted((each for each in own if not self._catalogue.is_paused(each)), key=lambda each: each.id)
        released = [each.model_copy(update={"held": False, "released_at": at}) for each in free[: max(most, 0)]]
        for import_ in released:
            self._catalogue.put_import(import_)
        return released

    def _held(self) -> list[Import]:
        return [each for each in self._catalogue.all_imports() if each.held and each.state is ImportState.QUEUED]
