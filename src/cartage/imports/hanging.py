"""How far the fetching of a product's pictures has come, told now and then while it goes on."""

import time
from dataclasses import dataclass, field

from cartage.engine import REACHES_OUT
from cartage.imports.progress import ToldSteps, kept_of
from cartage.model.picture import Picture

PICTURES = f"{REACHES_OUT}pictures"


@dataclass(slots=True)
class Hanging:
    """Count the pictures of a product as they come, `kept` of `total` from before, and tell those who watch."""

    told: ToldSteps | None
    total: int
    kept: int
    every_seconds: float
    _untold: list[str] = field(default_factory=list[str])
    _told_at: float = field(default_factory=time.monotonic)

    async def come(self, picture: Picture) -> None:
        """Count a picture there is a copy of; tell of all that came since the last time where that is a while ago."""
        if picture.id is None or self.told is None:
            return
        self.kept += 1
        self._untold.append(picture.id)
        if time.monotonic() - self._told_at < self.every_seconds:
            return
        news = {"kept": self.kept, "total": self.total, "pictures": self._untold}
        await self.told.tell_so_far(PICTURES, kept_of(self.kept, self.total), **news)
        self._untold, self._told_at = [], time.monotonic()
