"""What retrying may cost, told before it begins."""

from decimal import Decimal

from cartage.cli.forecast import estimate_told
from cartage.model.product import Money
from cartage.wire.costs import CostOut


def spent(amount: str, unknown: int = 0) -> CostOut:
    """Give the costs of one import."""
    return CostOut(
        name="imp_1",
        attempts=1,
        unknown=unknown,
        known_cost=Money(amount=Decimal(amount), currency="USD"),
        estimated=None,
        tokens_in=0,
        tokens_out=0,
        tokens_cached=0,
        duration_ms=0,
        price_table=None,
    )


def test_an_estimate_goes_by_what_was_paid_lately() -> None:
    """The mean of known costs, times how many; what cost nothing and what is not known do not lower it."""
    told = estimate_told(5, [spent("0.002"), spent("0.004"), spent("0"), spent("0", unknown=1)])

    assert told == (
        "Estimated cost: $0.0150 if all 5 are paid for; 2 imports of the last 30 days were, at $0.0030 each"
        " (1 more at a cost that is not known)."
    )


def test_without_a_known_cost_the_estimate_is_not_known() -> None:
    """Nothing is made up."""
    assert estimate_told(5, []).startswith("Estimated cost: not known")
