"""Pricing over HTTP: the rules, what other rules would do, and how one product's price comes about."""

from typing import Any

from fastapi import APIRouter

from cartage.model.pricing import PricingRules
from cartage.pricing.products import prices_of
from cartage.pricing.service import Effect, Pricing, Repriced
from cartage.wire.pricing import EffectOut, PricesOut, RepricedOut


def add_pricing(router: APIRouter, pricing: Pricing, merchant: Any) -> None:
    """Add the rules, their preview, and a product's prices."""

    @router.get("/v1/pricing-rules", tags=["pricing"])
    async def get_rules(*, merchant_id: str = merchant) -> PricingRules:
        """Get your pricing rules; at first they change nothing.

        Rules are for what pages ask; a price that a person set stays as it is.
        """
        return await pricing.rules(merchant_id)

    @router.put("/v1/pricing-rules", tags=["pricing"])
    async def set_rules(body: PricingRules, *, merchant_id: str = merchant) -> PricingRules:
        """Set your pricing rules, which hold at once wherever a selling price is shown or exported.

        They take the place of all rules before: send them whole. Preview them first where you are not sure.
        """
        return await pricing.set_rules(merchant_id, body)

    @router.post("/v1/pricing-rules/preview", tags=["pricing"])
    async def preview_rules(body: PricingRules, *, merchant_id: str = merchant) -> EffectOut:
        """Tell what rules would do to your own products; nothing is changed.

        Send them as you would set them; `examples` are prices before and after.
        """
        return shown_effect(await pricing.effect(merchant_id, body))

    @router.get("/v1/products/{product_id}/price", tags=["pricing"])
    async def get_price(product_id: str, *, merchant_id: str = merchant) -> PricesOut:
        """Get a product's selling prices, each step from the source's price to yours told.

        Prices are worked out by the rules as they are now; none is kept. `variants` stand in the order of the
        product's.
        """
        product = await pricing.store.catalogue.product(merchant_id, product_id)
        prices = prices_of(product, await pricing.rules(merchant_id))
        return PricesOut(own=prices.own, variants=list(prices.variants), lock_unused=prices.lock_unused)


def shown_effect(effect: Effect) -> EffectOut:
    """Show what rules would do."""
    return EffectOut(
        products=effect.products,
        prices=effect.prices,
        changed=effect.changed,
        locked=effect.locked,
        unknown=effect.unknown,
        more=effect.more,
        examples=[_shown(each) for each in effect.shown],
    )


def _shown(each: Repriced) -> RepricedOut:
    facts = each.product.facts
    return RepricedOut(
        product_id=each.product.id,
        name=facts.name if facts else None,
        variant=each.variant,
        before=each.before,
        after=each.after,
    )
