"""Fuzzing: whatever comes in, an extraction comes out, soon and fit to be stored."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartage.extraction import extract
from cartage.extraction.reader import read_html
from cartage.extraction.sources.things import Thing
from cartage.model.evidence import Extraction, Verdict
from tests.extraction.mutations import mutated
from tests.extraction.pages import KETTLE, URL, ld, shop_page

ROUNDS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from([*KETTLE, "price", "@id"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
PROPERTIES = st.sampled_from([*KETTLE, "aggregateRating", "hasVariant", "additionalProperty"])
ANNOTATIONS = st.sampled_from(["itemprop", "itemscope", "itemtype", "property", "typeof", "content", "href"])


def is_whole(extraction: Extraction) -> bool:
    """Tell whether an extraction is consistent and can be written down and read back."""
    written = extraction.model_dump_json()
    same = Extraction.model_validate_json(written) == extraction
    return same and (extraction.product is None) is (extraction.verdict not in (Verdict.PRODUCT, Verdict.THIN))


@ROUNDS
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(body: bytes) -> None:
    """No bytes make reading fail."""
    assert is_whole(read_html(body, URL))


@ROUNDS
@given(st.text(max_size=2000))
def test_any_text_is_read(text: str) -> None:
    """No text makes reading fail, alone or within a page."""
    assert is_whole(read_html(text, URL))
    assert is_whole(read_html(shop_page(more=text), URL))


@ROUNDS
@given(st.text(max_size=200))
def test_any_address_is_read(url: str) -> None:
    """No address makes reading fail."""
    assert is_whole(extract(shop_page(ld(KETTLE)), url=url))


@ROUNDS
@given(JSON)
def test_any_json_is_read(data: Any) -> None:
    """No value in JSON-LD makes reading fail."""
    assert is_whole(read_html(shop_page(ld(json.dumps(data))), URL))


@ROUNDS
@given(st.dictionaries(PROPERTIES, JSON, max_size=5))
def test_any_values_of_a_product_are_read(changed: dict[str, Any]) -> None:
    """No value of a product's property makes reading fail."""
    assert is_whole(read_html(shop_page(ld(json.dumps(KETTLE | changed))), URL))


@ROUNDS
@given(st.dictionaries(st.sampled_from(["price", "priceCurrency", "availability", "url", "priceSpecification"]), JSON))
def test_any_values_of_an_offer_are_read(changed: dict[str, Any]) -> None:
    """No value of an offer's property makes reading fail."""
    data = KETTLE | {"offers": KETTLE["offers"] | changed}

    assert is_whole(read_html(shop_page(ld(json.dumps(data))), URL))


@ROUNDS
@given(st.lists(st.tuples(ANNOTATIONS, st.text(max_size=12)), max_size=8))
def test_any_annotations_are_read(attributes: list[tuple[str, str]]) -> None:
    """No attributes of microdata or RDFa make reading fail."""
    written = "".join(f" {name}={json.dumps(value)}" for name, value in attributes)

    assert is_whole(read_html(shop_page(more=f"<div{written}>x" * 5), URL))


@pytest.mark.parametrize("seed", range(120))
def test_a_mutated_page_is_read(seed: int) -> None:
    """A good page that was cut, torn, repeated or garbled is still read without failing."""
    page = mutated(Random(seed))  # noqa: S311 - seeded, to be repeated

    assert is_whole(read_html(page, URL))


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 10_000,
        "<b>" * 50_000,
        "<ul><li>" * 10_000,
        ld('{"a":' * 100_000),
        ld("[" * 100_000),
        ld('[{"offers":' * 30_000),
        "<div itemscope itemprop=offers itemtype=https://schema.org/Product>" * 1_000,
        f"<script>var a={'{a:' * 50_000}</script>",
        f'<div data-product="{"[" * 50_000}">',
    ],
    ids=lambda bomb: bomb[:40],
)
@pytest.mark.timeout(120)
def test_a_bomb_of_depth_ends_quickly(bomb: str) -> None:
    """Ten thousand nested elements or brackets are read within seconds."""
    extraction = read_html(shop_page(ld(KETTLE), more=bomb), URL)

    assert is_whole(extraction)


def test_a_node_that_refers_to_itself_is_read() -> None:
    """A circle in a graph does not hang."""
    node: dict[str, Any] = {"@id": "#a"}
    graph = {"#a": {"@id": "#a", "@type": "Product", "name": {"@id": "#a"}, "offers": {"@id": "#a"}}}

    assert Thing(node, "", graph).text("name") == "#a"


@pytest.mark.timeout(120)
def test_references_that_multiply_are_read_soon() -> None:
    """A few kilobytes of references, which stand for millions of nodes, are read within seconds."""
    offer = {"@id": "#o", "@type": "Offer", "price": "1.00", "priceCurrency": "EUR", "sku": "x"}
    variant = {"@id": "#v", "@type": "Product", "name": "V", "offers": [{"@id": "#o"}] * 300}
    groups = [{"@type": "Product", "name": f"G {n}", "hasVariant": [{"@id": "#v"}] * 500} for n in range(30)]

    read_html(shop_page(ld({"@graph": [offer, variant, *groups]})), URL)
