"""What keeps pauses in a store, and holds imports back while they last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import Import
from cartage.model.pause import Pause


class Pauses(Protocol):
    """Keep what merchants paused.

    A queued import is *held* where it was kept from the engine, or left it before it began. One that is held and no
    longer paused waits to be released, and an import that is released begins another run at the engine.
    """

    async def pauses(self, merchant_id: str) -> Sequence[Pause]:
        """List a merchant's pauses, that of everything first, then by site."""
        ...

    async def count(self) -> int:
        """Count everybody's pauses."""
        ...

    async def pause(self, pause: Pause) -> Pause:
        """Write a pause, and give it; the one that is there already where there is one."""
        ...

    async def resume(self, merchant_id: str, site: str) -> Pause | None:
        """Take a pause away, and give it; None where there is none."""
        ...

    async def held_merchants(self) -> Sequence[str]:
        """Name the merchants that have held imports, whether paused or not."""
        ...

    async def count_held(self) -> int:
        """Count everybody's held imports."""
        ...

    async def under_way(self, merchant_id: str) -> int:
        """Count a merchant's released imports that are not over, nor held again."""
        ...

    async def release(self, merchant_id: str, at: datetime, most: int) -> Sequence[Import]:
        """Hold so many of a merchant's imports no longer that nothing pauses, the oldest first, and give them.

        Each is given once, however many processes ask.
        """
        ...
