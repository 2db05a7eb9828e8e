"""The selling prices of products: by rule, unless a person set the price, and struck only with evidence."""

from decimal import Decimal

from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.evidence import Evidence, Source
from cartage.model.pricing import Basis, PriceRange, PricingRules
from cartage.model.product import Money, Product, Variant
from cartage.pricing.products import is_lock_unused, prices_of
from tests.contracts.records import a_product

DOUBLED = PricingRules(ranges=(PriceRange(multiplier=Decimal(2)),))
TOLD = (Evidence(source=Source.JSON_LD, where="/offers", raw="12"),)


def eur(amount: int) -> Money:
    """Make an amount in euros."""
    return Money(amount=Decimal(amount), currency="EUR")


def a_mug(*pointers: str, locked: bool = False, **facts: object) -> CatalogueProduct:
    """Make an imported product with evidence at some pointers."""
    return a_product(
        "mer_1",
        status=Status.IMPORTED,
        facts=Product.model_validate({"name": "Mug", "price": eur(10), **facts}),
        evidence=dict.fromkeys(pointers, TOLD),
        locked=("price",) if locked else (),
    )


def test_variants_have_their_own_prices() -> None:
    """Each variant is priced by what it costs; one without a price of its own costs what the product does."""
    mug = a_mug(variants=(Variant(sku="S", price=eur(12)), Variant(sku="M")))

    prices = prices_of(mug, DOUBLED)

    assert [each.price for each in prices.sold()] == [eur(24), eur(20)]
    assert [each.cost for each in prices.sold()] == [eur(12), eur(10)]


def test_a_price_set_by_hand_is_the_selling_price() -> None:
    """No rule touches it, it sells variants that cost the same, and what the source asks is not known any more."""
    mug = a_mug(locked=True, variants=(Variant(sku="S", price=eur(9)), Variant(sku="M", price=eur(9))))

    sold = list(prices_of(mug, DOUBLED).sold())

    assert [(each.basis, each.price, each.cost) for each in sold] == [(Basis.PERSON, eur(10), None)] * 2


def test_a_price_set_by_hand_does_not_flatten_variants() -> None:
    """Variants that cost differently keep their own prices, and that is told."""
    mug = a_mug(locked=True, variants=(Variant(sku="S", price=eur(8)), Variant(sku="M", price=eur(9))))

    prices = prices_of(mug, DOUBLED)

    assert [each.price for each in prices.sold()] == [eur(16), eur(18)]
    assert is_lock_unused(mug, prices)


def test_a_regular_price_without_evidence_is_left_out() -> None:
    """A struck price is only what a source was seen to state."""
    shown = prices_of(a_mug("/regular_price", regular_price=eur(15)), DOUBLED)
    unshown = prices_of(a_mug(regular_price=eur(15)), DOUBLED)

    assert (shown.own.compare_at, shown.without_evidence) == (eur(30), ())
    assert (unshown.own.compare_at, unshown.without_evidence) == (None, ("/regular_price",))


def test_variants_regular_prices_need_evidence_of_variants() -> None:
    """A variant's struck price rests on where the variants were read."""
    variants = (Variant(sku="S", price=eur(8), regular_price=eur(9)),)

    shown, unshown = (prices_of(a_mug(*each, variants=variants), DOUBLED) for each in (("/variants",), ()))

    assert (shown.variants[0].compare_at, unshown.variants[0].compare_at) == (eur(18), None)
