"""What the doors call for the time between visits: sites that have one of their own, for all merchants alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cartage.fetching.address import canonical_url, parse
from cartage.fetching.turns import site_of
from cartage.imports.progress import now
from cartage.model.errors import CartageError, InvalidInput, NotFound
from cartage.model.spacing import LONGEST_SECONDS, Spacing
from cartage.store import Store


@dataclass(frozen=True, slots=True)
class Spacings:
    """Give sites a time of their own between two visits; it holds for every process from the next visit on."""

    store: Store

    async def list(self) -> Sequence[Spacing]:
        """List the sites that have one, by name."""
        return await self.store.turns.spacings()

    async def set(self, site: str, seconds: float, set_by: str = "") -> Spacing:
        """Let so many seconds pass between two visits to a site; raises `InvalidInput`."""
        if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_SECONDS):
            raise InvalidInput(f"The time between visits has 0 to {LONGEST_SECONDS:.0f} seconds.", "/seconds")
        spacing = Spacing(site=registrable(site), seconds=seconds, set_by=set_by, set_at=now())
        await self.store.turns.space(spacing)
        return spacing

    async def remove(self, site: str) -> None:
        """Let a site have the usual time again; raises `NotFound` for one that has it."""
        named = registrable(site)
        if not await self.store.turns.unspace(named, now()):
            raise NotFound(f"{named} has no time of its own between visits.")


def registrable(site: str) -> str:
    """Name the registrable domain of a host or an address; raises `InvalidInput`."""
    try:
        return site_of(parse(canonical_url(site)))
    except CartageError as error:
        raise InvalidInput(error.detail, "/site") from error
