"""Enhancement, step by step: each task is asked, checked and kept; the same code on every engine."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structlog.contextvars import bound_contextvars

from cartage.engine import REACHES_OUT, Announcement, Request, Steps
from cartage.imports.measures import Measures
from cartage.imports.progress import ToldSteps, event_for, now, traced
from cartage.imports.retrying import failure_of_try
from cartage.imports.spending import Purse
from cartage.imports.tracing import Tracer, Untraced
from cartage.language_model import LanguageModel, Question
from cartage.model.catalogue import CatalogueProduct, Import, StepState
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, RunState, TextField, Wanted
from cartage.model.enhancement_errors import EnhancementOff, EnhancementSuperseded, TextRefused
from cartage.model.errors import CartageError, Failure, Internal, NotFound
from cartage.model.ids import new_id
from cartage.model.language import Usage
from cartage.model.language_errors import AnswerUnusable, ModelKeyRefused, ModelNotFound, ModelQuotaSpent
from cartage.model.product import Product, Value
from cartage.model.service_errors import BudgetReached
from cartage.scraping.plan import SCRAPER, RetryPreset
from cartage.store import Store
from cartage.wording.tasks import (
    Brief,
    basis_of,
    brief_for,
    fields_of,
    is_needless,
    judged,
    source_of,
    texts_in,
)

COMPLETED = "product/enhance.completed"
FAILED = "product/enhance.failed"
ASKED_FOR = "enhance"
TRIES_NUMBERED = 100  # of a task within its run; tries are told apart by number in the costs
STANDING = {EnhancementState.PROPOSED, EnhancementState.ACCEPTED, EnhancementState.REJECTED, EnhancementState.UNCHANGED}

STOPPING = (
    BudgetReached,
    EnhancementSuperseded,
    EnhancementOff,
    ModelKeyRefused,
    ModelQuotaSpent,
    ModelNotFound,
)

logger = logging.getLogger("cartage.imports")


class Loaded(Value):
    """Hold a run, and the import whose product it enhances."""

    run: EnhanceRun
    import_: Import


class Tried(Value):
    """Say what one try of a task gave; `usage` is what the question used up, if one was asked."""

    wanted: Wanted
    number: int
    failure: Failure | None = None
    usage: Usage | None = None

    def told(self) -> tuple[StepState, str]:
        """Tell it as a step."""
        if self.failure:
            return StepState.FAILED, self.failure.detail
        return StepState.SUCCEEDED, "Written, and waits for you." if self.usage else "Nothing to do: the text stands."


@dataclass(frozen=True, slots=True)
class Attempted:
    """Hold what a question was about: a task, its run and try, and the facts that it is written from."""

    run: EnhanceRun
    wanted: Wanted
    number: int
    facts: Product
    basis: str

    def proposals(self, texts: Mapping[TextField, str], model: str) -> list[Enhancement]:
        """Judge an answer's texts and put each beside its source; raises `AnswerUnusable` where one is missing."""
        wanted = fields_of(self.wanted, self.facts)
        if missing := [each.value for each in wanted if each not in texts]:
            raise AnswerUnusable(f"The language model gave no {', '.join(missing)}.")
        return [self._proposal(each, texts[each], model) for each in wanted]

    def _proposal(self, place: TextField, text: str, model: str) -> Enhancement:
        source = source_of(place, self.facts)
        faults = judged(text, place, self.wanted, self.facts)
        standing = EnhancementState.UNCHANGED if text == source else EnhancementState.PROPOSED
        return Enhancement(
            id=new_id("enh"),
            merchant_id=self.run.merchant_id,
            product_id=self.run.product_id,
            run_id=self.run.id,
            task=self.wanted.task,
            field=place,
            language=self.wanted.language,
            number=self.number,
            source=source,
            text=text,
            model=model,
            basis=self.basis,
            state=EnhancementState.REFUSED if faults else standing,
            offences=faults,
            created_at=now(),
        )


@dataclass(frozen=True, slots=True)
class EnhanceWorkflow:
    """Enhance a product: ask for each task, check the answer, keep it as a proposal, and say how it ended.

    A failure leaves the product as its import left it.
    """

    store: Store
    model: LanguageModel | None
    purse: Purse
    retry: RetryPreset = SCRAPER
    measures: Measures = field(default_factory=Measures)
    tracer: Tracer = field(default_factory=Untraced)

    async def __call__(self, steps: Steps, run_id: str, request: Request) -> None:
        """Do one run to its end."""
        with bound_contextvars(**traced(run_id)):
            loaded = await steps.run("load", self._load, request.merchantId, run_id)
            told = ToldSteps(steps, self.store.catalogue, loaded.import_, self.tracer.step_ended)
            results: list[Tried] = []
            for wanted in loaded.run.wanted:
                results.append(await self._written(told, loaded, wanted))
                if _stops_all(results[-1]):
                    break
            await steps.run("finish", self._finish, loaded, results)

    async def abandon(self, run_id: str, request: Request, error: BaseException) -> None:
        """End a run that the engine could not finish, with the reason."""
        try:
            run = await self.store.enhancements.run(request.merchantId, run_id)
            import_ = await self.store.catalogue.import_(run.merchant_id, run.import_id)
        except NotFound:
            return
        known = error if isinstance(error, CartageError) else Internal(f"It stopped: {type(error).__name__}.")
        await self._end(run, import_, known.failure(), done=run.done, enhanced=False)

    async def outcome(self, run_id: str, request: Request) -> Announcement | None:
        """Say how a run ended; None while it is not over."""
        try:
            run = await self.store.enhancements.run(request.merchantId, run_id)
        except NotFound:
            return None
        if not run.state.over:
            return None
        name, data = announced(run)
        return Announcement(id=f"{run_id}:end", name=name, data=data)

    async def _load(self, merchant_id: str, run_id: str) -> Loaded:
        await self.store.enhancements.mark_running(run_id)
        run = await self.store.enhancements.run(merchant_id, run_id)
        return Loaded(run=run, import_=await self.store.catalogue.import_(merchant_id, run.import_id))

    async def _written(self, told: ToldSteps, loaded: Loaded, wanted: Wanted) -> Tried:
        """Try a task until it is written, or is not to be tried again: a refused text is repaired once."""
        number, repairs = 1, 0
        while True:
            step = f"{REACHES_OUT}enhance {wanted} {number}"
            tried = await told.run(step, self._try, loaded, wanted, number)
            failure = tried.failure
            if failure is None or number - repairs >= self.retry.attempts:
                return tried
            if failure.retry_at and failure.retry == "later":
                at_most = math.inf if failure.retry_seconds is None else failure.retry_seconds
                await told.sleep_until(f"wait for enhance {wanted} {number + 1}", failure.retry_at, at_most=at_most)
            elif failure.code == TextRefused.code and not repairs:
                repairs = 1
            else:
                return tried
            number += 1

    async def _try(self, loaded: Loaded, wanted: Wanted, number: int) -> Tried:
        run = loaded.run
        try:
            tried = await self._asked(loaded, wanted, number)
        except CartageError as error:
            failure = failure_of_try(error, number, self.retry)
            tried = Tried(wanted=wanted, number=number, failure=failure)
        outcome = tried.failure.code if tried.failure else "written" if tried.usage else "kept"
        self.measures.enhanced(wanted.task, outcome)
        told = {"run_id": run.id, "task": str(wanted), "number": number, "outcome": outcome}
        logger.info("enhancement tried", extra=told)
        return tried

    async def _asked(self, loaded: Loaded, wanted: Wanted, number: int) -> Tried:
        """Ask for a task, unless its answer is kept already, there is nothing to do, or an earlier text stands."""
        run = loaded.run
        product = await self._product(run)
        facts = product.facts or Product()
        kept = await self.store.enhancements.enhancements(run.merchant_id, run.product_id, run_id=run.id)
        mine = [each for each in kept if each.wanted == wanted]
        if same := [each for each in mine if each.number == number]:
            return _tried(wanted, number, same, Usage(model=same[0].model))
        if is_needless(wanted, facts):
            return Tried(wanted=wanted, number=number)
        voice = (await self.store.enhancements.settings(run.merchant_id)).voice
        basis = basis_of(wanted, facts, voice)
        if not run.afresh and await self._stands(product, wanted, basis):
            return Tried(wanted=wanted, number=number)
        refused = [offence for each in mine if each.number == number - 1 for offence in each.offences]
        texts, usage = await self._ask(loaded, wanted, number, brief_for(wanted, facts, voice, refused))
        fresh = Attempted(run, wanted, number, facts, basis).proposals(texts, usage.model)
        await self.store.enhancements.keep(fresh)
        return _tried(wanted, number, fresh, usage)

    async def _ask(
        self, loaded: Loaded, wanted: Wanted, number: int, brief: Brief
    ) -> tuple[dict[TextField, str], Usage]:
        """Ask the language model, with the money for it put aside before and settled after."""
        if self.model is None:
            raise EnhancementOff("There is no language model.")
        billed = loaded.import_.model_copy(update={"id": loaded.run.id, "resumes": loaded.run.resumes})
        if billed.resumes:  # whoever let it go on lifted the import's own bound
            billed = billed.model_copy(update={"wishes": billed.wishes.model_copy(update={"max_cost_usd": None})})
        tally = TRIES_NUMBERED * loaded.run.wanted.index(wanted) + number
        question = Question(brief.instructions, [brief.content], brief.answer, brief.most_tokens)
        answer = await self.purse.ask(self.model, question, billed, ASKED_FOR, tally)
        return texts_in(answer.value), answer.usage

    async def _product(self, run: EnhanceRun) -> CatalogueProduct:
        product = await self.store.catalogue.product(run.merchant_id, run.product_id)
        present = await self.store.enhancements.run(run.merchant_id, run.id)
        if product.import_id != run.import_id or not product.status.settled or present.state.over:
            raise EnhancementSuperseded("The product is being imported again.")
        return product

    async def _stands(self, product: CatalogueProduct, wanted: Wanted, basis: str) -> bool:
        """Tell whether texts that were written from the very same stand already, or were rejected."""
        known = await self.store.enhancements.enhancements(product.merchant_id, product.id)
        standing = {each.field for each in known if each.basis == basis and each.state in STANDING}
        return standing.issuperset(fields_of(wanted, product.facts or Product()))

    async def _finish(self, loaded: Loaded, results: Sequence[Tried]) -> None:
        run, import_ = loaded.run, loaded.import_
        done = tuple(each.wanted for each in results if each.failure is None)
        failure = next((each.failure for each in results if each.failure), None)
        runs = await self.store.enhancements.runs(run.merchant_id, run.product_id)
        same = [each for each in runs if each.import_id == run.import_id]
        asked = {str(wanted) for each in same for wanted in each.wanted}
        made = {str(wanted) for each in same for wanted in each.done} | {str(wanted) for wanted in done}
        await self._end(run, import_, failure, done=done, enhanced=failure is None and asked <= made)

    async def _end(
        self, run: EnhanceRun, import_: Import, failure: Failure | None, *, done: Sequence[Wanted], enhanced: bool
    ) -> None:
        state = RunState.FAILED if failure else RunState.SUCCEEDED
        ended = run.model_copy(update={"state": state, "failure": failure, "done": tuple(done), "finished_at": now()})
        name, data = announced(ended)
        if await self.store.enhancements.end_run(ended, event_for(import_, name, data), enhanced=enhanced):
            told = {"run_id": run.id, "state": state.value, "error": failure and failure.code}
            logger.info("enhancement ended", extra=told)


def announced(run: EnhanceRun) -> tuple[str, dict[str, Any]]:
    """Give the event that tells how a run ended."""
    ended = run.finished_at or now()
    data: dict[str, Any] = {
        "productId": run.product_id,
        "runId": run.id,
        "tasks": [str(each) for each in run.done],
        "duration": round((ended - run.created_at).total_seconds() * 1000),
    }
    return (FAILED, data | {"error": str(run.failure)}) if run.failure else (COMPLETED, data)


def _tried(wanted: Wanted, number: int, made: Sequence[Enhancement], usage: Usage) -> Tried:
    faults = [offence for each in made for offence in each.offences]
    if not faults:
        return Tried(wanted=wanted, number=number, usage=usage)
    said = ", ".join(dict.fromkeys(f"“{each.found}”" for each in faults))
    failure = TextRefused(f"The new text says what the page does not: {said}.").failure()
    return Tried(wanted=wanted, number=number, failure=failure, usage=usage)


def _stops_all(tried: Tried) -> bool:
    """Tell whether no other task is worth trying: the money is spent, or the product is another by now."""
    return tried.failure is not None and tried.failure.code in {error.code for error in STOPPING}
