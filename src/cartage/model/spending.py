"""Money spent on pages and on language models: paid attempts, what each host answered to, caps, and sums to show."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cartage.model.language import Usage
from cartage.model.product import Money, Value

MILLION = 1_000_000
USED = {"model", "tokens_in", "tokens_out", "tokens_cached", "duration_ms", "price_table"}
DOLLAR = "USD"
COUNTED = ("attempts", "unknown", "tokens_in", "tokens_out", "tokens_cached", "duration_ms")


class PaidAttempt(Value):
    """Keep a try that costs money, from before it is made; amounts are millionths of a US dollar.

    `counted` is what it weighs against caps: an estimate until `settled`, and for good where `cost` stays unknown.
    `estimated` keeps that estimate for good, None where no price was known before.
    A question to a language model names the `model`, what it used up, and the `price_table` of its cost.
    """

    import_id: str
    provider: str
    number: int
    merchant_id: str
    batch_id: str | None = None
    host: str
    at: datetime
    counted: int
    estimated: int | None = None
    cost: int | None = None
    settled: bool = False
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    duration_ms: int | None = None
    price_table: str | None = None


class HostRecord(Value):
    """Remember how one provider has fared with one host."""

    host: str
    provider: str
    tries: int = 0
    successes: int = 0
    total_ms: int = 0
    total_cost: int = 0

    @property
    def success_rate(self) -> float:
        """Estimate how often it succeeds; one half while nothing is known."""
        return (self.successes + 1) / (self.tries + 2)

    @property
    def mean_ms(self) -> float:
        """Give the mean time of a try."""
        return self.total_ms / self.tries if self.tries else 0.0


class Caps(Value):
    """Bound what may be spent, in millionths of a US dollar; None bounds nothing. Days are UTC's."""

    per_import: int | None = None
    per_batch: int | None = None
    per_merchant_and_day: int | None = None
    per_day: int | None = None


NO_CAPS = Caps()


class CostLine(Value):
    """Sum up paid attempts under one name; `unknown` counts those whose cost nobody told.

    `estimated` is what they were expected to cost, None where that is not known of each. Tokens, time and the newest
    `price_table` are language models'; tokens that nobody told count as none.
    """

    name: str
    attempts: int
    unknown: int
    known_cost: Money
    estimated: Money | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    duration_ms: int = 0
    price_table: str | None = None


class PriceList(Value):
    """Name what costs of tokens are reckoned by; `newest` is since when its latest price holds, where that is known."""

    name: str
    newest: date | None = None


def together(name: str, lines: Sequence[CostLine]) -> CostLine:
    """Sum lines up under one name."""
    known = sum((line.known_cost.amount for line in lines), Decimal(0))
    foreseen = [line.estimated.amount for line in lines if line.estimated]
    whole = len(foreseen) == len(lines)
    summed: dict[str, Any] = {field: sum(getattr(line, field) for line in lines) for field in COUNTED}
    return CostLine(
        name=name,
        known_cost=Money(amount=known, currency=DOLLAR),
        estimated=Money(amount=sum(foreseen, Decimal(0)), currency=DOLLAR) if whole else None,
        **summed,
    )


class Estimate(Value):
    """Say what so many imports may cost, by what paid ones did lately.

    `each` is what `paid` of them cost on average, None where there is none at a known cost; `unknown` were paid for at
    a cost that nobody told.
    """

    imports: int
    paid: int = 0
    unknown: int = 0
    each: Money | None = None

    @property
    def whole(self) -> Money | None:
        """Give what all of them cost if all are paid for."""
        return self.each and Money(amount=self.imports * self.each.amount, currency=DOLLAR)


def estimate(imports: int, lately: Iterable[tuple[Decimal, int]]) -> Estimate:
    """Estimate what so many imports cost by what each did lately: what is known, and how many of its tries are not."""
    told = list(lately)
    known = [cost for cost, unknown in told if unknown == 0 and cost]
    each = dollars(round(sum(known, Decimal(0)) / len(known) * MILLION)) if known else None
    return Estimate(imports=imports, paid=len(known), unknown=sum(unknown > 0 for _, unknown in told), each=each)


def settlement(cost: int | None, usage: Usage | None) -> dict[str, Any]:
    """Give what changes of an attempt once it is known what it cost, and what a language model used up."""
    told = usage.model_dump(include=USED) if usage else {}
    return {"cost": cost, "settled": True, **told} | ({} if cost is None else {"counted": cost})


def millionths(money: Money) -> int:
    """Give US dollars as whole millionths, rounded up so that a cap is never undercut."""
    return -int(-money.amount * MILLION // 1)


def dollars(amount: int) -> Money:
    """Give millionths of a US dollar as money."""
    return Money(amount=(Decimal(amount) / MILLION).quantize(Decimal("0.000001")).normalize() + 0, currency=DOLLAR)
