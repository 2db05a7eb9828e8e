"""Pauses, as they are told."""

from datetime import datetime

from pydantic import BaseModel

from cartage.model import pause


class PausedOut(BaseModel):
    """Show what imports wait for, and who paused it: a `site` with its subdomains, or everything where that is null."""

    site: str | None
    paused_by: str
    paused_at: datetime

    @classmethod
    def of(cls, kept: pause.Pause) -> "PausedOut":
        """Map a pause."""
        return cls(site=kept.site or None, paused_by=kept.paused_by, paused_at=kept.paused_at)


class PauseOut(PausedOut):
    """Show a pause with how many imports it holds; rows of lists wait besides."""

    waiting: int


class PauseList(BaseModel):
    """List the pauses, that of everything first, then by site."""

    pauses: list[PauseOut]
