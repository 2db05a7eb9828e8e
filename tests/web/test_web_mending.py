"""From each finding a link leads to the very field that mends it."""

import re
from urllib.parse import urlsplit

import pytest

from cartage.exports.known import TARGETS
from cartage.exports.maker import Maker
from cartage.exports.mending import PLACES, Ground
from cartage.exports.service import Exports
from cartage.model.export import Finding, Severity
from cartage.model.product import Availability, Product
from cartage.web.mending import ways_of
from tests.exports.linen import SHIRT
from tests.web.conftest import Web, text_of

USED_BY = {
    place.field: next(target for target in TARGETS.values() if place.field in target.settings)
    for places in PLACES.values()
    for place in places
    if place.ground is Ground.TARGET
}


@pytest.mark.parametrize("facts", [SHIRT, SHIRT.model_copy(update={"description_html": None})], ids=["html", "text"])
async def test_every_way_leads_to_a_field_that_is_there(web: Web, facts: Product) -> None:
    """Of a product or of a variant, whatever form its description has, and in the settings."""
    product_id = await web.imported(facts)
    pages: dict[str, str] = {}
    ways: set[str] = set()
    for code, places in PLACES.items():
        target = next((USED_BY[each.field] for each in places if each.field in USED_BY), TARGETS["google"])
        for variant in (None, 1):
            finding = Finding(
                severity=Severity.ERROR, code=code, product_id=product_id, variant=variant, message="", fix=""
            )
            found = ways_of(finding, target)
            assert len(found) == len(places)
            ways |= {way.address for way in found}

    for address in ways:
        path, _, anchor = address.partition("#")
        if path not in pages:
            reply = await web.mine.get(path)
            assert reply.status_code == 200, address
            pages[path] = reply.text
        assert not anchor or pages[path].count(f'id="{anchor}"') == 1, address
    assert f"/products/{product_id}/variants?page=1#gtin_1" in ways


async def test_what_is_found_leads_to_where_it_is_mended(web: Web) -> None:
    """In the preview and in the report, which lists the products too; who only looks on is led nowhere."""
    product_id = await web.imported(Product(name="Mug", images=SHIRT.images, availability=Availability.PRE_ORDER))

    preview = await web.mine.get(f"/products/{product_id}/exports/google")
    asked = await web.mine.post("/exports", target="bigcommerce", filter="site:shop.example", do="check")
    assert await Maker(Exports(web.store)).make_next()
    report = await web.mine.get(asked.headers["location"])

    for anchor in ("edit#amount", "edit#brand", "edit#gtin"):
        assert f'href="/products/{product_id}/{anchor}"' in preview.text
    assert 'href="/settings/exports/google#link_template"' in preview.text
    assert "Fix : The brand is not known." in text_of(preview)
    assert f'href="/products/{product_id}/edit#sku"' in report.text
    assert f'href="/products?filter=id%3A{product_id}"' in report.text
    assert 'href="/products?filter=site%3Ashop.example+missing%3Adescription"' in report.text
    assert 'href="/products?filter=site%3Ashop.example+missing%3Aweight"' in report.text
    assert "The weight is not known. 1 product" in text_of(report)
    assert f'href="/products/{product_id}/edit#weight"' in report.text
    assert "There is nothing to fix in Cartage." in text_of(preview)


async def test_what_was_set_says_where_the_product_is_ready(web: Web) -> None:
    """After the variants and after the pictures as after any edit."""
    product_id = await web.imported(SHIRT)

    sold = await web.mine.post(f"/products/{product_id}/variants", currency="EUR", sku_0="NOR-1")
    hung = await web.mine.post(f"/products/{product_id}/arrange", url_1=SHIRT.images[1].url)
    told = [text_of(await web.mine.get(each.headers["location"])) for each in (sold, hung)]

    assert all(re.search(r"Saved\. Shopify : ready", each) for each in told)
    assert all("Google Merchant Center :" in each for each in told)
    assert urlsplit(sold.headers["location"]).path == f"/products/{product_id}"


async def test_what_is_found_alike_is_one_line(web: Web) -> None:
    """Of each kind there is one, with how many there are, each of them within, and the link of its own."""
    bare = SHIRT.model_copy(update={"variants": tuple(v.model_copy(update={"gtin": None}) for v in SHIRT.variants)})
    product_id = await web.imported(bare)

    page = await web.mine.get(f"/products/{product_id}/exports/google")

    count = len(bare.variants)
    lines = re.findall(r"<p><strong>([^<]+)</strong>(?: <span class=\"count\">(\d+)</span>)?", page.text)
    assert len({title for title, _ in lines}) == len(lines)
    assert (f"See all {count}", str(count) in {number for _, number in lines}) == (f"See all {count}", True)
    for place in range(count):
        assert page.text.count(f'href="/products/{product_id}/variants?page=1#gtin_{place}"') == 1
