"""Rules applied: a supplier's price becomes a selling price, every step of it told, and never below its floor."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from cartage.model.pricing import Basis, Margin, Markup, PriceRange, PriceStep, PricingRules, Rounding, SellingPrice
from cartage.model.product import Money

HUNDRED = Decimal(100)
ROUNDINGS = {"up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}
CENTS = 2  # decimals that an ending such as .99 has


def selling_price(rules: PricingRules, source: Money | None, regular: Money | None = None) -> SellingPrice:
    """Give what a merchant asks for what costs `source`; `regular` is the source's price before a reduction.

    The price is never below the converted cost plus the minimum margin. Unknown costs and currencies without a
    rate give no price, but the reason.
    """
    if source is None:
        return SellingPrice(basis=Basis.UNKNOWN, reason="The source states no price.")
    cost, steps = source_steps(rules, source)
    if cost is None:
        reason = f"There is no rate from {source.currency} to {rules.currency}."
        return SellingPrice(basis=Basis.UNKNOWN, steps=tuple(steps), reason=reason)
    chosen = range_of(rules, cost.amount)
    price = _asked(rules, chosen, cost, steps)
    higher = converted(rules, regular) if regular and rules.compare_at == "source" else None
    compare_at = _asked(rules, chosen, higher, []) if higher and higher.currency == price.currency else None
    return SellingPrice(
        basis=Basis.RULE,
        price=price,
        compare_at=compare_at if compare_at and compare_at.amount > price.amount else None,
        cost=cost,
        steps=tuple(steps),
    )


def source_steps(rules: PricingRules, source: Money | None) -> tuple[Money | None, list[PriceStep]]:
    """Give what the source asks in the merchant's currency, None where that is not known, and the steps to it."""
    cost = source and converted(rules, source)
    steps = [PriceStep(kind="source", text="What the source asks", amount=source)] if source else []
    if source and cost and cost.currency != source.currency:
        told = f"At {rules.rates[source.currency].normalize():f} {cost.currency} for 1 {source.currency}"
        steps.append(PriceStep(kind="currency", text=told, amount=cost))
    return cost, steps


def converted(rules: PricingRules, money: Money) -> Money | None:
    """Give an amount in the rules' currency, exactly; None without a rate."""
    wanted = rules.currency or money.currency
    if wanted == money.currency:
        return money
    rate = rules.rates.get(money.currency)
    return None if rate is None else Money(amount=money.amount * rate, currency=wanted)


def range_of(rules: PricingRules, cost: Decimal) -> PriceRange:
    """Choose the range that a converted cost falls into."""
    return next(each for each in rules.ranges if each.up_to is None or cost <= each.up_to)


def floor_of(margin: Margin, cost: Decimal) -> Decimal:
    """Give the least that may be asked."""
    return cost * (1 + margin.percent / HUNDRED) + margin.fixed


def rounded(rounding: Rounding, amount: Decimal, currency: str) -> Decimal:
    """Move an amount to the ending and direction; currencies without cents have no endings."""
    precision = get_currency_precision(currency)
    unit = Decimal(1).scaleb(-precision)
    if rounding.ending == "none" or precision < CENTS:
        return amount.quantize(unit, ROUNDINGS[rounding.direction])
    ending = Decimal(rounding.ending)
    whole = (amount - ending).quantize(Decimal(1), ROUNDINGS[rounding.direction])
    return (max(whole, Decimal(0)) + ending).quantize(unit)


def described(chosen: PriceRange) -> str:
    """Say a range's rule in words, such as `up to 25: × 2.5 + 10% + 1`."""
    parts = [f"× {_plain(chosen.multiplier)}"] if chosen.multiplier != 1 else []
    parts += [f"{_signed(chosen.percent)}%"] if chosen.percent else []
    parts += [_signed(chosen.fixed)] if chosen.fixed else []
    rule = " ".join(parts) or "as it is"
    return rule if chosen.up_to is None else f"up to {_plain(chosen.up_to)}: {rule}"


def _asked(rules: PricingRules, chosen: PriceRange, cost: Money, steps: list[PriceStep]) -> Money:
    def note(kind: str, text: str, amount: Decimal) -> None:
        step = {"kind": kind, "text": text, "amount": Money(amount=amount, currency=cost.currency)}
        steps.append(PriceStep.model_validate(step))

    raised = _raised(chosen, cost.amount)
    if raised != cost.amount:
        note("rule", f"Your rule, {described(chosen)}", raised)
    floor = floor_of(rules.minimum_margin, cost.amount)
    if raised < floor:
        note("margin", "Lifted to the cost and your minimum margin", floor)
    wanted = max(raised, floor)
    price = _above(floor, rules.rounding, rounded(rules.rounding, wanted, cost.currency), cost.currency)
    if price != wanted:
        note("rounding", _rounding_text(rules.rounding), price)
    return Money(amount=price, currency=cost.currency)


def _above(floor: Decimal, rounding: Rounding, price: Decimal, currency: str) -> Decimal:
    return price if price >= floor else rounded(rounding.model_copy(update={"direction": "up"}), floor, currency)


def _raised(markup: Markup, cost: Decimal) -> Decimal:
    return cost * markup.multiplier * (1 + markup.percent / HUNDRED) + markup.fixed


def _rounding_text(rounding: Rounding) -> str:
    direction = {"up": "up", "nearest": "to the nearest", "down": "down"}[rounding.direction]
    if rounding.ending == "none":
        return f"Rounded {direction}, to the smallest coin"
    return (
        f"Rounded {direction} ending {rounding.ending}"
        if rounding.direction == "nearest"
        else (f"Rounded {direction} to an ending of {rounding.ending}")
    )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _signed(number: Decimal) -> str:
    return f"{'−' if number < 0 else '+'} {_plain(abs(number))}"
