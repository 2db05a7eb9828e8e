"""The selling prices of a product and its variants: rules, unless a person set the price."""

from collections.abc import Iterator
from dataclasses import dataclass

from cartage.model.catalogue import CatalogueProduct
from cartage.model.pricing import Basis, PriceRange, PriceStep, PricingRules, SellingPrice
from cartage.model.product import Money, Product, Variant
from cartage.pricing.rules import selling_price


@dataclass(frozen=True, slots=True)
class ProductPrices:
    """Hold what a product sells for: by itself, and each of its variants in their order."""

    own: SellingPrice
    variants: tuple[SellingPrice, ...] = ()
    without_evidence: tuple[str, ...] = ()

    def sold(self) -> Iterator[SellingPrice]:
        """Give the prices at which something is sold: the variants', or the product's own where it has none."""
        yield from self.variants or (self.own,)


def prices_of(product: CatalogueProduct, rules: PricingRules) -> ProductPrices:
    """Price a product; `without_evidence` names regular prices that nothing shows, which are left out.

    A price that a person set is the selling price, also of variants that all cost the same: the rule is for what
    sources say.
    """
    facts = product.facts or Product()
    rules = rules_for(product, rules)
    unshown: list[str] = []
    own_regular = _shown(product, "/regular_price", facts.regular_price, unshown)
    locked = "price" in product.locked
    own = _by_person(rules, facts.price, own_regular) if locked else selling_price(rules, facts.price, own_regular)
    if locked and len({str(each.price) for each in facts.variants if each.price}) <= 1:
        return ProductPrices(own, tuple(own for _ in facts.variants), tuple(unshown))
    variants = tuple(_variant_price(product, each, rules, unshown) for each in facts.variants)
    return ProductPrices(own, variants, tuple(unshown))


def rules_for(product: CatalogueProduct, rules: PricingRules) -> PricingRules:
    """Give the merchant's rules, with a product's own rule in place of their ranges where it has one."""
    if product.own_rule is None:
        return rules
    return rules.model_copy(update={"ranges": (PriceRange(**product.own_rule.model_dump()),)})


def is_lock_unused(product: CatalogueProduct, prices: ProductPrices) -> bool:
    """Tell whether a person's price sells nothing, as the variants cost differently."""
    return "price" in product.locked and all(each.basis is not Basis.PERSON for each in prices.sold())


def _variant_price(
    product: CatalogueProduct, variant: Variant, rules: PricingRules, unshown: list[str]
) -> SellingPrice:
    facts = product.facts or Product()
    if variant.price is None:
        regular = _shown(product, "/regular_price", facts.regular_price, [])
        return selling_price(rules, None if "price" in product.locked else facts.price, regular)
    regular = _shown(product, "/variants", variant.regular_price, unshown)
    return selling_price(rules, variant.price, regular)


def _shown(product: CatalogueProduct, pointer: str, price: Money | None, unshown: list[str]) -> Money | None:
    if price is None:
        return None
    told = any(key == pointer or key.startswith(f"{pointer}/") for key in product.evidence)
    if not told:
        unshown.append(pointer)
    return price if told else None


def _by_person(rules: PricingRules, price: Money | None, regular: Money | None) -> SellingPrice:
    if price is None:
        return SellingPrice(basis=Basis.PERSON, reason="The price was emptied by hand.")
    shown = regular if rules.compare_at == "source" else None
    higher = shown and shown.currency == price.currency and shown.amount > price.amount
    step = PriceStep(kind="person", text="Set by hand, which no rule changes", amount=price)
    return SellingPrice(basis=Basis.PERSON, price=price, compare_at=shown if higher else None, steps=(step,))
