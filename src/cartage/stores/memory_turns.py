"""Turns at sites in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cartage.fetching.turns import Turn
from cartage.model.spacing import Spacing

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Site:
    free_at: datetime = LONG_AGO
    spaced_until: datetime = LONG_AGO
    holder: str = ""
    held_until: datetime = LONG_AGO


class MemoryTurns:
    """Keep whose turn it is at each site in memory."""

    def __init__(self) -> None:
        self._sites: dict[str, _Site] = {}
        self._spacings: dict[str, Spacing] = {}

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> Turn:
        """Take a site's turn, unless it is another's or the site rests."""
        kept = self._sites.setdefault(site, _Site())
        free_at = max(kept.free_at, kept.spaced_until)
        if free_at > now or kept.held_until > now:
            return Turn(free_at=free_at)
        kept.holder, kept.held_until = holder, until
        own = self._spacings.get(site)
        return Turn(spacing_seconds=own.seconds if own else None)

    async def give_back(self, site: str, holder: str, free_at: datetime) -> None:
        """End the holder's turn."""
        kept = self._sites.get(site)
        if kept and kept.holder == holder:
            kept.holder, kept.held_until = "", LONG_AGO
            kept.spaced_until = free_at

    async def rest(self, site: str, until: datetime) -> None:
        """Let nobody begin a turn before a moment."""
        kept = self._sites.setdefault(site, _Site())
        kept.free_at = max(kept.free_at, until)

    async def spacings(self) -> Sequence[Spacing]:
        """List the sites that have a time of their own between visits."""
        return sorted(self._spacings.values(), key=lambda each: each.site)

    async def space(self, spacing: Spacing) -> None:
        """Give a site a time of its own between visits."""
        self._spacings[spacing.site] = spacing
        self._cut_down(spacing.site, spacing.set_at + timedelta(seconds=spacing.seconds))

    async def unspace(self, site: str, now: datetime) -> bool:
        """Let a site have the usual time again."""
        self._cut_down(site, now)
        return self._spacings.pop(site, None) is not None

    def _cut_down(self, site: str, until: datetime) -> None:
        kept = self._sites.setdefault(site, _Site())
        kept.spaced_until = min(kept.spaced_until, until)
