"""Where findings are mended: every code has its place or says that it has none, and filters pick whom it is about."""

from datetime import UTC, datetime

import pytest

from cartage.exports.lint import CODES
from cartage.exports.mending import ELSEWHERE, PLACES, Ground, Place, concerned, places_of
from cartage.model.export import Finding, FindingGroup, Severity
from cartage.model.filtering import Filter, parse_filter
from cartage.model.product import Variant
from tests.exports.linen import a_mug, a_shirt, exported

AT = datetime(2026, 11, 26, tzinfo=UTC)
SHOP = parse_filter("site:shop.example", AT)


def a_group(code: str, *named: str, products: int) -> FindingGroup:
    """Give a group of findings, of which the first are named."""
    first = tuple(Finding(severity=Severity.ERROR, code=code, product_id=each, message="", fix="") for each in named)
    return FindingGroup(severity=Severity.ERROR, code=code, count=products, products=products, fix="", first=first)


def test_every_code_of_the_linter_has_its_place() -> None:
    """Or it is told that it is not mended in Cartage; never both, and never neither."""
    assert sorted([*PLACES, *ELSEWHERE]) == sorted(CODES)
    assert all(PLACES.values())


@pytest.mark.parametrize(
    ("code", "variant", "places"),
    [
        ("gtin_checksum", None, [Place(Ground.FIELD, "gtin", "gtin")]),
        ("gtin_checksum", 3, [Place(Ground.VARIANT, "gtin")]),
        ("brand_missing", 3, [Place(Ground.FIELD, "brand")]),
        ("weight_missing", None, [Place(Ground.FIELD, "weight", "weight")]),
        ("weight_missing", 3, [Place(Ground.VARIANT, "weight")]),
        ("stock_count_missing", None, []),
    ],
)
def test_what_is_wrong_with_a_variant_is_mended_in_its_row(code: str, variant: int | None, places: list[Place]) -> None:
    """Where variants have such a field; else it is the product's."""
    assert list(places_of(code, variant)) == places


@pytest.mark.parametrize(
    ("group", "exported", "picked"),
    [
        (a_group("brand_missing", "prd_1", products=90), SHOP, "site:shop.example missing:brand"),
        (a_group("sku_missing", "prd_1", "prd_2", products=2), SHOP, "id:prd_1,prd_2"),
        (a_group("sku_missing", "prd_1", "prd_2", products=90), SHOP, "None"),
        (a_group("file_over_15mb", "", products=0), SHOP, "None"),
    ],
)
def test_a_group_is_picked_by_a_filter_that_can_say_it(group: FindingGroup, exported: Filter, picked: str) -> None:
    """By what products lack, within what was exported, else by name where all are named; else by none."""
    assert str(concerned(group, exported)) == picked


def test_a_finding_names_the_variant_that_it_is_about() -> None:
    """By its place among the product's, or the first of several; what is about the product names none."""
    odd = a_shirt()
    assert odd.facts
    variants = tuple(Variant(options=each.options, gtin="123" if place == 2 else None, sku=each.sku)
                     for place, each in enumerate(odd.facts.variants))  # fmt: skip
    odd = odd.model_copy(update={"facts": odd.facts.model_copy(update={"variants": variants, "brand": None})})

    groups = exported("google", odd, a_mug(price=None))[1].groups
    places = {group.code: group.first[0].variant for group in groups}

    assert (places["gtin_checksum"], places["availability_missing"]) == (2, 0)
    assert places["brand_missing"] is None
    assert places["price_missing"] is None
