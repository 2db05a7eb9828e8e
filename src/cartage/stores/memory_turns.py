"""Turns at sites in memory."""

from dataclasses import dataclass
from datetime import UTC, datetime

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Turn:
    free_at: datetime = LONG_AGO
    holder: str = ""
    held_until: datetime = LONG_AGO


class MemoryTurns:
    """Keep whose turn it is at each site in memory."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}

    async def take(self, site: str, holder: str, now: datetime, until: datetime) -> datetime | None:
        """Take a site's turn, unless it is another's or the site rests."""
        turn = self._turns.setdefault(site, _Turn())
        if turn.free_at > now or turn.held_until > now:
            return turn.free_at
        turn.holder, turn.held_until = holder, until
        return None

    async def give_back(self, site: str, holder: str, free_at: datetime) -> None:
        """End the holder's turn."""
        turn = self._turns.get(site)
        if turn and turn.holder == holder:
            turn.holder, turn.held_until = "", LONG_AGO
            turn.free_at = max(turn.free_at, free_at)

    async def rest(self, site: str, until: datetime) -> None:
        """Let nobody begin a turn before a moment."""
        turn = self._turns.setdefault(site, _Turn())
        turn.free_at = max(turn.free_at, until)
