"""Money spent on getting pages: paid attempts, what each host answered to, caps, and sums to show."""

from datetime import datetime
from decimal import Decimal

from cartage.model.product import Money, Value

MILLION = 1_000_000
DOLLAR = "USD"


class PaidAttempt(Value):
    """Keep a try that costs money, from before it is made; amounts are millionths of a US dollar.

    `counted` is what it weighs against caps: an estimate until `settled`, and for good where `cost` stays unknown.
    """

    import_id: str
    provider: str
    number: int
    merchant_id: str
    batch_id: str | None = None
    host: str
    at: datetime
    counted: int
    cost: int | None = None
    settled: bool = False


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
    """Sum up paid attempts under one name; `unknown` counts those whose cost nobody told."""

    name: str
    attempts: int
    unknown: int
    known_cost: Money


def millionths(money: Money) -> int:
    """Give US dollars as whole millionths, rounded up so that a cap is never undercut."""
    return -int(-money.amount * MILLION // 1)


def dollars(amount: int) -> Money:
    """Give millionths of a US dollar as money."""
    return Money(amount=(Decimal(amount) / MILLION).quantize(Decimal("0.000001")).normalize() + 0, currency=DOLLAR)
