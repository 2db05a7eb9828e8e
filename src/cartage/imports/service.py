"""What the doors call: submit, look up, retry, paste and watch. Everything is one merchant's own."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from cartage.engine import Engine
from cartage.fetching.address import Rules, canonical_url, parse
from cartage.imports.asked import Asked
from cartage.imports.ledgers import request_of
from cartage.imports.pasting import checked_html
from cartage.imports.pausing import Pausing
from cartage.imports.progress import event_for, now
from cartage.imports.reserve import Reserve
from cartage.imports.spending import waits_for_budget
from cartage.imports.wishes import changed_wishes
from cartage.listing import Sort
from cartage.model.catalogue import (
    Attempt,
    CatalogueProduct,
    Event,
    Import,
    ImportState,
    ProductStatus,
    Status,
    Step,
    StepState,
)
from cartage.model.edit import Edit
from cartage.model.errors import Cancelled, Conflict, EngineUnreachable, InvalidInput
from cartage.model.filtering import EVERYTHING, Filter
from cartage.model.request_errors import PicturesOff
from cartage.model.upkeep import Due
from cartage.model.wishes import AS_USUAL, Render, Wishes
from cartage.model.worker import SILENT_AFTER
from cartage.store import Store

FromStep = Literal["fetch", "extract", "pictures"]
REQUESTED = "product/scrape.requested"
HTML = "text/html; charset=utf-8"
WITH_PICTURES = (Status.IMPORTED, Status.ENHANCED)
WATCH_INTERVAL_SECONDS = 0.25
LAST_WORD_WITHIN = timedelta(seconds=2)

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Submission:
    """Answer a submission: the product, its import, and whether the merchant had the product already."""

    product: CatalogueProduct
    import_: Import
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Imports:
    """Import products for merchants; whatever begins an import raises `DiskLow` where the disk has no room for it."""

    store: Store
    engine: Engine
    rules: Rules = field(default_factory=Rules)
    reserve: Reserve = field(default_factory=Reserve)
    keeps_pictures: bool = True
    renders: bool = True
    asked_by: str = ""

    def by(self, asked_by: str) -> "Imports":
        """Give the same on behalf of a person or a token, who is named in what is begun."""
        return replace(self, asked_by=asked_by)

    async def submit(
        self,
        merchant_id: str,
        url: str,
        *,
        batch_id: str | None = None,
        enhance: bool | None = None,
        wishes: Wishes = AS_USUAL,
        given: Edit | None = None,
    ) -> Submission:
        """Accept an address: the product exists with status IMPORTING and its job is queued.

        Imports of a batch let those go first that a person waits for. `enhance` says whether to enhance what it brings;
        None leaves that to the merchant's settings. What is `given` with the address is set by hand as soon as a page
        was read for it. An address the merchant has already imported, or is importing, gives that product back as it
        is, whatever the `wishes` and what is given. Raises `UrlInvalid`, `SchemeUnsupported` or `UrlNotAllowed` for an
        address that nobody should fetch, and as `check_wishes` does.
        """
        self.check_wishes(wishes)
        source_url = canonical_url(url)
        self.rules.check(parse(source_url))
        known = await self.store.catalogue.product_by_url(merchant_id, source_url)
        if known and known.status is not Status.FAILED:
            import_ = await self.store.catalogue.import_(merchant_id, known.import_id)
            return Submission(known, import_, duplicate=True)
        asked = Asked(batch_id=batch_id, enhance=enhance, wishes=wishes, given=given)
        try:
            if known:
                return replace(await self._again(known, asked), duplicate=True)
            return await self._first(merchant_id, source_url, asked)
        except Conflict:  # somebody submits the same address in this very moment
            known = await self.store.catalogue.product_by_url(merchant_id, source_url)
            if known is None:
                raise
            return Submission(known, await self.store.catalogue.import_(merchant_id, known.import_id), duplicate=True)

    def check_wishes(self, wishes: Wishes) -> None:
        """Raise `InvalidInput` for what cannot be done here: to open pages in a browser where there is none."""
        if wishes.render is Render.FIRST and not self.renders:
            raise InvalidInput("This Cartage has no browser to open pages in.", "/render")

    async def submit_page(self, merchant_id: str, url: str, html: str) -> Submission:
        """Accept an address together with its page's HTML, which is read instead of fetching it.

        A product that is there already is imported again from the HTML. Raises as `submit` and `paste` do.
        """
        source_url = canonical_url(url)
        self.rules.check(parse(source_url))
        content = checked_html(html)
        known = await self.store.catalogue.product_by_url(merchant_id, source_url)
        if known:
            return await self.paste(merchant_id, known.id, html)
        self.reserve.check()
        page_id = await self.store.artifacts.put(merchant_id, HTML, content)
        return await self._first(merchant_id, source_url, Asked(pasted_page_id=page_id))

    async def _first(self, merchant_id: str, source_url: str, asked: Asked) -> Submission:
        self.reserve.check()
        product, import_ = replace(asked, by=self.asked_by).first(merchant_id, source_url)
        import_ = await self._held_where_paused(import_)
        await self.store.catalogue.add_product(product, import_, _requested(import_))
        await self.send(import_)
        return Submission(product, import_)

    async def retry(
        self,
        merchant_id: str,
        product_id: str,
        *,
        from_step: FromStep = "fetch",
        batch_id: str | None = None,
        action_id: str | None = None,
        enhance: bool | None = None,
        wishes: Wishes | None = None,
        given: Edit | None = None,
        look: bool = False,
    ) -> Submission:
        """Import a settled product again, from a step on; raises `Conflict` while an import of it is under way.

        From `extract` the newest page that is kept is read again, and nothing is fetched but pictures; raises
        `Conflict` where none is kept. From `pictures` nothing else is done. It is done as before where `enhance`
        and `wishes` do not say otherwise; raises as `check_wishes` does. What is `given` is set by hand at once. With
        `look` the product stays as it is.
        """
        self.check_wishes(wishes or AS_USUAL)
        product = await self.store.catalogue.product(merchant_id, product_id)
        if from_step == "pictures":
            return await self.fetch_pictures(merchant_id, product_id)
        page_id = await self._kept_page(product) if from_step == "extract" else None
        asked = Asked(batch_id=batch_id, action_id=action_id, enhance=enhance, wishes=wishes, given=given)
        return await self._again(
            product, replace(asked, kept_page_id=page_id, look=product.status.value if look else None)
        )

    async def _kept_page(self, product: CatalogueProduct) -> str:
        for import_ in await self.store.catalogue.imports(product.merchant_id, product_id=product.id):
            attempts = await self.store.catalogue.attempts(import_.id)
            kept = [each for each in attempts if each.page_id]
            if best := [each.page_id for each in kept if each.verdict and not each.failure]:
                return best[-1] or ""
            if kept:
                return kept[-1].page_id or ""
        raise Conflict(f"No page of {product.id} is kept that could be read again.")

    async def refresh(self, merchant_id: str, due: Due) -> Submission:
        """Import a product again as it was planned; raises `Conflict` when somebody else does so already."""
        product = await self.store.catalogue.product(merchant_id, due.product_id)
        return await self._again(product, Asked(planned_at=due.at))

    async def go_on(self, merchant_id: str, product_id: str, max_cost: Decimal | None = None) -> Submission:
        """Let an import that stopped at a budget go on where it stopped; raises `Conflict` for any other.

        So does one that was saved with gaps because the budget did not allow to ask a language model. Its own bound is
        lifted, or becomes `max_cost` US dollars; what the installation allows one import is counted anew.
        """
        product = await self.store.catalogue.product(merchant_id, product_id)
        if not waits_for_budget(product):
            raise Conflict(f"No import of {product_id} waits for its budget.")
        wishes = await changed_wishes(self.store, merchant_id, product_id, {"max_cost_usd": max_cost})
        return await self._again(product, Asked(resumes=product.import_id, wishes=wishes))

    async def fetch_pictures(self, merchant_id: str, product_id: str) -> Submission:
        """Fetch the pictures of an imported product again, and nothing else.

        Raises `Conflict` for any other, and while it is enhanced, which another import would put an end to;
        `PicturesOff` where none are kept.
        """
        product = await self.store.catalogue.product(merchant_id, product_id)
        if not self.keeps_pictures:
            raise PicturesOff("This Cartage keeps no pictures.")
        if product.status not in WITH_PICTURES:
            raise Conflict(f"{product_id} is not imported.")
        if any(not run.state.over for run in await self.store.enhancements.runs(merchant_id, product_id, 1)):
            raise Conflict(f"{product_id} is being enhanced. Its pictures can be fetched again after that.")
        return await self._again(product, Asked(pictures_for=product.status))

    async def paste(self, merchant_id: str, product_id: str, html: str) -> Submission:
        """Import a settled product again from the page's HTML as a person pasted it."""
        content = checked_html(html)
        product = await self.store.catalogue.product(merchant_id, product_id)
        if not product.status.settled:
            raise Conflict(f"An import of {product_id} is under way.")
        self.reserve.check()
        page_id = await self.store.artifacts.put(merchant_id, HTML, content)
        return await self._again(product, Asked(pasted_page_id=page_id))

    async def cancel(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Stop the import of a product that is under way; a settled product stays as it is."""
        product = await self.store.catalogue.product(merchant_id, product_id)
        if product.status.settled:
            return product
        import_ = await self.store.catalogue.import_(merchant_id, product.import_id)
        failure = Cancelled("The import was cancelled.").failure()
        ended_at = now()
        stopped = product.model_copy(update={"status": Status.FAILED, "failure": failure, "updated_at": ended_at})
        if import_.back_to:
            stopped = product.model_copy(update={"status": import_.back_to})
        over = {"state": ImportState.FAILED, "failure": failure, "finished_at": ended_at, "held": False}
        ended = import_.model_copy(update=over)
        data = {"productId": product.id, "error": str(failure), "duration": 0}
        event = event_for(import_, "product/scrape.failed", data)
        if await self.store.catalogue.end_import(stopped, ended, event):
            with contextlib.suppress(EngineUnreachable):  # its next step finds the import over
                await self.engine.cancel(import_.id)
        return await self.store.catalogue.product(merchant_id, product_id)

    async def product(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        """Get one product; raises `NotFound` for another merchant's."""
        return await self.store.catalogue.product(merchant_id, product_id)

    async def status(self, merchant_id: str, product_id: str) -> ProductStatus:
        """Get a product's status alone; raises `NotFound` for another merchant's."""
        return await self.store.catalogue.status(merchant_id, product_id)

    async def products(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        before: str = "",
        limit: int = 50,
    ) -> Sequence[CatalogueProduct]:
        """List products that a filter wants, in an order, from after the one with the id `before`."""
        return await self.store.listing.products(merchant_id, wanted, sort=sort, before=before, limit=limit)

    async def import_(self, merchant_id: str, import_id: str) -> Import:
        """Get one import; raises `NotFound` for another merchant's."""
        return await self.store.catalogue.import_(merchant_id, import_id)

    async def imports(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        product_id: str = "",
        before: str = "",
        limit: int = 50,
    ) -> Sequence[Import]:
        """List imports that a filter wants, or those of one product, newest first."""
        if product_id:
            return await self.store.catalogue.imports(merchant_id, product_id=product_id, before=before, limit=limit)
        return await self.store.listing.imports(merchant_id, wanted, before=before, limit=limit)

    async def progress(self, merchant_id: str, import_id: str) -> tuple[Sequence[Step], Sequence[Attempt]]:
        """List an import's steps and attempts so far."""
        import_ = await self.store.catalogue.import_(merchant_id, import_id)
        return await self.store.catalogue.steps(import_.id), await self.store.catalogue.attempts(import_.id)

    async def events(self, merchant_id: str, *, product_id: str = "", after: int = 0) -> Sequence[Event]:
        """List events above a sequence, oldest first."""
        return await self.store.catalogue.events(merchant_id, product_id=product_id, after=after)

    async def follow(self, merchant_id: str, product_id: str, after: int = 0) -> AsyncIterator[int]:
        """Tell whenever there is something new to show of a product's import, until none is under way.

        New is an event above the sequence `after`, that the worker stopped or came back, or that it is paused or
        resumed. Gives the newest sequence.
        """
        standing: tuple[bool, bool] | None = None
        while True:
            product = await self.store.catalogue.product(merchant_id, product_id)
            import_ = await self.store.catalogue.import_(merchant_id, product.import_id)
            over = await self.is_over(import_)
            events = await self.store.catalogue.events(merchant_id, product_id=product_id, after=after)
            after = events[-1].sequence if events else after
            before, standing = standing, (await self.worker_stopped(), await self._is_paused(import_))
            if events or before not in (None, standing):
                yield after
            if over:
                return
            await asyncio.sleep(WATCH_INTERVAL_SECONDS)

    async def is_over(self, import_: Import) -> bool:
        """Tell whether every event of an import is written: the step that ends it tells so just after the end."""
        if not import_.state.over:
            return False
        if now() - (import_.finished_at or import_.created_at) > LAST_WORD_WITHIN:
            return True
        steps = await self.store.catalogue.steps(import_.id)
        return all(step.state is not StepState.RUNNING for step in steps)

    async def worker_stopped(self) -> bool:
        """Tell whether nothing that runs imports has been seen for a while."""
        seen_at = await self.engine.last_seen()
        return seen_at is None or now() - seen_at > SILENT_AFTER

    async def send(self, import_: Import) -> None:
        """Send a queued import to the engine, unless it is held."""
        logger.info("import accepted", extra={"import_id": import_.id, "batch_id": import_.batch_id})
        if import_.held:
            return
        try:
            await self.engine.send(import_.id, request_of(import_), bulk=import_.bulk, again=import_.again)
        except EngineUnreachable as error:
            # The import is accepted all the same: the reconciler sends it once the engine answers.
            logger.warning("%s", error)

    async def _again(self, product: CatalogueProduct, asked: Asked) -> Submission:
        self.reserve.check()
        previous = await self.store.catalogue.import_(product.merchant_id, product.import_id)
        import_ = await self._held_where_paused(replace(asked, by=self.asked_by).again(product, previous))
        requested = _requested(import_)
        begun = await self.store.catalogue.begin_import(import_, requested, planned_at=asked.planned_at)
        await self.send(import_)
        return Submission(begun, import_)

    async def _held_where_paused(self, import_: Import) -> Import:
        """Keep an import from the engine while it is paused; whatever changes meanwhile, it looks as it begins."""
        return import_.model_copy(update={"held": await self._is_paused(import_)})

    async def _is_paused(self, import_: Import) -> bool:
        return await Pausing(self.store).holding(import_) is not None


def _requested(import_: Import) -> Event:
    return event_for(import_, REQUESTED, request_of(import_).model_dump())
