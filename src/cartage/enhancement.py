"""What keeps enhancement in a store: merchants' settings, runs, and the texts that they gave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import Event
from cartage.model.enhancement import Enhancement, EnhanceRun, EnhanceSettings


class Enhancements(Protocol):
    """Keep settings, enhance runs and enhancements.

    A method that names a `merchant_id` raises `NotFound` for another merchant's id, as for an unknown one.
    """

    async def settings(self, merchant_id: str) -> EnhanceSettings:
        """Get what a merchant wants written; nothing where they never said."""
        ...

    async def set_settings(self, settings: EnhanceSettings) -> None:
        """Write what a merchant wants written."""
        ...

    async def begin_run(self, run: EnhanceRun, event: Event, *, instead: bool = False) -> EnhanceRun:
        """Write a run that is to be done, and the event, in one transaction; give the one kept under this id already.

        A product has one run under way at a time: raises `Conflict` where there is another, which `instead` ends.
        """
        ...

    async def mark_running(self, run_id: str) -> None:
        """Move a run from queued to running; do nothing in any other state."""
        ...

    async def run(self, merchant_id: str, run_id: str) -> EnhanceRun:
        """Get a run."""
        ...

    async def runs(self, merchant_id: str, product_id: str, limit: int = 20) -> Sequence[EnhanceRun]:
        """List a product's runs, newest first."""
        ...

    async def unfinished_runs(self) -> Sequence[EnhanceRun]:
        """List every merchant's runs that are not over, oldest first."""
        ...

    async def keep(self, enhancements: Sequence[Enhancement]) -> None:
        """Write what one try of a run gave, once, and mark as replaced what was last proposed in its place.

        Guarded: only while the run is not over; nothing is written otherwise.
        """
        ...

    async def enhancements(self, merchant_id: str, product_id: str, *, run_id: str = "") -> Sequence[Enhancement]:
        """List a product's enhancements that were not replaced, newest first; all of one run where it is given."""
        ...

    async def end_run(self, run: EnhanceRun, event: Event, *, enhanced: bool) -> bool:
        """Write the end of a run, and the event, in one transaction; a product as its import left it may be ENHANCED.

        Guarded: only while the run is not over; gives False, and writes nothing, otherwise.
        """
        ...

    async def decide(
        self, merchant_id: str, product_id: str, decisions: Mapping[str, bool], at: datetime
    ) -> Sequence[Enhancement]:
        """Write decisions by id, True to accept, and what of the product is written by a model from now on, in one act.

        One accepted earlier for the same field and language is replaced. Raises `NotFound` for an id that is not the
        product's, and `Conflict` for accepting what was refused or replaced; then nothing is written.
        """
        ...
