"""Weights: read as they are written, refused where they may be read in two ways, and shown in either units."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from cartage.model.product import Product, Variant
from cartage.model.traits import traits_of
from cartage.model.weight import Grams, Units, grams_of, weight_written
from tests.contracts.records import a_product

GRAMS = TypeAdapter[Decimal](Grams)


@pytest.mark.parametrize(
    ("written", "grams"),
    [
        ("250 g", "250"),
        ("0,5 kg", "500"),
        ("0.250 kg", "250"),
        ("1.5 lbs.", "680.389"),
        ("2 lb 3 oz", "992.233"),
        ("780 g (1.7 lb)", "780"),
        ("780 g / 1.7 lb", "780"),
        ("\u200e1.2 Pounds", "544.311"),
        ("4.33 Kilogrammes", "4330"),
        ("500 جم", "500"),
    ],
)
def test_a_weight_is_read_as_it_is_written(written: str, grams: str) -> None:
    """With the units of several languages, with two of them, and with the same weight told again behind it."""
    assert f"{grams_of(written)}" == grams


@pytest.mark.parametrize(
    "written", ["250", "1,200 g", "1.200 kg", "170 g/m²", "200–300 g", "12 kg 3 kg", "1.5 l", "0 g", "5 kg/bag", ""]
)
def test_what_is_no_plain_weight_is_not_read(written: str) -> None:
    """Without a unit, in two ways, as a range, by area, of something else, or nothing."""
    assert grams_of(written) is None


def test_a_program_parts_no_thousands() -> None:
    """A point is its decimal mark; a comma may be either even so."""
    assert (grams_of("1.250 kg", exact=True), grams_of("1,250 kg", exact=True)) == (Decimal(1250), None)


def test_an_edit_takes_grams_or_a_text_with_a_unit() -> None:
    """A number is in grams; nothing, less, and more than any shop sends is refused."""
    assert [GRAMS.validate_python(each) for each in (240, "240.5", "1 kg")] == [240, Decimal("240.5"), 1000]
    for wrong in (0, -5, "a ton", "1,200 g", 10**9):
        with pytest.raises(ValidationError):
            GRAMS.validate_python(wrong)


@pytest.mark.parametrize(
    ("grams", "metric", "us"),
    [
        ("240", "240 g", "8.47 oz"),
        ("1500", "1.5 kg", "3.307 lb"),
        ("453.592", "453.59 g", "1 lb"),
        ("1", "1 g", "0.04 oz"),
    ],
)
def test_a_weight_is_written_in_either_units(grams: str, metric: str, us: str) -> None:
    """Light things in the small unit, heavy ones in the large one."""
    written = [weight_written(Decimal(grams), units) for units in Units]

    assert written == [metric, us]
    assert weight_written(None, Units.US) == ""


def test_a_weight_is_missing_where_one_of_a_variant_is() -> None:
    """Unless the product itself has one, which stands for all."""
    heavy, unknown = Variant(weight_grams=Decimal(100)), Variant()
    facts = (
        Product(name="Mug"),
        Product(name="Mug", weight_grams=Decimal(300), variants=(heavy, unknown)),
        Product(name="Mug", variants=(heavy, unknown)),
        Product(name="Mug", variants=(heavy, heavy)),
    )

    lacking = ["weight" in traits_of(a_product("mer_1", facts=each)).lacks for each in facts]

    assert lacking == [True, False, True, False]
