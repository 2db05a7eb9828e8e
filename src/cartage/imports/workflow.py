"""The import, step by step: the same code on every engine."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from structlog.contextvars import bound_contextvars

from cartage.engine import REACHES_OUT, Announcement, Request, Steps
from cartage.fetching.meter import metering
from cartage.imports.bookmarks import as_before, bookmark_after, bookmark_for
from cartage.imports.extractions import extraction_of, keep_extraction
from cartage.imports.filling import Filler
from cartage.imports.hanging import PICTURES
from cartage.imports.measures import Measures
from cartage.imports.pictures import Curator
from cartage.imports.progress import ToldSteps, event_for, now, succeeded, traced
from cartage.imports.renewing import failed_so, looked_at, put_away, renewed
from cartage.imports.retrying import failure_of_try
from cartage.imports.spending import Purse, cost_of
from cartage.imports.tracing import Tracer, Untraced
from cartage.model.bookmark import Bookmark
from cartage.model.catalogue import Attempt, CatalogueProduct, Event, Import, ImportState, Metadata, Status
from cartage.model.errors import CartageError, Failure, Internal, Misconfigured, NotFound
from cartage.model.locks import left_by
from cartage.model.page import PageRequest
from cartage.model.picture import Collection, measured, unmeasured
from cartage.model.product import Product
from cartage.model.service_errors import BudgetReached
from cartage.model.spending import NO_CAPS, Caps, millionths
from cartage.model.traits import needs_review
from cartage.provider import Provider
from cartage.scraping.attempt import Reading, make_attempt
from cartage.scraping.plan import SCRAPER, FillWhen, Hosted, Plan, RetryPreset, make_plan, resumed
from cartage.scraping.policy import LANGUAGE_MODEL, Accept, Fill, GiveUp, Try, Wait, decide
from cartage.scraping.skipping import planned, skipped
from cartage.store import Store

COMPLETED = "product/scrape.completed"
PICTURES_RENEWED = "product/pictures.renewed"
FAILED = "product/scrape.failed"

HOSTED = ("apify", "firecrawl", "oxylabs", "zyte")

Then = Callable[[Import], Awaitable[None]]

logger = logging.getLogger("cartage.imports")


class Loaded(Import):
    """Hold an import with its plan, what was tried in the imports that it resumes, and what to ask for changes by."""

    plan: Plan | None = None
    earlier: tuple[Attempt, ...] = ()
    bookmark: Bookmark | None = None

    def as_import(self) -> Import:
        """Give the import alone."""
        return Import(**{name: getattr(self, name) for name in Import.model_fields})


@dataclass(frozen=True, slots=True)
class ImportWorkflow:
    """Fill a product: try providers as the policy says, then keep what was found, or the reason why not.

    What is to follow a product that was found begins with `then`, which may be called twice for an import.
    """

    store: Store
    providers: Mapping[str, Provider]
    retry: RetryPreset = SCRAPER
    caps: Caps = NO_CAPS
    assumed_cost: int = 10_000
    measures: Measures = field(default_factory=Measures)
    tracer: Tracer = field(default_factory=Untraced)
    curator: Curator | None = None
    then: Then | None = None
    filler: Filler | None = None
    fill_when: FillWhen = "thin"

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Run one import to its end."""
        with bound_contextvars(**traced(import_id)):
            loaded = await steps.run("load", self._load, request.merchantId, import_id, steps.again)
            if not loaded.held:
                await self._run(steps, loaded)

    async def _run(self, steps: Steps, loaded: Loaded) -> None:
        import_, attempts = loaded.as_import(), list(loaded.earlier)
        told = ToldSteps(steps, self.store.catalogue, import_, self.tracer.step_ended)
        if import_.pictures_for:
            await self._renew_pictures(told, import_)
            return
        # What an earlier program loaded names no plan.
        plan = loaded.plan or make_plan(import_.source_url, pasted=import_.pasted_page_id is not None, retry=self.retry)
        while True:
            match decide(plan, attempts):
                case (Try() | Fill()) as following:
                    attempts.append(await self._act(told, loaded, following, attempts))
                case Wait(until, then, at_most):
                    await told.sleep_until(f"wait for {then.provider} {then.number}", until, at_most=at_most)
                    attempts.append(await self._act(told, loaded, then, attempts))
                case Accept(attempt):
                    pictures = (
                        await told.run(PICTURES, self.curator.collect, import_, attempt, told)
                        if self.curator and not import_.wishes.look
                        else None
                    )
                    await told.run("save", self._accept, told, plan, attempt, attempts, pictures)
                    if self.then and not import_.wishes.look:
                        await steps.run("hand on", self.then, import_)
                    return
                case GiveUp(failure):
                    await steps.run("fail", self._give_up, told, plan, failure, attempts)
                    return

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """End an import that the engine could not run, with the reason."""
        try:
            import_ = await self.store.catalogue.import_(request.merchantId, import_id)
        except NotFound:
            return
        known = error if isinstance(error, CartageError) else Internal(f"The import stopped: {type(error).__name__}.")
        await self._fail(import_, known.failure(), await self.store.catalogue.attempts(import_id))

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Say how an import ended; None while it is not over."""
        try:
            import_ = await self.store.catalogue.import_(request.merchantId, import_id)
            product = await self.store.catalogue.product(request.merchantId, import_.product_id)
        except NotFound:
            return None
        if not import_.state.over or import_.finished_at is None or import_.back_to:
            return None
        duration = round((import_.finished_at - import_.created_at).total_seconds() * 1000)
        data: dict[str, Any] = {"productId": product.id, "duration": duration}
        if import_.failure:
            return Announcement(id=f"{import_id}:end", name=FAILED, data=data | {"error": str(import_.failure)})
        data |= {"success": True, "provider": product.metadata.provider}
        return Announcement(id=f"{import_id}:end", name=COMPLETED, data=data)

    async def _load(self, merchant_id: str, import_id: str, again: str) -> Loaded:
        import_ = await self.store.catalogue.import_(merchant_id, import_id)
        plan = make_plan(
            import_.source_url,
            pasted=import_.pasted_page_id is not None,
            kept=import_.kept_page_id is not None,
            retry=self.retry,
            browser="browser" in self.providers,
            render=import_.wishes.render,
            hosted=self._hosted,
            records=await self.purse.records(import_) if self._hosted else (),
        )
        if self.filler:
            plan = plan.model_copy(update={"fill": self.fill_when})
        earlier = await self._earlier(import_)
        asked = [attempt.provider for attempt in earlier if attempt.provider != LANGUAGE_MODEL]
        plan = resumed(plan, asked) if asked else plan
        steps = planned(plan, pictures=self.curator is not None and not import_.wishes.look)
        steps = steps[-2:] if import_.pictures_for else steps
        if not (import_.is_run(again) and await self.store.catalogue.mark_running(import_id, steps)):
            return Loaded(**dict(import_.model_copy(update={"held": True})))
        begun = import_.model_copy(update={"state": ImportState.RUNNING, "planned": steps})
        return Loaded(**dict(begun), plan=plan, earlier=earlier, bookmark=await bookmark_for(self.store, import_))

    async def _earlier(self, import_: Import) -> tuple[Attempt, ...]:
        """List what was tried before a budget stopped the import that this one resumes."""
        if import_.resumes is None:
            return ()
        before = await self.store.catalogue.import_(import_.merchant_id, import_.resumes)
        attempts = await self.store.catalogue.attempts(before.id)
        kept = [each for each in attempts if not each.failure or each.failure.code != BudgetReached.code]
        return (*await self._earlier(before), *kept)

    @property
    def purse(self) -> Purse:
        """Give what pays for attempts."""
        return Purse(self.store, self.caps, self.assumed_cost, self.measures)

    @property
    def _hosted(self) -> list[Hosted]:
        return [
            Hosted(name=name, price=millionths(provider.cost) if provider.cost else None)
            for name, provider in self.providers.items()
            if name in HOSTED
        ]

    async def _act(
        self, told: ToldSteps, loaded: Loaded, following: Try | Fill, attempts: Sequence[Attempt]
    ) -> Attempt:
        if isinstance(following, Fill):
            return await told.run(f"fill {following.number}", self._fill, loaded.as_import(), following, attempts)
        name = f"{REACHES_OUT}{following.provider} {following.number}"
        return await told.run(name, self._attempt, loaded, following.provider, following.number)

    async def _fill(self, import_: Import, wish: Fill, attempts: Sequence[Attempt]) -> Attempt:
        if self.filler is None:  # it was there when the import was planned
            raise Misconfigured("The language model that this import was to ask is no longer set.")
        attempt = await self.filler.fill(self.purse, self.retry, import_, wish, attempts)
        await self.store.catalogue.record_attempt(import_.id, attempt)
        self._tell(attempt)
        return attempt

    def _tell(self, attempt: Attempt) -> None:
        self.measures.attempted(attempt)
        outcome = attempt.failure.code if attempt.failure else "unchanged" if attempt.unchanged else attempt.verdict
        told = {"provider": attempt.provider, "number": attempt.number, "outcome": outcome, "ms": attempt.duration_ms}
        logger.info("attempt ended", extra=told)

    async def _attempt(self, loaded: Loaded, provider_name: str, number: int) -> Attempt:
        import_, bookmark = loaded.as_import(), loaded.bookmark
        provider = self.providers[provider_name]
        started_at, started = now(), time.monotonic()
        request = PageRequest(
            url=import_.source_url,
            merchant_id=import_.merchant_id,
            pasted_page_id=import_.pasted_page_id,
            validators=bookmark and bookmark.validators,
            kept_page_id=import_.kept_page_id,
            language=import_.wishes.language,
        )
        refused = await self.purse.reserve(import_, provider, number)
        with metering() as meter:
            reading = Reading(error=refused) if refused else await make_attempt(provider, request)
        attempt = Attempt(
            provider=provider_name,
            number=number,
            started_at=started_at,
            duration_ms=round((time.monotonic() - started) * 1000),
            cost=cost_of(provider, reading),
            verdict=reading.extraction and reading.extraction.verdict,
            missing=reading.extraction.missing if reading.extraction else (),
            failure=failure_of_try(reading.error, number, self.retry),
            page_id=await self._keep_page(import_, reading),
            extraction_id=await self._keep_extraction(import_, reading),
            shot_id=await self._keep_shot(import_, reading),
            wordless=reading.wordless,
            validators=reading.page and reading.page.validators,
            fetched_bytes=meter.size,
            listed=reading.listed,
            http_status=reading.http_status,
        )
        if reading.unchanged and bookmark:
            attempt = attempt.model_copy(update=as_before(bookmark))
        await self.store.catalogue.record_attempt(import_.id, attempt)
        if not refused:
            await self.purse.settle(import_, provider, attempt)
            if self._hosted:
                await self.purse.note(import_, attempt)
        self._tell(attempt)
        return attempt

    async def _keep_page(self, import_: Import, reading: Reading) -> str | None:
        if reading.page is None:
            return None
        content = reading.page.model_dump_json(exclude={"shot"}).encode()
        return await self.store.artifacts.put(import_.merchant_id, "application/json", content)

    async def _keep_shot(self, import_: Import, reading: Reading) -> str | None:
        if reading.shot is None:
            return None
        return await self.store.artifacts.put(import_.merchant_id, reading.shot.media_type, reading.shot.content)

    async def _keep_extraction(self, import_: Import, reading: Reading) -> str | None:
        if reading.extraction is None or reading.extraction.product is None:
            return None
        return await keep_extraction(self.store, import_, reading.extraction)

    async def _renew_pictures(self, told: ToldSteps, import_: Import) -> None:
        """Fetch the pictures of a product alone."""
        if self.curator:
            collection = await told.run(PICTURES, self.curator.renew, import_, told)
            await told.run("save", self._save_pictures, import_, collection)
        else:
            await told.run("save", self._save_pictures, import_, None)

    async def _save_pictures(self, import_: Import, collection: Collection | None) -> None:
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        pictures = product.pictures if collection is None else collection.pictures
        facts = product.facts and measured(product.facts, pictures)
        renewed = {"status": import_.pictures_for, "facts": facts, "pictures": pictures}
        ended = succeeded(import_, now(), collection)
        event = event_for(import_, PICTURES_RENEWED, {"productId": product.id})
        await self._end(product.model_copy(update=renewed), ended, event)

    async def _accept(
        self, told: ToldSteps, plan: Plan, attempt: Attempt, attempts: Sequence[Attempt], pictures: Collection | None
    ) -> None:
        await told.tell_skipped(skipped(plan, attempts, found=True, pictures=self.curator is not None))
        await self._save(told.import_, attempt, attempts, pictures)

    async def _give_up(self, told: ToldSteps, plan: Plan, failure: Failure, attempts: Sequence[Attempt]) -> None:
        await told.tell_skipped(skipped(plan, attempts, found=False, pictures=self.curator is not None))
        await self._fail(told.import_, failure, attempts)

    async def _save(
        self, import_: Import, attempt: Attempt, attempts: Sequence[Attempt], collection: Collection | None
    ) -> None:
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        if import_.wishes.look:
            await self._end(*looked_at(product, import_))
            return
        extraction = await extraction_of(self.store, import_, attempt)
        pictures = product.pictures if collection is None else collection.pictures
        finished_at = now()
        provider = _brought_by(attempt, attempts)
        metadata = _metadata(import_, attempts, finished_at, provider=provider)
        imported = product.model_copy(
            update={
                "status": Status.IMPORTED,
                "facts": extraction.product and measured(extraction.product, pictures),
                "pictures": pictures,
                "evidence": extraction.evidence,
                "missing": extraction.missing,
                "unverified": extraction.unverified,
                "locked": (),
                "tags": import_.wishes.tags,
                "own_rule": import_.wishes.own_rule,
                "bookmark": bookmark_after(import_, product, attempt, attempts),
                "failure": None,
                "metadata": metadata,
                "updated_at": finished_at,
            }
        )
        product, imported = await renewed(self.store, product, imported)
        ended = succeeded(import_, finished_at, collection)
        data: dict[str, Any] = {
            "productId": product.id,
            "success": True,
            "provider": provider,
            "duration": metadata.duration_ms,
        }
        kept = left_by(import_, product, imported)
        if changed := changed_fields(product.facts, kept.facts):
            data["changed"] = changed
        if needs_review(kept):
            data["review"] = {"missing": list(kept.missing), "unverified": list(kept.unverified)}
        if attempt.unchanged:
            data["unchanged"] = True
        await self._end(imported, ended, event_for(import_, COMPLETED, data))

    async def _end(self, product: CatalogueProduct, import_: Import, event: Event) -> None:
        if await self.store.catalogue.end_import(product, import_, event):
            self.measures.ended(import_)
            self.tracer.import_ended(import_)
            code = import_.failure.code if import_.failure else None
            told = {"state": import_.state.value, "error": code, "ms": product.metadata.duration_ms}
            logger.info("import ended", extra=told)

    async def _fail(self, import_: Import, failure: Failure, attempts: Sequence[Attempt]) -> None:
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        finished_at = now()
        metadata = _metadata(import_, attempts, finished_at, error=str(failure))
        failed = await failed_so(self.store, product, failure, metadata, finished_at)
        await self._end(
            product.model_copy(update={"status": import_.back_to}) if import_.back_to else failed,
            import_.model_copy(update={"state": ImportState.FAILED, "failure": failure, "finished_at": finished_at}),
            event_for(
                import_,
                FAILED,
                {"productId": product.id, "error": str(failure), "duration": metadata.duration_ms},
            ),
        )
        if not import_.back_to:
            await put_away(self.store, failed)


def changed_fields(before: Product | None, after: Product | None) -> list[str]:
    """Name the fields that another import found otherwise; none for a first one."""
    if before is None or after is None:
        return []
    before, after = unmeasured(before), unmeasured(after)
    return [name for name in Product.model_fields if getattr(before, name) != getattr(after, name)]


def _brought_by(attempt: Attempt, attempts: Sequence[Attempt]) -> str:
    """Name the provider of the page behind an attempt: a language model brings none itself."""
    same = [each.provider for each in attempts if each.page_id == attempt.page_id and each.provider != LANGUAGE_MODEL]
    return same[0] if attempt.provider == LANGUAGE_MODEL and same else attempt.provider


def _metadata(
    import_: Import,
    attempts: Sequence[Attempt],
    finished_at: datetime,
    *,
    provider: str | None = None,
    error: str | None = None,
) -> Metadata:
    duration = finished_at - import_.created_at
    return Metadata(
        provider=provider,
        duration_ms=round(duration.total_seconds() * 1000),
        attempts=tuple(attempts),
        error=error,
    )
