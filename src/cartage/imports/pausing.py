"""What the doors call for pauses: let imports wait, all or those of one site, and resume them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cartage.fetching.address import canonical_url
from cartage.model.catalogue import Import, ImportState
from cartage.model.errors import CartageError, InvalidInput, NotFound
from cartage.model.filtering import Filter, Standing, Term, Word
from cartage.model.pause import Pause, holding
from cartage.model.traits import host_of
from cartage.store import Store

EVERYTHING = "all"  # what the pause of everything is called where a site is expected
PAUSED = Filter(terms=(Term(word=Word.STATUS, values=(Standing.PAUSED.value,)),))


@dataclass(frozen=True, slots=True)
class Pausing:
    """Pause a merchant's imports, and resume them; what is under way ends, and what waits stays."""

    store: Store

    async def list(self, merchant_id: str) -> Sequence[Pause]:
        """List a merchant's pauses, that of everything first, then by site."""
        return await self.store.pauses.pauses(merchant_id)

    async def pause(self, merchant_id: str, site: str, paused_by: str = "") -> Pause:
        """Let imports wait until somebody resumes them, of a site or, where it is `all`, every one.

        A pause that is there stays as it is. Raises `InvalidInput` for what is no site.
        """
        named = named_site(site)
        pause = Pause(merchant_id=merchant_id, site=named, paused_by=paused_by, paused_at=datetime.now(UTC))
        return await self.store.pauses.pause(pause)

    async def resume(self, merchant_id: str, site: str) -> Pause:
        """Let imports go on that a pause holds, the oldest first; raises `NotFound` where there is none."""
        named = named_site(site)
        if (ended := await self.store.pauses.resume(merchant_id, named)) is None:
            raise NotFound(f"Importing from {named} is not paused." if named else "Importing is not paused.")
        return ended

    async def waiting(self, merchant_id: str, pause: Pause, among: Sequence[Term] = ()) -> int:
        """Count the imports that a pause holds, among those that have some terms of a filter."""
        held = PAUSED.having(Word.SITE, pause.site) if pause.site else PAUSED
        wanted = held.model_copy(update={"terms": (*held.terms, *among)})
        return await self.store.listing.count_imports(merchant_id, wanted)

    async def holding(self, import_: Import) -> Pause | None:
        """Give the pause that an import waits for; None where it does not."""
        return pause_of(await self.list(import_.merchant_id), import_)


def pause_of(pauses: Sequence[Pause], import_: Import) -> Pause | None:
    """Give the one of a merchant's pauses that an import waits for; None where it has begun, or waits for none."""
    return holding(pauses, host_of(import_.source_url)) if import_.state is ImportState.QUEUED else None


def named_site(site: str) -> str:
    """Name the site of a host or an address, nothing for `all`; raises `InvalidInput`."""
    if site.strip().casefold() == EVERYTHING:
        return ""
    try:
        named = host_of(canonical_url(site))
    except CartageError as error:
        raise InvalidInput(error.detail, "/site") from error
    return named
