"""Pricing rules: every step told, and never below cost plus the minimum margin, whatever the rules say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cartage.model.pricing import Basis, Margin, PriceRange, PricingRules, Rounding
from cartage.model.product import Money
from cartage.pricing.rules import converted, floor_of, selling_price

AMOUNTS = st.decimals(min_value=0, max_value=100_000, places=2)
CURRENCIES = ("EUR", "USD", "JPY", "KWD")


def eur(amount: str) -> Money:
    """Make an amount in euros."""
    return Money(amount=Decimal(amount), currency="EUR")


def times(multiplier: str, up_to: str | None = None) -> PriceRange:
    """Make a range that multiplies."""
    return PriceRange(multiplier=Decimal(multiplier), up_to=None if up_to is None else Decimal(up_to))


@st.composite
def any_rules(draw: st.DrawFn) -> PricingRules:
    """Make rules of any kind, foolish ones among them."""
    bounds = sorted(draw(st.sets(st.decimals(min_value=1, max_value=10_000, places=2), max_size=3)))
    ranges = [
        PriceRange(
            up_to=up_to,
            multiplier=draw(st.decimals(min_value=0, max_value=10, places=3)),
            percent=draw(st.decimals(min_value=-100, max_value=500, places=1)),
            fixed=draw(st.decimals(min_value=-500, max_value=500, places=2)),
        )
        for up_to in [*bounds, None]
    ]
    return PricingRules(
        ranges=tuple(ranges),
        minimum_margin=Margin(percent=draw(AMOUNTS), fixed=draw(AMOUNTS)),
        rounding=Rounding(
            direction=draw(st.sampled_from(["up", "nearest", "down"])),
            ending=draw(st.sampled_from(["none", ".99", ".95", ".00"])),
        ),
        currency=draw(st.sampled_from([None, *CURRENCIES])),
        rates={each: draw(st.decimals(min_value="0.001", max_value=200, places=3)) for each in CURRENCIES},
    )


@given(any_rules(), AMOUNTS, st.sampled_from(CURRENCIES), AMOUNTS)
def test_no_rule_sells_below_cost_and_minimum_margin(
    rules: PricingRules, cost: Decimal, currency: str, regular: Decimal
) -> None:
    """Whatever multiplier, percent, rounding and rate there is, the floor holds, and a struck price is higher."""
    source = Money(amount=cost, currency=currency)

    sold = selling_price(rules, source, Money(amount=regular, currency=currency))

    in_own = converted(rules, source)
    assert sold.price
    assert in_own
    assert sold.price.amount >= floor_of(rules.minimum_margin, in_own.amount)
    assert sold.price.currency == (rules.currency or currency)
    assert sold.steps[-1].amount == sold.price
    assert sold.compare_at is None or sold.compare_at.amount > sold.price.amount


@pytest.mark.parametrize(
    ("direction", "ending", "expected"),
    [
        ("up", ".95", "2.95"),
        ("up", ".99", "2.99"),
        ("down", ".99", "1.99"),
        ("nearest", ".99", "1.99"),
        ("nearest", ".95", "1.95"),
        ("up", ".00", "3.00"),
        ("down", ".00", "2.00"),
        ("nearest", "none", "2.37"),
    ],
)
def test_rounding_goes_its_way_to_its_ending(direction: str, ending: str, expected: str) -> None:
    """A cost of 1.185 doubled is 2.37, and then goes up, down or to the nearest price with the ending."""
    rounding = Rounding.model_validate({"direction": direction, "ending": ending})

    sold = selling_price(PricingRules(ranges=(times("2"),), rounding=rounding), eur("1.185"))

    assert sold.price == eur(expected)


def test_the_first_range_that_reaches_the_cost_is_the_rule() -> None:
    """A cost at the end of a range belongs to it; above it the next one begins."""
    rules = PricingRules(ranges=(times("3", "25"), times("2.5", "50"), times("2")))

    asked = [selling_price(rules, eur(cost)).price for cost in ("25.00", "25.01", "50", "60")]

    assert [each and each.amount for each in asked] == [Decimal(75), Decimal("62.53"), Decimal(125), Decimal(120)]


def test_every_step_is_told() -> None:
    """Source price, currency, rule, rounding: each with the amount after it."""
    rules = PricingRules(
        ranges=(times("2.5", "50"), times("2")),
        rounding=Rounding(direction="up", ending=".99"),
        currency="EUR",
        rates={"USD": Decimal("0.9")},
    )

    sold = selling_price(rules, Money(amount=Decimal("20.00"), currency="USD"))

    told = [(step.kind, step.text, str(step.amount.amount.normalize())) for step in sold.steps]
    assert told == [
        ("source", "What the source asks", "2E+1"),
        ("currency", "At 0.9 EUR for 1 USD", "18"),
        ("rule", "Your rule, up to 50: × 2.5", "45"),
        ("rounding", "Rounded up to an ending of .99", "45.99"),
    ]
    assert (sold.price, sold.cost) == (eur("45.99"), eur("18"))


def test_the_minimum_margin_lifts_and_says_so() -> None:
    """A rule that earns too little gives way to the cost and the margin; rounding down does not undercut it."""
    rules = PricingRules(
        ranges=(times("1.1"),),
        minimum_margin=Margin(percent=Decimal(20), fixed=Decimal(1)),
        rounding=Rounding(direction="down", ending=".00"),
    )

    sold = selling_price(rules, eur("10.10"))

    assert [step.kind for step in sold.steps] == ["source", "rule", "margin", "rounding"]
    assert sold.price == eur("14.00")


def test_without_rules_a_price_stays_what_it_is() -> None:
    """The rules nobody set change neither the price nor the regular price."""
    sold = selling_price(PricingRules(), eur("19.90"), eur("24.90"))

    assert (sold.price, sold.compare_at, [step.kind for step in sold.steps]) == (
        eur("19.90"),
        eur("24.90"),
        ["source"],
    )


def test_a_struck_price_is_only_the_sources_own() -> None:
    """The regular price goes through the same rule, or is left out; none is made up where the source has none."""
    rules = PricingRules(ranges=(times("2.5"),))
    never = rules.model_copy(update={"compare_at": "none"})

    with_one, without = selling_price(rules, eur("31.96"), eur("39.96")), selling_price(rules, eur("31.96"))

    assert (with_one.price, with_one.compare_at) == (eur("79.90"), eur("99.90"))
    assert without.compare_at is None
    assert selling_price(never, eur("31.96"), eur("39.96")).compare_at is None


def test_an_unknown_price_or_rate_gives_no_price_but_the_reason() -> None:
    """Nothing is guessed: no price, no selling price; no rate, no conversion."""
    rules = PricingRules(currency="EUR")

    unstated, unrated = selling_price(rules, None), selling_price(rules, Money(amount=Decimal(5), currency="SEK"))

    assert (unstated.basis, unstated.price, unstated.reason) == (Basis.UNKNOWN, None, "The source states no price.")
    assert (unrated.price, unrated.reason) == (None, "There is no rate from SEK to EUR.")


@pytest.mark.parametrize(
    "ranges",
    [(times("2", "50"),), (times("2", "50"), times("2", "50"), times("1")), (times("2"), times("1", "9")), ()],
)
def test_ranges_cover_every_cost_once(ranges: tuple[PriceRange, ...]) -> None:
    """Ranges that overlap, stop before the end or go on after it are refused."""
    with pytest.raises(ValidationError):
        PricingRules(ranges=ranges)
