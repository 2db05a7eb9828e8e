"""The selling prices of products: by rule, unless a person set the price, and struck only with evidence."""

from decimal import Decimal

from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.edit import Edit
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import with_edit, with_locks
from cartage.model.pricing import Basis, PriceRange, PricingRules
from cartage.model.product import Money, Product, Variant
from cartage.model.variant_edit import VariantEdit
from cartage.pricing.products import prices_of
from cartage.pricing.service import Effect
from tests.contracts.records import NOON, a_product

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
    """No rule touches it, and it sells variants that cost the same; each keeps what the source asks as its cost."""
    mug = a_mug(locked=True, variants=(Variant(sku="S", price=eur(9)), Variant(sku="M", price=eur(9))))

    sold = list(prices_of(mug, DOUBLED).sold())

    assert [(each.basis, each.price, each.cost) for each in sold] == [(Basis.PERSON, eur(10), eur(9))] * 2


def test_a_price_set_by_hand_keeps_what_the_source_asks() -> None:
    """The cost is what the page states now, in the merchant's currency; of older locks it is not known."""
    rules = PricingRules(currency="EUR", rates={"USD": Decimal("0.5")})
    page = a_mug(price=Money(amount=Decimal(64), currency="USD"))
    mug = with_edit(page, Edit(price=eur(70)), NOON)
    dearer = with_locks(mug, a_mug(price=Money(amount=Decimal(80), currency="USD")))
    old = mug.model_copy(update={"stated": None})

    sold = [prices_of(each, rules).own for each in (mug, dearer, old)]

    assert [(each.price, each.cost) for each in sold] == [(eur(70), eur(32)), (eur(70), eur(40)), (eur(70), None)]
    assert [step.kind for step in sold[0].steps] == ["source", "currency", "person"]


def test_a_variants_price_set_by_hand_is_final() -> None:
    """No rule raises it and no price of the product replaces it; its cost stays what the source asks for it."""
    variants = tuple(Variant(options={"Size": size}, price=eur(12)) for size in "SM")
    edit = Edit(variants=(VariantEdit(options={"Size": "S"}, price=eur(75)),))
    mug = with_edit(a_mug(variants=variants), edit, NOON)
    both = with_edit(mug, Edit(price=eur(20)), NOON)

    ruled, locked = prices_of(mug, DOUBLED), prices_of(both, DOUBLED)

    assert [(each.basis, each.price, each.cost) for each in ruled.sold()] == [
        (Basis.PERSON, eur(75), eur(12)),
        (Basis.RULE, eur(24), eur(12)),
    ]
    assert [(each.price, each.cost) for each in locked.sold()] == [(eur(75), eur(12)), (eur(20), eur(12))]
    assert not locked.lock_unused


def test_a_variants_price_that_was_emptied_is_the_products() -> None:
    """It has none of its own then, and costs what the product does."""
    variants = tuple(Variant(options={"Size": size}, price=eur(12)) for size in "SM")
    mug = with_edit(a_mug(variants=variants), Edit(variants=(VariantEdit(options={"Size": "S"}, price=None),)), NOON)

    assert [each.price for each in prices_of(mug, DOUBLED).sold()] == [eur(20), eur(24)]


def test_prices_set_by_hand_count_as_locked() -> None:
    """What other rules would do tells of variants as of products how many prices they leave alone."""
    variants = tuple(Variant(options={"Size": size}, price=eur(12)) for size in "SM")
    edit = Edit(variants=(VariantEdit(options={"Size": "S"}, price=eur(75)),))
    effect = Effect()

    effect.add(with_edit(a_mug(variants=variants), edit, NOON), PricingRules(), DOUBLED)

    assert (effect.prices, effect.locked, effect.changed) == (2, 1, 1)


def test_a_price_set_by_hand_does_not_flatten_variants() -> None:
    """Variants that cost differently keep their own prices, and that is told."""
    mug = a_mug(locked=True, variants=(Variant(sku="S", price=eur(8)), Variant(sku="M", price=eur(9))))

    prices = prices_of(mug, DOUBLED)

    assert [each.price for each in prices.sold()] == [eur(16), eur(18)]
    assert prices.lock_unused


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
