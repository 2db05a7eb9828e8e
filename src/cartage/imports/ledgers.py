"""Ledgers of work that an engine does: what is not over, and how to ask for it again or end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cartage.engine import EnhanceRequested, Request, ScrapeRequested, run_id
from cartage.model.catalogue import Import, ImportState, Step
from cartage.model.enhancement import EnhanceRun, RunState
from cartage.model.enhancement_errors import EnhancementLost
from cartage.model.errors import CartageError, ImportLost
from cartage.store import Catalogue, Store


@dataclass(frozen=True, slots=True)
class Job:
    """Hold a piece of work that is not over: an import, or an enhance run.

    `import_id` names the import whose steps it leaves signs of life in, `again` its present run at the engine, which it
    was `sent_at`.
    """

    id: str
    merchant_id: str
    import_id: str
    sent_at: datetime
    queued: bool
    bulk: bool
    request: Request
    again: str = ""

    @property
    def run_id(self) -> str:
        """Name its present run at the engine."""
        return run_id(self.id, self.again)


class Ledger(Protocol):
    """List work that is not over, and tell of each piece whether it lives."""

    async def unfinished(self) -> Sequence[Job]:
        """List everybody's work that is not over, oldest first."""
        ...

    async def is_over(self, job: Job) -> bool:
        """Tell whether a piece of work has ended by now, is held, or goes on in another run."""
        ...

    async def last_sign(self, job: Job) -> datetime:
        """Say when a piece of work last gave a sign of life."""
        ...

    def lost(self, reason: str) -> CartageError:
        """Give the error that a lost piece of work ends with."""
        ...


@dataclass(frozen=True, slots=True)
class ImportLedger:
    """List imports."""

    catalogue: Catalogue

    async def unfinished(self) -> Sequence[Job]:
        """List everybody's imports that are neither over nor held, oldest first."""
        return [_job(each) for each in await self.catalogue.unfinished_imports() if not each.held]

    async def is_over(self, job: Job) -> bool:
        """Tell whether an import has ended by now, is held, or goes on in another run."""
        import_ = await self.catalogue.import_(job.merchant_id, job.id)
        return import_.state.over or import_.held or import_.again != job.again

    async def last_sign(self, job: Job) -> datetime:
        """Say when an import's steps last gave a sign of life."""
        return _latest(await self.catalogue.steps(job.id), job)

    def lost(self, reason: str) -> CartageError:
        """Give the error that a lost import ends with."""
        return ImportLost(reason)


@dataclass(frozen=True, slots=True)
class RunLedger:
    """List enhance runs."""

    store: Store

    async def unfinished(self) -> Sequence[Job]:
        """List everybody's runs that are not over, oldest first."""
        return [_run_job(each) for each in await self.store.enhancements.unfinished_runs()]

    async def is_over(self, job: Job) -> bool:
        """Tell whether a run has ended by now."""
        return (await self.store.enhancements.run(job.merchant_id, job.id)).state.over

    async def last_sign(self, job: Job) -> datetime:
        """Say when a run last gave a sign of life: its steps are told among its import's."""
        return _latest(await self.store.catalogue.steps(job.import_id), job)

    def lost(self, reason: str) -> CartageError:
        """Give the error that a lost run ends with."""
        return EnhancementLost(reason)


def request_of(import_: Import) -> ScrapeRequested:
    """Give the request that an import stands for."""
    return ScrapeRequested(productId=import_.product_id, sourceUrl=import_.source_url, merchantId=import_.merchant_id)


def enhance_request_of(run: EnhanceRun) -> EnhanceRequested:
    """Give the request that a run stands for."""
    tasks = tuple(str(each) for each in run.wanted)
    return EnhanceRequested(productId=run.product_id, merchantId=run.merchant_id, tasks=tasks)


def _job(import_: Import) -> Job:
    return Job(
        id=import_.id,
        merchant_id=import_.merchant_id,
        import_id=import_.id,
        sent_at=import_.released_at or import_.created_at,
        queued=import_.state is ImportState.QUEUED,
        bulk=import_.bulk,
        request=request_of(import_),
        again=import_.again,
    )


def _run_job(run: EnhanceRun) -> Job:
    return Job(
        id=run.id,
        merchant_id=run.merchant_id,
        import_id=run.import_id,
        sent_at=run.created_at,
        queued=run.state is RunState.QUEUED,
        bulk=run.bulk,
        request=enhance_request_of(run),
    )


def _latest(steps: Sequence[Step], job: Job) -> datetime:
    signs = [sign for step in steps for sign in (step.started_at, step.finished_at, step.until) if sign]
    return max([job.sent_at, *signs])
