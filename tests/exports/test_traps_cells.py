"""The traps of cells: addresses, links, texts and columns that an importer would cut or refuse."""

import csv
import io
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cartage.exports.known import TARGETS
from cartage.exports.target import Terms, Written
from cartage.model.enhancement import TextField, WrittenText
from cartage.model.export import TargetSettings
from cartage.model.product import Image
from tests.exports.linen import (
    GOOGLE,
    LINK,
    MEDIA,
    RULES,
    SHOPIFY,
    a_mug,
    a_shirt,
    article,
    codes,
    eur,
    exported,
    findings,
    rows,
)


@pytest.mark.parametrize("target", ["shopify", "woocommerce", "google", "prestashop"])
def test_commas_in_addresses_of_pictures_are_encoded(target: str) -> None:
    """WooCommerce, Google and PrestaShop part a list of addresses at each comma, quoted or not."""
    content = b"".join(exported(target, a_shirt(), settings=GOOGLE)[0].values()).decode()

    assert "fill(white%2C80)" in content
    assert "fill(white,80)" not in content


@pytest.mark.parametrize(("target", "column"), [("woocommerce", "Images"), ("google", "additional_image_link")])
def test_a_comma_that_got_through_is_found(target: str, column: str) -> None:
    """Rows with an address that would be cut in two do not pass the linter."""
    shirt, terms, known = article(a_shirt()), Terms(GOOGLE, RULES), TARGETS[target]
    name = known.files[0].name
    broken = [
        {**row, column: row[column].replace("%2C", ",")} if row.get(column) else row
        for row in known.write(shirt, terms).of(name)
    ]

    assert "image_url_comma" in {each.code for each in known.check(shirt, terms, Written(rows={name: broken}))}


@pytest.mark.parametrize(("target", "column"), [("shopify", "Price"), ("woocommerce", "Regular price")])
def test_a_price_that_is_no_plain_number_is_found(target: str, column: str) -> None:
    """Rows with a comma for the decimals do not pass the linter."""
    shirt, terms, known = article(a_shirt()), Terms(SHOPIFY, RULES), TARGETS[target]
    name = known.files[0].name
    written = known.write(shirt, terms).of(name)
    broken = [{**row, column: row.get(column, "").replace(".", ",")} for row in written]

    assert "price_not_decimal" not in {each.code for each in known.check(shirt, terms, Written(rows={name: written}))}
    assert "price_not_decimal" in {each.code for each in known.check(shirt, terms, Written(rows={name: broken}))}


def test_pictures_that_google_will_refuse_are_told() -> None:
    """From 2027 on pictures have 500 pixels each way; unknown sizes are not held against a picture."""
    small = a_mug(images=(Image(url=f"{MEDIA}/a.jpg", width=480, height=700), Image(url=f"{MEDIA}/b.jpg")))
    plain = a_mug(images=(Image(url="http://media.example.com/a.jpg"),))

    told = [each.message for each in findings("google", small, GOOGLE) if each.code.startswith("image_too_small")]

    assert told == [f"480 × 700 px: {MEDIA}/a.jpg"]
    assert "image_url_not_https" in codes("google", plain, GOOGLE)
    assert "image_missing" in codes("google", a_mug(images=()), GOOGLE)


def test_google_takes_ten_further_pictures() -> None:
    """The rest is left out, and told."""
    many = a_mug(images=tuple(Image(url=f"{MEDIA}/{number}.jpg") for number in range(15)))

    assert len(rows("google", many, GOOGLE)[0]["additional_image_link"].split(",")) == 10
    assert "images_too_many" in codes("google", many, GOOGLE)


def test_pictures_beyond_the_variants_have_rows_of_their_own() -> None:
    """Shopify reads a picture from each row: those left over repeat the handle only."""
    told = rows("shopify", a_mug(images=tuple(Image(url=f"{MEDIA}/{number}.jpg") for number in range(3))))

    assert [row["Image position"] for row in told] == ["1", "2", "3"]
    assert {name: cell for name, cell in told[2].items() if cell} == {
        "URL handle": "mug-1",
        "Product image URL": f"{MEDIA}/2.jpg",
        "Image position": "3",
    }


@pytest.mark.parametrize("target", ["google", "google-xml", "schema-org"])
def test_a_link_is_to_the_merchants_shop_or_an_error(target: str) -> None:
    """Without a template there is no link, and one at the source's own site is refused."""
    source = GOOGLE.model_copy(update={"link_template": "https://supplier.example.net/products/{handle}"})

    assert {"link_template_missing", "link_missing"} & codes(target, a_shirt())
    assert "link_off_domain" in codes(target, a_shirt(), source)
    assert {"link_template_missing", "link_off_domain"}.isdisjoint(codes(target, a_shirt(), GOOGLE))


def test_texts_of_models_are_in_structured_elements_of_the_feed() -> None:
    """In XML they are elements with the kind of source and the text, and the plain ones are missing."""
    shirt = replace(article(a_shirt()), by_model=frozenset({"name", "description"}))
    (item, *_) = TARGETS["google-xml"].write(shirt, Terms(GOOGLE, RULES)).texts["google"]

    read = ET.fromstring(f'<rss xmlns:g="http://base.google.com/ns/1.0">{item}</rss>')  # noqa: S314 - our own

    namespace = "{http://base.google.com/ns/1.0}"
    structured = read.find(f".//{namespace}structured_title")
    assert structured is not None
    assert [each.text for each in structured] == ["trained_algorithmic_media", "Linen Camp Shirt - Natural, S"]
    assert read.find(f".//{namespace}title") is None
    assert read.find(f".//{namespace}description") is None


def test_a_models_text_in_a_plain_field_is_found() -> None:
    """If both were sent, the plain one would win: rows that have it do not pass."""
    shirt = article(a_shirt())
    by_model, terms = replace(shirt, by_model=frozenset({"description"})), Terms(GOOGLE, RULES)
    target = TARGETS["google"]

    plain, structured = target.write(shirt, terms), target.write(by_model, terms)

    assert "ai_text_in_plain_field" in {each.code for each in target.check(by_model, terms, plain)}
    assert "ai_text_in_plain_field" not in {each.code for each in target.check(by_model, terms, structured)}


def test_accepted_texts_are_what_shops_get() -> None:
    """A title, description or search text that a person accepted goes out instead of the page's, also as HTML."""
    texts = {TextField.TITLE: "Shirt, new", TextField.DESCRIPTION: "Of flax.", TextField.SEO_TITLE: "Buy a shirt"}
    written = tuple(
        WrittenText(field=field, text=text, model="a-model", enhancement_id="enh_1") for field, text in texts.items()
    )

    first = rows("shopify", a_shirt().model_copy(update={"written": written}))[0]

    told = [first[name] for name in ("Title", "Description", "SEO title", "SEO description", "URL handle")]
    assert told == ["Shirt, new", "<p>Of flax.</p>", "Buy a shirt", "Of flax.", "linen-camp-shirt"]


def test_a_column_that_medusa_does_not_know_is_an_error() -> None:
    """It would refuse the whole file."""
    shirt, target = article(a_shirt()), TARGETS["medusa"]
    written = target.write(shirt, Terms())
    strange = Written(rows={"products": [{**row, "Variant Colour": "red"} for row in written.of("products")]})

    assert "unknown_column" in {each.code for each in target.check(shirt, Terms(), strange)}
    assert "unknown_column" not in {each.code for each in target.check(shirt, Terms(), written)}


def test_medusa_rows_have_handles_and_values() -> None:
    """Each row names its product, and each option has a value."""
    told = rows("medusa", a_shirt())

    assert {row["Product Handle"] for row in told} == {"linen-camp-shirt"}
    assert all(row[f"Variant Option {number} Value"] for row in told for number in (1, 2))


def test_bigcommerce_has_only_columns_that_are_used() -> None:
    """Empty columns make its importer fail."""
    told = rows("bigcommerce", a_mug())

    empty = [name for name in told[0] if not any(row[name] for row in told)]
    assert empty == ["ID"]
    assert {"Sale Price", "Options"}.isdisjoint(told[0])


@pytest.mark.parametrize("target", ["shopify", "woocommerce", "bigcommerce", "medusa", "prestashop"])
def test_cells_like_formulas_are_told_and_left_alone(target: str) -> None:
    """No importer takes a quote off a name again: the file is plain, and the linter tells."""
    told = rows(target, a_mug(name="=cmd()|' /C calc'!A0"))[0]

    assert "=cmd()|' /C calc'!A0" in told.values()
    assert "csv_formula_prefix" in codes(target, a_mug(name="=cmd()"))
    assert "csv_formula_prefix" not in codes(target, a_mug())


def test_a_copy_for_people_is_safe_to_open() -> None:
    """On request each such cell begins with a quote."""
    files, _ = exported("shopify", a_mug(name="=1+1"), excel_safe=True)

    assert next(csv.DictReader(io.StringIO(files["products.csv"].decode())))["Title"] == "'=1+1"


@pytest.mark.parametrize(
    ("target", "facts", "code"),
    [
        ("shopify", {"name": None}, "title_missing"),
        ("shopify", {"description": None}, "description_missing"),
        ("shopify", {"price": eur("0")}, "price_zero"),
        ("google", {"name": "x" * 151}, "title_too_long"),
        ("google", {"description": "x" * 5001}, "description_too_long"),
        ("google", {"brand": None}, "brand_missing"),
        ("google", {}, "identifier_missing"),
        ("google", {"images": (Image(url=f"{MEDIA}/{'x' * 2000}.jpg"),)}, "image_url_too_long"),
        ("bigcommerce", {"images": (Image(url=f"{MEDIA}/{'x' * 1024}.jpg"),)}, "image_url_too_long"),
        ("bigcommerce", {}, "weight_missing"),
        ("bigcommerce", {}, "category_missing"),
        ("bigcommerce", {}, "sku_not_alphanumeric"),
        ("prestashop", {"name": "Mug {blue}"}, "separator_in_value"),
    ],
)
def test_each_fault_has_its_code(target: str, facts: dict[str, Any], code: str) -> None:
    """A seeded fault is found by its own code, and says what to do."""
    (found, *_) = [each for each in findings(target, a_mug(**facts), GOOGLE) if each.code == code]

    assert found.product_id == a_mug().id
    assert found.message
    assert found.fix


def test_apparel_needs_what_google_asks_of_clothes() -> None:
    """A shirt without gender and age group is told, a mug is not."""
    bare = TargetSettings(link_template=LINK, google_category="Apparel & Accessories > Clothing")

    assert "apparel_detail_missing" in codes("google", a_shirt(), bare)
    assert "apparel_detail_missing" not in codes("google", a_shirt(), GOOGLE)
    assert "condition_missing" in codes("google", a_shirt(), bare)


def test_drafts_are_not_on_sale() -> None:
    """Products arrive as drafts unless the merchant said otherwise."""
    live = SHOPIFY.model_copy(update={"status": "active"})

    told = [
        (row["Status"], row["Published on online store"])
        for each in (SHOPIFY, live)
        for row in rows("shopify", a_mug(), each)
    ]

    assert told == [("draft", "FALSE"), ("active", "TRUE")]


def test_weights_follow_the_shops_unit() -> None:
    """WooCommerce has its unit in the column's name."""
    pounds = rows("woocommerce", a_mug(attributes=(("Weight", "1 kg"),)), TargetSettings(weight_unit="lb"))[0]

    assert pounds["Weight (lbs)"] == "2.2046"
    assert rows("woocommerce", a_mug(attributes=(("Weight", "1,200 g"),)))[0]["Weight (kg)"] == ""
