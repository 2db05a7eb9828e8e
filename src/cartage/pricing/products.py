"""The selling prices of a product and its variants: rules, unless a person set the price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cartage.model.catalogue import CatalogueProduct
from cartage.model.pricing import Basis, PriceRange, PriceStep, PricingRules, SellingPrice
from cartage.model.product import Money, Product
from cartage.model.stated import Stated, by_person
from cartage.pricing.rules import selling_price, source_steps


@dataclass(frozen=True, slots=True)
class ProductPrices:
    """Hold what a product sells for: by itself, and each of its variants in their order.

    `lock_unused` tells that a price that a person set for the product sells nothing, as each variant has its own.
    """

    own: SellingPrice
    variants: tuple[SellingPrice, ...] = ()
    without_evidence: tuple[str, ...] = ()
    lock_unused: bool = False

    def sold(self) -> Iterator[SellingPrice]:
        """Give the prices at which something is sold: the variants', or the product's own where it has none."""
        yield from self.variants or (self.own,)


def prices_of(product: CatalogueProduct, rules: PricingRules) -> ProductPrices:
    """Price a product; `without_evidence` names regular prices that nothing shows, which are left out.

    A price that a person set is the selling price: of a variant its own, of a product also that of the variants whose
    prices nobody set, where the page asks the same for all of them. Rules are for what sources say. A regular price
    that a person set is struck as it is, where it is above what is asked; also beside variants that all cost the same.
    """
    return _Pricing(product, rules_for(product, rules)).prices()


def sold_alike(product: CatalogueProduct) -> int:
    """Count the variants that sell for the price that a person sets for the product."""
    return sum(_Pricing(product, PricingRules()).follow(product.facts or Product()))


def rules_for(product: CatalogueProduct, rules: PricingRules) -> PricingRules:
    """Give the merchant's rules, with a product's own rule in place of their ranges where it has one."""
    if product.own_rule is None:
        return rules
    return rules.model_copy(update={"ranges": (PriceRange(**product.own_rule.model_dump()),)})


def struck(sold: SellingPrice, regular: Money | None) -> SellingPrice:
    """Strike a regular price beside what is asked, where it is above that."""
    price = sold.price
    higher = price and regular and regular.currency == price.currency and regular.amount > price.amount
    return sold.model_copy(update={"compare_at": regular if higher else None})


@dataclass(slots=True)
class _Pricing:
    product: CatalogueProduct
    rules: PricingRules
    unshown: list[str] = field(default_factory=list[str])

    def prices(self) -> ProductPrices:
        facts = self.product.facts or Product()
        source, costs = self._costs()
        locked = "price" in self.product.locked
        regular = self._shown("/regular_price", facts.regular_price)
        own = self._by_person(facts.price, source, regular) if locked else self._by_rule(source, regular)
        follows = self.follow(facts) if locked else [False] * len(costs)
        variants = tuple(
            self._by_person(facts.price, cost, regular) if following else self._variant(place, cost, regular)
            for place, (cost, following) in enumerate(zip(costs, follows, strict=True))
        )
        if "regular_price" in self.product.locked:
            own = struck(own, facts.regular_price)
            if len({str(each.price) for each in variants}) <= 1:
                variants = tuple(struck(each, facts.regular_price) for each in variants)
        unused = locked and bool(variants) and not any(follows)
        return ProductPrices(own, variants, tuple(dict.fromkeys(self.unshown)), unused)

    def follow(self, facts: Product) -> Sequence[bool]:
        """Tell which variants the price sells that a person set for the product."""
        own = [self._set_by_hand(place) for place in range(len(facts.variants))]
        pairs = list(zip(facts.variants, own, strict=True))
        flat = len({str(variant.price) for variant, by_hand in pairs if variant.price and not by_hand}) <= 1
        return [not by_hand and (flat or variant.price is None) for variant, by_hand in pairs]

    def _costs(self) -> tuple[Money | None, Sequence[Money | None]]:
        """Give what the source asks, of the product and of each variant, under what a person set."""
        facts, kept = self.product.facts or Product(), self.product.stated or Stated()
        own = kept.facts.price if "price" in self.product.locked else facts.price
        called = self.product.relabelled.applied(kept.facts).variants
        stated = {frozenset(each.options.items()): each.price or own for each in reversed(called)}
        return own, [
            stated.get(frozenset(each.options.items())) if self._set_by_hand(place) else each.price or own
            for place, each in enumerate(facts.variants)
        ]

    def _set_by_hand(self, place: int) -> bool:
        variants = self.product.facts.variants if self.product.facts else ()
        return variants[place].price is not None and by_person(
            self.product.evidence.get(f"/variants/{place}/price", ())
        )

    def _variant(self, place: int, cost: Money | None, regular: Money | None) -> SellingPrice:
        variant = (self.product.facts or Product()).variants[place]
        if variant.price is None:
            return self._by_rule(cost, regular)
        regular = self._shown("/variants", variant.regular_price)
        return (
            self._by_person(variant.price, cost, regular) if self._set_by_hand(place) else self._by_rule(cost, regular)
        )

    def _by_rule(self, source: Money | None, regular: Money | None) -> SellingPrice:
        return selling_price(self.rules, source, regular)

    def _by_person(self, price: Money | None, source: Money | None, regular: Money | None) -> SellingPrice:
        cost, steps = source_steps(self.rules, source)
        if price is None:
            return SellingPrice(basis=Basis.PERSON, cost=cost, reason="The price was emptied by hand.")
        steps.append(PriceStep(kind="person", text="Set by hand, which no rule changes", amount=price))
        sold = SellingPrice(basis=Basis.PERSON, price=price, cost=cost, steps=tuple(steps))
        return struck(sold, regular if self.rules.compare_at == "source" else None)

    def _shown(self, pointer: str, price: Money | None) -> Money | None:
        if price is None:
            return None
        told = any(key == pointer or key.startswith(f"{pointer}/") for key in self.product.evidence)
        if not told:
            self.unshown.append(pointer)
        return price if told else None
