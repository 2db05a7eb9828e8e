"""Evidence: every field says where it was read, and disagreement is kept."""

from typing import Any

import pytest

from cartage.model.evidence import Evidence, Extraction, Source, Verdict
from tests.extraction.pages import KETTLE, NAME, URL, ld, page, price_of, product_of, read, shop_page
from tests.extraction.test_extraction_amazon import AMAZON_URL, amazon
from tests.extraction.test_extraction_annotated import MICRODATA, OPEN_GRAPH, RDFA
from tests.extraction.test_extraction_shopify import AJAX, CART, SHOPIFY, shopify

FULL: dict[str, Any] = KETTLE | {
    "mpn": "WL-CK-150",
    "itemCondition": "https://schema.org/NewCondition",
    "aggregateRating": {"@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": 12},
    "additionalProperty": [{"name": "Volume", "value": "1.5 l"}],
    "description": "<p>A kettle of hammered copper.</p><ul><li>Wooden handle</li></ul>",
}
HEAD = f'<link rel="canonical" href="{URL}">'
STEPS = [{"@type": "ListItem", "position": place, "name": name} for place, name in ((1, "Kitchen"), (2, "Kettles"))]
TRAIL = {"@type": "BreadcrumbList", "itemListElement": STEPS}
EXTRACTIONS = {
    "JSON-LD": lambda: read(shop_page(HEAD + ld(FULL, TRAIL))),
    "microdata": lambda: read(page(body=MICRODATA)),
    "RDFa": lambda: read(page(body=RDFA)),
    "Open Graph": lambda: read(shop_page(OPEN_GRAPH)),
    "visible": lambda: read(shop_page()),
    "everything": lambda: read(shop_page(HEAD + OPEN_GRAPH + ld(FULL, TRAIL), more=MICRODATA)),
    "Shopify": lambda: shopify(product=SHOPIFY, product_js=AJAX, cart=CART),
    "Amazon": lambda: read(amazon(), AMAZON_URL),
}


@pytest.mark.parametrize("name", EXTRACTIONS)
def test_every_field_has_evidence(name: str) -> None:
    """Each field that is set names its source, the place and the text found there; the page's address is its own."""
    extraction = EXTRACTIONS[name]()

    assert extraction.product
    facts = extraction.product.model_dump(exclude_defaults=True)
    silent = [key for key in facts if key != "url" and not _is_shown(extraction, key)]
    assert silent == []


def _is_shown(extraction: Extraction, key: str) -> bool:
    pointer = f"/{key}/0" if key == "images" else f"/{key}"
    entries = extraction.evidence.get(pointer, ())
    placeless = key in ("platform", "sku")
    return bool(entries and entries[0].raw and entries[0].agrees and (entries[0].where or placeless))


@pytest.mark.parametrize("name", EXTRACTIONS)
def test_evidence_speaks_only_of_what_is_there(name: str) -> None:
    """No evidence stands for a field that has no value."""
    extraction = EXTRACTIONS[name]()

    assert extraction.product
    facts = extraction.product.model_dump(exclude_defaults=True)
    assert [pointer for pointer in extraction.evidence if pointer.split("/")[1] not in facts] == []


def prices_of(extraction: Extraction) -> list[tuple[Source, str, bool]]:
    """List the price's evidence."""
    return [(entry.source, entry.raw, entry.agrees) for entry in extraction.evidence["/price"]]


def test_disagreement_is_kept() -> None:
    """A source that states another price stays, marked as disagreeing, behind those that agree."""
    other = OPEN_GRAPH.replace("49.90", "52.00")

    found = prices_of(read(shop_page(other + ld(KETTLE))))

    assert (Source.OPEN_GRAPH, "52.00", False) in found
    assert {entry[0] for entry in found if entry[2]} >= {Source.JSON_LD, Source.VISIBLE}
    assert [entry[2] for entry in found] == sorted((entry[2] for entry in found), reverse=True)


def test_agreement_does_not_depend_on_how_it_is_written() -> None:
    """The same amount in two conventions agrees."""
    markup = MICRODATA.replace('content="49.90"', 'content="49,90"')

    found = prices_of(read(shop_page(ld(KETTLE), more=markup)))

    assert all(agrees for _, _, agrees in found)
    assert {source for source, _, _ in found} >= {Source.JSON_LD, Source.MICRODATA}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("<del>€49.90</del> <ins class=price>€39.90</ins>", "39.90 EUR"),
        ('<s class="old-price">€49.90</s><span class="price sale">€39.90</span>', "39.90 EUR"),
        ('<span class="price">€59.38</span> <small>incl. VAT</small>', "59.38 EUR"),
    ],
    ids=["struck", "struck with classes", "with tax"],
)
def test_the_shown_price_wins_over_markup(shown: str, expected: str) -> None:
    """Markup that states the struck price, or the price without tax, does not outvote what a shopper sees."""
    product = product_of(shop_page(ld(KETTLE), shown))

    assert price_of(product) == expected


def test_the_struck_price_is_the_regular_price() -> None:
    """What is shown struck beside the price is the price before the reduction."""
    product = product_of(shop_page(ld(KETTLE), "<del>€49.90</del> <ins class=price>€39.90</ins>"))

    assert str(product.regular_price) == "49.90 EUR"


@pytest.mark.parametrize(
    ("data", "html", "missing"),
    [
        ({"@type": "Product", "name": NAME, "sku": "CK-150"}, "", ("price", "availability", "images")),
        ({**KETTLE, "image": None}, "", ("images",)),
        ({**KETTLE, "offers": {"price": "49.90", "priceCurrency": "EUR"}}, "", ("availability",)),
        (KETTLE, "", ()),
    ],
)
def test_what_is_missing_is_named(data: dict[str, Any], html: str, missing: tuple[str, ...]) -> None:
    """An extraction lists the expected fields that no source states."""
    found = read(page(ld(data), html)).missing

    assert set(missing) <= set(found)
    assert not {"name"} & set(found)
    assert len(found) <= len(missing) + 1


def test_a_thin_page_is_said_to_be_thin() -> None:
    """A product without pictures and price is told apart from a whole one."""
    extraction = read(page(ld({"@type": "Product", "name": NAME, "sku": "CK-150"})))

    assert extraction.verdict is Verdict.THIN
    assert extraction.reason.endswith(".")


def test_evidence_is_short() -> None:
    """What is kept of a long text is at most three hundred characters."""
    extraction = read(shop_page(ld({**KETTLE, "description": "long words " * 1000})))

    longest = max((entry for entries in extraction.evidence.values() for entry in entries), key=_length)
    assert _length(longest) <= 300


def _length(entry: Evidence) -> int:
    return len(entry.raw)
