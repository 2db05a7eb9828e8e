"""The purse: what costs money is written before and after it is asked for, and a cap that is reached asks a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from cartage.imports.measures import Measures
from cartage.imports.progress import now
from cartage.language_model import Answer, LanguageModel, Question
from cartage.listing import Fetched
from cartage.model.catalogue import Attempt, CatalogueProduct, Import
from cartage.model.errors import CartageError
from cartage.model.evidence import Verdict
from cartage.model.language import Usage
from cartage.model.product import Money, Value
from cartage.model.service_errors import FREE_OF_CHARGE, BudgetReached
from cartage.model.spending import DOLLAR, Caps, CostLine, HostRecord, PaidAttempt, dollars, millionths
from cartage.model.traits import host_of
from cartage.provider import Provider
from cartage.scraping.attempt import Reading
from cartage.store import Store

T = TypeVar("T", bound=Value)

NOTHING = Money(amount=Decimal(0), currency="USD")
CAP_TITLES = {
    "per_import": "one import",
    "per_batch": "the batch",
    "per_merchant_and_day": "your business today",
    "per_day": "the whole installation today",
}
WORKED = (Verdict.PRODUCT, Verdict.THIN)
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Purse:
    """Hold the caps; a try whose cost nobody tells weighs `assumed` millionths of a dollar against them."""

    store: Store
    caps: Caps
    assumed: int = 10_000
    measures: Measures = field(default_factory=Measures)

    async def reserve(self, import_: Import, provider: Provider, number: int) -> BudgetReached | None:
        """Write a paid try that is about to be made; give the reason where a cap does not allow it.

        What a person let go on is bound by the cap of one import only.
        """
        return None if is_free(provider) else await self._reserve(import_, provider.name, number, provider.cost)

    async def ask(
        self, model: LanguageModel, question: Question[T], import_: Import, asked_for: str, number: int
    ) -> Answer[T]:
        """Ask a language model with the money put aside before and settled after, also where it costs time only.

        `asked_for` names what it is for, as providers have names. Raises `BudgetReached` where a cap does not allow
        it, and as the model does; a question that was not answered at all costs nothing.
        """
        estimate = model.estimate(question.instructions, question.content, most_tokens=question.most_tokens)
        if reached := await self._reserve(import_, asked_for, number, estimate):
            raise reached
        usage: Usage | None = None
        try:
            answer = await model.ask(
                question.instructions, question.content, question.answer, most_tokens=question.most_tokens
            )
            usage = answer.usage
        except CartageError as error:
            usage = getattr(error, "usage", None)
            raise
        finally:
            if usage is not None:
                self.measures.asked(usage)
            cost = NOTHING if usage is None else usage.cost
            await self.store.spending.settle(import_.id, asked_for, number, cost and millionths(cost), usage)
        return answer

    async def _reserve(self, import_: Import, provider: str, number: int, cost: Money | None) -> BudgetReached | None:
        at = now()
        attempt = PaidAttempt(
            import_id=import_.id,
            provider=provider,
            number=number,
            merchant_id=import_.merchant_id,
            batch_id=import_.batch_id,
            host=host_of(import_.source_url),
            at=at,
            counted=self.assumed if cost is None else millionths(cost),
            estimated=None if cost is None else millionths(cost),
        )
        caps = await self._caps_for(import_)
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        reached = await self.store.spending.reserve(attempt, caps, day)
        if reached is None:
            return None
        bound = getattr(caps, reached)
        cap = dollars(bound)
        if reached == "per_import" and bound == own_cap(import_) != self.caps.per_import:
            return BudgetReached(f"The import's own bound is used up ({cap}).")
        return BudgetReached(f"The budget for {CAP_TITLES[reached]} is used up ({cap}).")

    async def _caps_for(self, import_: Import) -> Caps:
        """Give the caps, with the import's and the batch's own where they are lower."""
        per_import = _lower(own_cap(import_), self.caps.per_import)
        if import_.resumes:
            return Caps(per_import=per_import)
        caps = self.caps.model_copy(update={"per_import": per_import})
        if import_.batch_id is None:
            return caps
        batch = await self.store.batches.batch(import_.merchant_id, import_.batch_id)
        return caps.model_copy(update={"per_batch": _lower(batch.max_cost, caps.per_batch)})

    async def settle(self, import_: Import, provider: Provider, attempt: Attempt) -> None:
        """Write what a paid try cost."""
        if not is_free(provider):
            cost = None if attempt.cost is None else millionths(attempt.cost)
            await self.store.spending.settle(import_.id, attempt.provider, attempt.number, cost)

    async def note(self, import_: Import, attempt: Attempt) -> None:
        """Remember how a provider fared with the import's host."""
        record = HostRecord(
            host=host_of(import_.source_url),
            provider=attempt.provider,
            tries=1,
            successes=int(attempt.verdict in WORKED and attempt.failure is None),
            total_ms=attempt.duration_ms,
            total_cost=millionths(attempt.cost) if attempt.cost else 0,
        )
        await self.store.spending.note_host(record)

    async def records(self, import_: Import) -> Sequence[HostRecord]:
        """List how providers have fared with the import's host."""
        return await self.store.spending.host_records(host_of(import_.source_url))


@dataclass(frozen=True, slots=True)
class Costs:
    """Show a merchant what was spent."""

    store: Store

    async def of(
        self, merchant_id: str, by: str = "provider", days: int = SHOWN_DAYS, *, batch_id: str = ""
    ) -> Sequence[CostLine]:
        """Sum the paid attempts of the last days by `provider`, `site`, `batch`, `model`, `day` or `import`.

        With `batch_id` only that batch's; raises `NotFound` for another merchant's.
        """
        if batch_id:
            await self.store.batches.batch(merchant_id, batch_id)
        return await self.store.spending.costs(merchant_id, now() - timedelta(days=days), by, batch_id=batch_id)

    async def fetched(self, merchant_id: str, days: int = SHOWN_DAYS, *, batch_id: str = "") -> Sequence[Fetched]:
        """Sum up what the tries of the last days fetched, by provider, the most first."""
        found = await self.store.listing.fetched(merchant_id, now() - timedelta(days=days), batch_id=batch_id)
        return sorted(found, key=lambda each: -each.bytes)


def own_cap(import_: Import) -> int | None:
    """Give the import's own bound in millionths of a US dollar, None where it has none."""
    own = import_.wishes.max_cost_usd
    return None if own is None else millionths(Money(amount=own, currency=DOLLAR))


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def total_of(lines: Sequence[CostLine]) -> Money:
    """Add up the known costs."""
    return Money(amount=sum((line.known_cost.amount for line in lines), Decimal(0)), currency="USD")


def is_free(provider: Provider) -> bool:
    """Tell whether asking certainly costs nothing."""
    return provider.cost is not None and provider.cost.amount == 0


def cost_of(provider: Provider, reading: Reading) -> Money | None:
    """Say what a try cost: what the answer says, nothing where the service refused it, else its usual price."""
    if isinstance(reading.error, (*FREE_OF_CHARGE, BudgetReached)):
        return NOTHING
    if reading.page is not None and reading.page.cost is not None:
        return reading.page.cost
    return provider.cost


def waits_for_budget(product: CatalogueProduct) -> bool:
    """Tell whether a person may let a product's import go on beyond its budget."""
    failures = [product.failure, *(attempt.failure for attempt in product.metadata.attempts)]
    stopped = any(failure and failure.code == BudgetReached.code for failure in failures)
    return stopped and product.status.settled
