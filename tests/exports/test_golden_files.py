"""The files of one product, byte for byte as a shop's importer has been seen to want them."""

import json
from decimal import Decimal

import pytest

from cartage.exports.known import TARGETS
from cartage.exports.target import Terms
from cartage.exports.targets.schema_org import document
from cartage.model.enhancement import TextField, WrittenText
from cartage.model.export import TargetSettings
from tests.exports.linen import GOLDEN, GOOGLE, RULES, SHOPIFY, a_shirt, article, exported


@pytest.mark.parametrize(
    ("target", "settings", "golden"),
    [
        ("shopify", SHOPIFY, "shopify_core.csv"),
        ("shopify", SHOPIFY.model_copy(update={"google_columns": True}), "shopify.csv"),
        ("woocommerce", TargetSettings(tags=("linen", "summer")), "woocommerce.csv"),
        ("medusa", TargetSettings(), "medusa.csv"),
        ("bigcommerce", TargetSettings(tags=("linen", "summer")), "bigcommerce.csv"),
        ("shopify-legacy", SHOPIFY, "shopify_legacy.csv"),
        ("google-xml", GOOGLE, "google.xml"),
    ],
)
def test_a_file_is_its_golden_file(target: str, settings: TargetSettings, golden: str) -> None:
    """Every column, row and sign is where the golden file has it."""
    (content,) = exported(target, a_shirt(), settings=settings)[0].values()

    assert content.decode() == (GOLDEN / golden).read_bytes().decode()


def test_google_has_a_models_text_in_the_structured_field() -> None:
    """A description that a model wrote stands where Google wants it, and the plain field is not there at all."""
    text = "Boxy camp-collar shirt in 100% European flax linen. 170 g/m² fabric, corozo buttons."
    accepted = WrittenText(field=TextField.DESCRIPTION, text=text, model="a-model", enhancement_id="enh_1")

    (content,) = exported("google", a_shirt().model_copy(update={"written": (accepted,)}), settings=GOOGLE)[0].values()

    assert content.decode() == (GOLDEN / "google.tsv").read_text()


def test_prestashop_has_two_files() -> None:
    """Products, and combinations that refer to them; what one costs more than the cheapest is its impact."""
    files, _ = exported(
        "prestashop", a_shirt(), settings=TargetSettings(tags=("linen", "summer"), tax_percent=Decimal(25))
    )

    assert {name: content.decode() for name, content in files.items()} == {
        "products.csv": (GOLDEN / "prestashop_products.csv").read_bytes().decode(),
        "combinations.csv": (GOLDEN / "prestashop_combinations.csv").read_bytes().decode(),
    }


def test_schema_org_is_its_golden_document() -> None:
    """A product with variants is a group; the file is a list of such documents."""
    terms = Terms(GOOGLE, RULES)
    shown = json.dumps(document(article(a_shirt()), terms), ensure_ascii=False, indent=1)

    (content,) = exported("schema-org", a_shirt(), a_shirt(), settings=GOOGLE)[0].values()

    assert shown == (GOLDEN / "schema_org.jsonld").read_text()
    assert [each["name"] for each in json.loads(content)] == ["Linen Camp Shirt"] * 2


@pytest.mark.parametrize("target", TARGETS)
def test_an_export_of_nothing_is_still_a_file(target: str) -> None:
    """Without products there are the column names alone, or an empty document."""
    files, report = exported(target, settings=GOOGLE)

    assert len(files) == len(TARGETS[target].files)
    assert report.products == 0
