"""Merchants' settings of enhancement, runs and enhancements in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import CatalogueProduct, Event, Status
from cartage.model.decision import decided, place_of, superseded, with_written
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, EnhanceSettings, RunState
from cartage.model.errors import Conflict, NotFound


class Kept(Protocol):
    """Give and take what a catalogue in memory holds."""

    async def product(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Get one product."""
        ...

    def put(self, product: CatalogueProduct) -> None:
        """Write a product."""
        ...

    def keep(self, event: Event) -> None:
        """Write an event."""
        ...


class MemoryEnhancements:
    """Keep settings, runs and enhancements in memory."""

    def __init__(self, catalogue: Kept) -> None:
        self._catalogue = catalogue
        self._settings: dict[str, EnhanceSettings] = {}
        self._runs: dict[str, EnhanceRun] = {}
        self._enhancements: dict[str, Enhancement] = {}

    async def settings(self, merchant_id: str) -> EnhanceSettings:
        """Get what a merchant wants written."""
        return self._settings.get(merchant_id) or EnhanceSettings(merchant_id=merchant_id)

    async def set_settings(self, settings: EnhanceSettings) -> None:
        """Write what a merchant wants written."""
        self._settings[settings.merchant_id] = settings

    async def begin_run(self, run: EnhanceRun, event: Event, *, instead: bool = False) -> EnhanceRun:
        """Write a run that is to be done."""
        await self._catalogue.product(run.merchant_id, run.product_id)
        if run.id in self._runs:
            return self._runs[run.id]
        for other in self._runs.values():
            if other.product_id == run.product_id and not other.state.over:
                if not instead:
                    raise Conflict(f"{run.product_id} is being enhanced already.")
                self._runs[other.id] = superseded(other, run.created_at)
        self._runs[run.id] = run
        self._catalogue.keep(event)
        return run

    async def mark_running(self, run_id: str) -> None:
        """Move a run from queued to running."""
        run = self._runs.get(run_id)
        if run and run.state is RunState.QUEUED:
            self._runs[run_id] = run.model_copy(update={"state": RunState.RUNNING})

    async def run(self, merchant_id: str, run_id: str) -> EnhanceRun:
        """Get a run."""
        run = self._runs.get(run_id)
        if run is None or run.merchant_id != merchant_id:
            raise NotFound(f"There is no {run_id}.")
        return run

    async def runs(self, merchant_id: str, product_id: str, limit: int = 20) -> Sequence[EnhanceRun]:
        """List a product's runs, newest first."""
        await self._catalogue.product(merchant_id, product_id)
        own = [run for run in self._runs.values() if run.product_id == product_id]
        return sorted(own, key=lambda run: run.id, reverse=True)[:limit]

    async def unfinished_runs(self) -> Sequence[EnhanceRun]:
        """List every merchant's runs that are not over, oldest first."""
        return sorted((run for run in self._runs.values() if not run.state.over), key=lambda run: run.id)

    async def keep(self, enhancements: Sequence[Enhancement]) -> None:
        """Write what one try of a run gave, once."""
        for fresh in enhancements:
            run = self._runs.get(fresh.run_id)
            if run is None or run.state.over or fresh.id in self._enhancements:
                continue
            for other in self._enhancements.values():
                if place_of(other) == place_of(fresh) and other.state.open:
                    self._enhancements[other.id] = other.model_copy(update={"state": EnhancementState.REPLACED})
            self._enhancements[fresh.id] = fresh

    async def enhancements(self, merchant_id: str, product_id: str, *, run_id: str = "") -> Sequence[Enhancement]:
        """List a product's enhancements."""
        await self._catalogue.product(merchant_id, product_id)
        own = [each for each in self._enhancements.values() if each.product_id == product_id]
        kept = [each for each in own if each.run_id == run_id or not run_id]
        shown = [each for each in kept if run_id or each.state is not EnhancementState.REPLACED]
        return sorted(shown, key=lambda each: each.id, reverse=True)

    async def end_run(self, run: EnhanceRun, event: Event, *, enhanced: bool) -> bool:
        """Write the end of a run."""
        kept = self._runs.get(run.id)
        if kept is None or kept.state.over:
            return False
        self._runs[run.id] = run
        product = await self._catalogue.product(run.merchant_id, run.product_id)
        if enhanced and product.import_id == run.import_id and product.status is Status.IMPORTED:
            self._catalogue.put(product.model_copy(update={"status": Status.ENHANCED}))
        self._catalogue.keep(event)
        return True

    async def decide(
        self, merchant_id: str, product_id: str, decisions: Mapping[str, bool], at: datetime
    ) -> Sequence[Enhancement]:
        """Write a person's decision about enhancements."""
        product = await self._catalogue.product(merchant_id, product_id)
        own = [each for each in self._enhancements.values() if each.product_id == product_id]
        changed = decided(own, decisions, at)
        self._enhancements |= {each.id: each for each in changed}
        self._catalogue.put(with_written(product, changed))
        return [each for each in changed if each.id in decisions]
