"""The traps of rows: what an importer would delete, join, take twice or not at all."""

import csv
import io

import pytest

from cartage.exports.known import TARGETS
from cartage.exports.target import Terms, Written
from cartage.model.product import Option, Product, Variant
from cartage.model.stated import Stated
from tests.exports.linen import (
    GOOGLE,
    VARIANTS,
    a_mug,
    a_shirt,
    article,
    codes,
    eur,
    exported,
    findings,
    rows,
)

OPTIONS = {
    "shopify": ("Option1 name", "Option1 value"),
    "shopify-legacy": ("Option1 Name", "Option1 Value"),
    "woocommerce": ("Attribute 1 name", "Attribute 1 value(s)"),
    "medusa": ("Variant Option 1 Name", "Variant Option 1 Value"),
}


@pytest.mark.parametrize("target", OPTIONS)
def test_options_are_in_every_file(target: str) -> None:
    """An update without option columns would delete variants: also a product without options has them, where asked."""
    name, value = OPTIONS[target]

    variants = [row for row in rows(target, a_shirt()) if row.get("Type") != "variable"]

    assert all(row[value] for row in variants)
    assert variants[0][name] == "Color"
    if target != "woocommerce":
        assert rows(target, a_mug())[0][name] == "Title"


def test_rows_without_options_are_found() -> None:
    """Whatever took the option columns out of a file, the linter stops it."""
    shirt = article(a_shirt())
    target = TARGETS["shopify"]
    kept = [
        {name: cell for name, cell in row.items() if not name.startswith("Option")}
        for row in target.write(shirt, Terms()).of("products")
    ]

    found = {each.code for each in target.check(shirt, Terms(), Written(rows={"products": kept}))}

    assert "option_missing_on_update" in found


def test_variants_that_look_the_same_are_an_error() -> None:
    """Two variants with the same options would become one, or be refused."""
    twins = a_shirt(variants=(VARIANTS[0], VARIANTS[1].model_copy(update={"options": VARIANTS[0].options})))
    unnamed = a_shirt(variants=(VARIANTS[0], VARIANTS[1].model_copy(update={"options": {"Color": "Natural"}})))

    messages = [each.message for each in findings("shopify", twins) if each.code == "variant_option_duplicate"]
    assert messages == ["“Natural / S” appears twice."]
    assert "option_value_missing" in codes("medusa", unnamed)


def test_the_same_code_twice_is_an_error() -> None:
    """Shops find variants by SKU: one that two products of a file have is an error."""
    _, report = exported("shopify", a_mug(1, sku="M"), a_mug(2, sku="M"))

    assert [group.code for group in report.groups if group.code == "sku_duplicate"] == ["sku_duplicate"]


def test_two_products_of_one_name_do_not_become_one() -> None:
    """Shopify would make one product of two with the same handle: the second has another one."""
    files, _ = exported("shopify", a_mug(1, name="Mug", sku="A"), a_mug(2, name="Mug", sku="B"))

    handles = [row["URL handle"] for row in csv.DictReader(io.StringIO(files["products.csv"].decode()))]
    assert handles == ["mug", "mug-0000000002"]


def test_a_product_that_is_renamed_keeps_its_handle() -> None:
    """A shop would take another handle for another product, and have two of it."""
    mug = a_mug(name="Mug of the house")
    renamed = mug.model_copy(
        update={
            "locked": ("name",),
            "stated": Stated(known=("name",), facts=Product(name="Mug 1")),
        }
    )

    assert rows("shopify", renamed)[0]["URL handle"] == "mug-1"
    assert rows("shopify", mug)[0]["URL handle"] == "mug-of-the-house"


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Crème Brûlée Set", "creme-brulee-set"),
        ("Straße & Øl", "strasse-ol"),
        ("قميص كتان", "mug-1"),
        ("亜麻のシャツ", "mug-1"),
    ],
)
def test_handles_are_plain_letters(name: str, handle: str) -> None:
    """A name in another script gives way to the SKU, which is told."""
    assert rows("shopify", a_mug(name=name))[0]["URL handle"] == handle
    assert ("handle_charset" in codes("shopify", a_mug(name=name))) is (handle == "mug-1")


def test_every_variation_has_a_code_to_join_by() -> None:
    """WooCommerce joins variations to their parent by SKU: one is made where there is none, and told."""
    unnamed = a_shirt(sku=None, variants=tuple(each.model_copy(update={"sku": None}) for each in VARIANTS))

    parent, *variations = rows("woocommerce", unnamed)

    assert parent["SKU"] == "linen-camp-shirt"
    assert len({row["SKU"] for row in variations}) == len(variations)
    assert all(row["Parent"] == parent["SKU"] for row in variations)
    assert "sku_missing" in codes("woocommerce", unnamed)


def test_a_product_whose_code_is_its_variants_is_grouped_by_handle() -> None:
    """A group's code must not be one variant's own."""
    shirt = a_shirt(sku=VARIANTS[0].sku)

    assert rows("woocommerce", shirt)[0]["SKU"] == "linen-camp-shirt"
    assert rows("google", shirt, GOOGLE)[0]["item_group_id"] == "linen-camp-shirt"


def test_woocommerce_rows_stand_in_order_without_ids() -> None:
    """The parent comes first, and no row has an id, which would make placeholders."""
    told = rows("woocommerce", a_shirt())

    assert [(row["ID"], row["Type"]) for row in told] == [("", "variable"), *[("", "variation")] * 3]


def test_woocommerce_lists_keep_their_commas() -> None:
    """A comma within a value is escaped, and a line break in a text is written as the importer reads it."""
    shirt = a_shirt(
        options=(Option(name="Size", values=("10, wide", "12")),),
        variants=tuple(Variant(sku=size, options={"Size": size}, price=eur("9")) for size in ("10, wide", "12")),
        description_html="<p>One</p>\n<p>Two</p>",
    )

    parent, first, _ = rows("woocommerce", shirt)

    assert (parent["Attribute 1 value(s)"], first["Attribute 1 value(s)"]) == ("10\\, wide, 12", "10\\, wide")
    assert parent["Description"] == "<p>One</p>\\n<p>Two</p>"


@pytest.mark.parametrize(("target", "options", "variants"), [("shopify", 3, 2048), ("bigcommerce", 250, 600)])
def test_more_than_a_shop_takes_is_an_error(target: str, options: int, variants: int) -> None:
    """Too many options or variants are refused by the shop, and told before."""
    names = [str(number) for number in range(options + 1)]
    wide = a_shirt(
        options=tuple(Option(name=name, values=("x",)) for name in names),
        variants=(Variant(options=dict.fromkeys(names, "x"), price=eur("1")),),
    )
    sizes = tuple(str(number) for number in range(variants + 1))
    long = a_shirt(
        options=(Option(name="Size", values=sizes),),
        variants=tuple(Variant(options={"Size": size}, price=eur("1")) for size in sizes),
    )

    assert "options_too_many" in codes(target, wide)
    assert "variants_too_many" in codes(target, long)


def test_a_wrong_barcode_is_an_error() -> None:
    """A GTIN with a wrong check digit gets a product disapproved."""
    assert "gtin_checksum" in codes("google", a_mug(gtin="4006381333932"), GOOGLE)
    assert "gtin_checksum" not in codes("google", a_mug(gtin="4006381333931"), GOOGLE)
