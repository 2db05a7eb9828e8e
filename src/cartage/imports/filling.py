"""The filler: asks a language model once for what a page shows but reading missed, and keeps only what is there."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cartage.extraction import depicting, filling
from cartage.extraction.gaps import Gaps, depicted, filled, gaps_of
from cartage.fetching.meter import metering
from cartage.imports.extractions import extraction_of, keep_extraction
from cartage.imports.progress import now
from cartage.imports.retrying import failure_of_try
from cartage.imports.spending import NOTHING, Purse
from cartage.language_model import LanguageModel, Question
from cartage.model.catalogue import Attempt, Import
from cartage.model.errors import CartageError, Permanent, TryAnother, TryLater
from cartage.model.evidence import Drop, Extraction, Verdict
from cartage.model.language import Photo, Usage
from cartage.model.page import Page, PageKind
from cartage.model.product import Value
from cartage.scraping.plan import RetryPreset
from cartage.scraping.policy import LANGUAGE_MODEL, Fill
from cartage.store import Store

MOST_PHOTOS = 4
ANY_LANGUAGE = "the language of the words in the pictures, else English"
NOTHING_READ = Extraction(product=None, verdict=Verdict.EMPTY, reason="The page shows almost no text.", evidence={})

T = TypeVar("T", bound=Value)

logger = logging.getLogger("cartage.imports")


class PhotoSource(Protocol):
    """Bring pictures for a language model to look at."""

    async def photos(self, import_: Import, urls: Sequence[str], page_url: str) -> Sequence[Photo | None]:
        """Bring each picture, bounded in size; None for one that cannot be had."""
        ...


@dataclass(slots=True)
class _Outcome:
    """Gather what a fill came to; `extraction` where something was found."""

    page_id: str | None = None
    extraction: Extraction | None = None
    drops: Sequence[Drop] = ()
    usage: Usage | None = None
    error: CartageError | None = None


@dataclass(frozen=True, slots=True)
class Filler:
    """Fill what a page lacks: from its text, or from its pictures where it has next to no text."""

    store: Store
    model: LanguageModel
    photos: PhotoSource

    async def fill(
        self, purse: Purse, retry: RetryPreset, import_: Import, wish: Fill, attempts: Sequence[Attempt]
    ) -> Attempt:
        """Ask once, and tell how it went as one more attempt; one that found nothing names no extraction."""
        started_at, started = now(), time.monotonic()
        with metering() as meter:
            outcome = await _Filling(self, purse, import_, wish).run(attempts)
        found = outcome.extraction
        return Attempt(
            provider=LANGUAGE_MODEL,
            number=wish.number,
            started_at=started_at,
            duration_ms=round((time.monotonic() - started) * 1000),
            cost=outcome.usage.cost if outcome.usage else NOTHING,
            verdict=found.verdict if found else wish.of.verdict,
            missing=found.missing if found else wish.of.missing,
            failure=failure_of_try(outcome.error, wish.number, retry),
            page_id=outcome.page_id,
            extraction_id=await keep_extraction(self.store, import_, found) if found else None,
            usage=outcome.usage,
            drops=tuple(outcome.drops),
            fetched_bytes=meter.size,
        )


@dataclass(slots=True)
class _Filling:
    """Go through one fill."""

    filler: Filler
    purse: Purse
    import_: Import
    wish: Fill

    async def run(self, attempts: Sequence[Attempt]) -> _Outcome:
        """Find the page, look for its gaps, and ask about them."""
        for attempt in (self.wish.of, *reversed(attempts)):
            page = await self._page(attempt)
            if page:
                gaps = gaps_of(page, await self._extraction())
                outcome = await (self._look(gaps, page) if gaps.wordless else self._read(gaps))
                outcome.page_id = attempt.page_id
                return outcome
        return _Outcome()

    async def _page(self, attempt: Attempt) -> Page | None:
        """Load the page that an attempt brought, where a person could read it."""
        if attempt.page_id is None:
            return None
        content = await self.filler.store.artifacts.get(self.import_.merchant_id, attempt.page_id)
        page = Page.model_validate_json(content)
        return page if page.kind is PageKind.HTML else None

    async def _extraction(self) -> Extraction:
        if self.wish.of.extraction_id is None:
            return NOTHING_READ
        return await extraction_of(self.filler.store, self.import_, self.wish.of)

    async def _read(self, gaps: Gaps) -> _Outcome:
        if not gaps.wanted or not gaps.shown.lines:
            return _Outcome()
        content = [filling.question_of(gaps.wanted, gaps.shown)]
        question = Question(filling.INSTRUCTIONS, content, filling.Filling, filling.MOST_TOKENS)
        answer, outcome = await self._ask(question)
        if answer:
            extraction, outcome.drops = filled(gaps, answer)
            outcome.extraction = extraction if extraction != gaps.base else None
        return outcome

    async def _look(self, gaps: Gaps, page: Page) -> _Outcome:
        shown = gaps.shown.pictures[:MOST_PHOTOS]
        urls = [picture.image.url for picture in shown]
        photos = await self.filler.photos.photos(self.import_, urls, page.url)
        content: list[str | Photo] = [f"Answer in: {gaps.context.market.language or ANY_LANGUAGE}."]
        for picture, photo in zip(shown, photos, strict=True):
            content += [f"Picture {picture.number}:", photo] if photo else []
        if page.screenshot:
            content += ["The whole page:", page.screenshot]
        if not any(isinstance(each, Photo) for each in content):
            return _Outcome(drops=[Drop(field="images", said="", reason="None of the pictures could be fetched.")])
        question = Question(depicting.INSTRUCTIONS, content, depicting.Depiction, depicting.MOST_TOKENS)
        answer, outcome = await self._ask(question)
        if answer:
            extraction, outcome.drops = depicted(gaps, answer)
            outcome.extraction = extraction if extraction.unverified else None
        return outcome

    async def _ask(self, question: Question[T]) -> tuple[T | None, _Outcome]:
        """Ask within the budget; errors of the budget and of the model are outcomes."""
        try:
            answer = await self.purse.ask(self.filler.model, question, self.import_, LANGUAGE_MODEL, self.wish.number)
        except (Permanent, TryAnother, TryLater) as error:
            return None, _Outcome(error=error, usage=getattr(error, "usage", None))
        return answer.value, _Outcome(usage=answer.usage)
