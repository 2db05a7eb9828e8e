"""The page of pricing rules: ranges, margin, rounding and currency, tried on the merchant's own products meanwhile."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.model.errors import InvalidInput
from cartage.model.pricing import PricingRules
from cartage.pricing.service import Pricing
from cartage.web.answers import go
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/pricing"
RANGE = ("up_to", "multiplier", "percent", "fixed")
MOST_ROWS = 12
SPARE_ROWS = 2
PLAIN = {"minimum_percent": "", "minimum_fixed": "", "direction": "nearest", "ending": "none", "compare_at": "source"}
WORDS = {
    "ranges": "Ranges",
    "minimum_margin": "Minimum margin",
    "rounding": "Rounding",
    "rates": "Rates",
    "currency": "Currency",
}


def add_pricing(router: APIRouter, pricing: Pricing, sessions: Sessions) -> None:
    """Add the page."""

    async def shown(
        request: Request, visitor: Visitor, fields: Mapping[str, str], status: int = 200, **told: Any
    ) -> Response:
        context: dict[str, Any] = {"error": "", "kept": False, "effect": None} | told
        if not context["error"]:
            try:
                context["effect"] = await pricing.effect(visitor.merchant_id, rules_of(fields))
            except InvalidInput as error:
                context["error"] = error.detail
        return page(request, "pricing.html", status, fields=fields, rows=_rows(fields), **context)

    async def _begun(visitor: Visitor) -> PricingRules:
        """Give the merchant's rules; new ones begin with their currency."""
        rules = await pricing.rules(visitor.merchant_id)
        return rules if rules != PricingRules() else PricingRules(currency=visitor.merchant.currency)

    @router.get(HERE)
    async def show_rules(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        given = dict(request.query_params)
        tried = any(name.startswith("multiplier-") for name in given)
        fields = given if tried else fields_of(await _begun(visitor))
        return await shown(request, visitor, fields, kept=bool(kept))

    @router.post(HERE)
    async def set_rules(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        try:
            await pricing.set_rules(posted.merchant_id, rules_of(posted.fields))
        except InvalidInput as error:
            return await shown(request, posted.visitor, posted.fields, 422, error=error.detail)
        return go(f"{HERE}?kept=1")


def fields_of(rules: PricingRules) -> dict[str, str]:
    """Give the form's fields as rules have them."""
    fields = {
        "minimum_percent": _plain(rules.minimum_margin.percent),
        "minimum_fixed": _plain(rules.minimum_margin.fixed),
        "direction": rules.rounding.direction,
        "ending": rules.rounding.ending,
        "compare_at": rules.compare_at,
        "currency": rules.currency or "",
        "rates": "\n".join(f"{code} {_plain(rate)}" for code, rate in rules.rates.items()),
    }
    for number, each in enumerate(rules.ranges):
        fields |= {f"{name}-{number}": _plain(getattr(each, name)) for name in RANGE}
    return fields


def rules_of(fields: Mapping[str, str]) -> PricingRules:
    """Read the form; rows without anything in them are left out. Raises `InvalidInput`, which names the part."""
    told = PLAIN | {name: value.strip() for name, value in fields.items()}
    margin = {"percent": _number(told["minimum_percent"], "0"), "fixed": _number(told["minimum_fixed"], "0")}
    rules = {
        "ranges": [_range(row) for row in _filled_rows(told)] or [{}],
        "minimum_margin": margin,
        "rounding": {"direction": told["direction"], "ending": told["ending"]},
        "compare_at": told["compare_at"],
        "currency": told.get("currency", "").upper() or None,
        "rates": _rates(told.get("rates", "")),
    }
    try:
        return PricingRules.model_validate(rules)
    except ValidationError as error:
        first = error.errors()[0]
        part = WORDS.get(str(first["loc"][0]), str(first["loc"][0])) if first["loc"] else "Ranges"
        raise InvalidInput(f"{part}: {first['msg'].removeprefix('Value error, ')}.") from error


def _rows(fields: Mapping[str, str]) -> list[dict[str, str]]:
    filled = _filled_rows(fields)
    return [*filled, *(dict[str, str].fromkeys(RANGE, "") for _ in range(min(SPARE_ROWS, MOST_ROWS - len(filled))))]


def _filled_rows(fields: Mapping[str, str]) -> list[dict[str, str]]:
    rows = [{name: fields.get(f"{name}-{number}", "").strip() for name in RANGE} for number in range(MOST_ROWS)]
    return [row for row in rows if any(row.values())]


def _range(row: Mapping[str, str]) -> dict[str, Decimal | None]:
    up_to = _number(row["up_to"], "") if row["up_to"] else None
    return {
        "up_to": up_to,
        "multiplier": _number(row["multiplier"], "1"),
        "percent": _number(row["percent"], "0"),
        "fixed": _number(row["fixed"], "0"),
    }


def _rates(text: str) -> dict[str, Decimal]:
    lines = [line.replace("=", " ").replace(":", " ").split() for line in text.splitlines() if line.strip()]
    if wrong := next((line for line in lines if len(line) != len(("code", "rate"))), None):
        raise InvalidInput(f"Rates: “{' '.join(wrong)}” is no currency with its rate, such as USD 0.92.")
    return {code.upper(): _number(rate, "") for code, rate in lines}


def _number(text: str, otherwise: str) -> Decimal:
    try:
        return Decimal((text or otherwise).replace(",", "."))
    except InvalidOperation as error:
        raise InvalidInput(f"“{text}” is no number, such as 2.5.") from error


def _plain(number: Decimal | None) -> str:
    return f"{number.normalize():f}" if number else ""
