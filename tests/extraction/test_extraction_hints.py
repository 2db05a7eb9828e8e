"""Promises about what an element's names tell."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartage.extraction.hints import ASIDE, GALLERY, HEADING, LABEL, PATTERNS, PRICE, TITLE, read_hint

NAMES = st.characters(codec="ascii", categories=["Ll"], include_characters="-_ ")


@pytest.mark.parametrize(("trait", "pattern"), PATTERNS, ids=lambda entry: None if isinstance(entry, int) else "")
def test_every_name_that_a_pattern_describes_shows_its_trait(trait: int, pattern: re.Pattern[str]) -> None:
    """The quick look for fragments hides nothing that the pattern itself would find."""

    @settings(max_examples=60)
    @given(st.from_regex(pattern, alphabet=NAMES))
    def shows(names: str) -> None:
        if pattern.search(names.replace("_", "-")):
            assert read_hint(names)[1] & trait

    shows()


@pytest.mark.parametrize(
    ("names", "hint", "traits"),
    [
        ("productTitle main_Name", "product-title main-name", TITLE | HEADING | LABEL),
        ("related-products", "related-products", ASIDE),
        ("flyout-cart", "flyout-cart", ASIDE),
        ("mini-shopping-cart", "mini-shopping-cart", ASIDE),
        ("gallery-navigation", "gallery-navigation", GALLERY),
        ("product-slider-image", "product-slider-image", GALLERY),
        ("quick-view-button", "quick-view-button", 0),
        ("unrelated-note", "unrelated-note", 0),
        ("ProductPrice__value", "product-price--value", PRICE),
        ("col-md-6", "col-md-6", 0),
    ],
)
def test_names_are_read_in_one_form_whatever_their_style(names: str, hint: str, traits: int) -> None:
    """Capitals and underscores become dashes, and words are told from their parts."""
    assert read_hint(names) == (hint, traits)
