"""What the doors call for pricing: a merchant's rules, and what other rules would do to real products."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from babel.numbers import is_currency

from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import InvalidInput
from cartage.model.pricing import Basis, PricingRules, SellingPrice
from cartage.pricing.products import prices_of
from cartage.store import Store

MOST_LOOKED_AT = 10_000
AT_ONCE = 500
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Repriced:
    """Show what rules do to one price: of a product, or of a variant named by its options."""

    product: CatalogueProduct
    variant: str
    before: SellingPrice
    after: SellingPrice

    @property
    def changed(self) -> bool:
        """Tell whether the price or the struck price becomes another."""
        return (self.before.price, self.before.compare_at) != (self.after.price, self.after.compare_at)


@dataclass(slots=True)
class Effect:
    """Count what rules would do to prices; `more` tells that there are products that were not looked at."""

    products: int = 0
    prices: int = 0
    changed: int = 0
    locked: int = 0
    unknown: int = 0
    more: bool = False
    shown: list[Repriced] = field(default_factory=list[Repriced])

    def add(self, product: CatalogueProduct, before: PricingRules, after: PricingRules) -> None:
        """Count one product's prices, and show its first one that changes."""
        self.products += 1
        told = [each for each in repriced(product, before, after) if self._counted(each)]
        if told and len(self.shown) < SHOWN:
            self.shown.append(told[0])

    def _counted(self, each: Repriced) -> bool:
        self.prices += 1
        self.locked += each.after.basis is Basis.PERSON
        self.unknown += each.after.price is None
        self.changed += each.changed
        return each.changed


@dataclass(frozen=True, slots=True)
class Pricing:
    """Price merchants' products."""

    store: Store

    async def rules(self, merchant_id: str) -> PricingRules:
        """Get a merchant's rules; those that change nothing where none were set."""
        return await self.store.selling.pricing(merchant_id) or PricingRules()

    async def set_rules(self, merchant_id: str, rules: PricingRules) -> PricingRules:
        """Write a merchant's rules, which hold at once; raises `InvalidInput` for a currency there is not."""
        check_currencies(rules)
        await self.store.selling.set_pricing(merchant_id, rules)
        return rules

    async def effect(self, merchant_id: str, rules: PricingRules) -> Effect:
        """Tell what rules would do to the merchant's newest products; nothing is written."""
        check_currencies(rules)
        before, effect, last = await self.rules(merchant_id), Effect(), ""
        while page := await self.store.listing.products(merchant_id, before=last, limit=AT_ONCE):
            if effect.products >= MOST_LOOKED_AT:
                effect.more = True
                break
            await asyncio.to_thread(_add_page, effect, page, before, rules)
            last = page[-1].id
        return effect


def repriced(product: CatalogueProduct, before: PricingRules, after: PricingRules) -> list[Repriced]:
    """Give each price of a product under two sets of rules."""
    names = [" / ".join(each.options.values()) for each in product.facts.variants] if product.facts else []
    pairs = zip(prices_of(product, before).sold(), prices_of(product, after).sold(), strict=True)
    return [Repriced(product, name, old, new) for name, (old, new) in zip(names or [""], pairs, strict=True)]


def check_currencies(rules: PricingRules) -> None:
    """Hold rules to currencies that there are; raises `InvalidInput`."""
    if rules.currency and not is_currency(rules.currency):
        raise InvalidInput(f"There is no currency {rules.currency}.", "/currency")
    for code in rules.rates:
        if not is_currency(code):
            raise InvalidInput(f"There is no currency {code}.", f"/rates/{code}")


def _add_page(effect: Effect, page: Sequence[CatalogueProduct], before: PricingRules, after: PricingRules) -> None:
    for product in page:
        if product.facts:
            effect.add(product, before, after)
