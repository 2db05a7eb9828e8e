"""Pages of selling: exports with what was found, targets' settings, previews, and pricing rules with their effect."""

from decimal import Decimal

import pytest

from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.model.export import TargetSettings, TargetUnknown
from cartage.model.pricing import PriceRange, PricingRules
from tests.exports.linen import GOOGLE, SHIRT, TOLD, a_mug
from tests.web.conftest import Web, text_of

DOUBLE = {"multiplier-0": "2", "direction": "nearest", "ending": "none", "compare_at": "source"}


async def shirt(web: Web) -> str:
    """Import the shirt as me and give its id."""
    return await web.imported(SHIRT, {"/variants": TOLD})


async def test_an_export_is_asked_for_made_and_downloaded(web: Web) -> None:
    """The page says how it stands, then what was found with links to the products, and gives the file."""
    await shirt(web)
    mug = await web.imported(a_mug(price=None).facts or SHIRT)

    asked = await web.mine.post("/exports", target="shopify", filter="", do="export")
    waiting = await web.mine.get(asked.headers["location"])
    assert await Maker(Exports(web.store)).make_next()
    ready = await web.mine.get(asked.headers["location"])
    file = await web.mine.get(asked.headers["location"] + "/download")

    assert "products so far" in text_of(waiting)
    assert 'hx-trigger="load delay:1s"' in waiting.text
    assert "1 error" in text_of(ready)
    assert "The selling price is not known." in text_of(ready)
    assert f"/products/{mug}/exports/shopify" in ready.text
    assert "hx-trigger" not in ready.text
    assert file.text.startswith("Title,URL handle")
    assert asked.headers["location"] in (await web.mine.get("/exports")).text


async def test_a_wrong_filter_keeps_what_was_typed(web: Web) -> None:
    """The form comes back with the target, the filter and what is wrong with it."""
    reply = await web.mine.post("/exports", target="woocommerce", filter="colour:red", do="check")

    assert reply.status_code == 422
    assert 'value="colour:red"' in reply.text
    assert 'value="woocommerce" checked' in reply.text
    assert "There is no `colour:`" in text_of(reply)


async def test_google_leads_to_the_setting_it_needs(web: Web) -> None:
    """Without a link template the form leads to it; when it is set the export is accepted."""
    refused = await web.mine.post("/exports", target="google", do="export")
    page = await web.mine.get(refused.headers["location"])
    wrong = await web.mine.post("/settings/exports/google", link_template="shop.example")
    await web.mine.post("/settings/exports/google", link_template=GOOGLE.link_template, gender="unisex")
    accepted = await web.mine.post("/exports", target="google", do="export")

    assert "say first where they are" in text_of(page)
    assert (wrong.status_code, 'value="shop.example"' in wrong.text) == (422, True)
    assert accepted.headers["location"].startswith("/exports/exp_")


async def test_settings_come_back_as_they_were_set(web: Web) -> None:
    """Texts, lists and choices; another merchant's stay what they were."""
    await web.mine.post("/settings/exports/shopify", tags="linen, summer", status="active", google_columns="true")

    kept = await web.store.selling.target_settings(web.mine.merchant_id)
    page = await web.mine.get("/settings/exports/shopify")

    assert kept["shopify"] == TargetSettings(tags=("linen", "summer"), status="active", google_columns=True)
    assert 'value="linen, summer"' in page.text
    assert '<option value="active" selected>' in page.text
    assert '<option value="draft" selected>' in (await web.theirs.get("/settings/exports/shopify")).text


async def test_a_product_shows_what_it_sells_for_and_where_it_is_ready(web: Web) -> None:
    """Each step of the price, and each target's verdict with a link to the very rows."""
    product_id = await shirt(web)
    rules = PricingRules(ranges=(PriceRange(multiplier=Decimal("2.5")),))
    await web.store.selling.set_pricing(web.mine.merchant_id, rules)

    page = await web.mine.get(f"/products/{product_id}")
    preview = await web.mine.get(f"/products/{product_id}/exports/google")
    document = await web.mine.get(f"/products/{product_id}/exports/schema-org")

    assert "Your rule, × 2.5 €79.90" in text_of(page)
    assert f"/products/{product_id}/exports/bigcommerce" in page.text
    assert "NOR-LCS-SAG-M" in preview.text
    assert "Nobody knows where the product is in your shop." in text_of(preview)
    assert "ProductGroup" in document.text
    assert (await web.theirs.get(f"/products/{product_id}/exports/google")).status_code == 404


async def test_a_product_says_which_of_its_prices_sells(web: Web) -> None:
    """A price of the product that sells nothing says so beside it; a variant's says who set it and what it costs."""
    product_id = await shirt(web)
    form = {"amount": "5", "currency": "EUR"}
    await web.mine.post(f"/products/{product_id}/edit", **form)
    await web.mine.post(f"/products/{product_id}/variants", currency="EUR", amount_0="12")

    page = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "Not for the price that you set: each variant sells at its own, €12" in page
    assert "set by hand below its cost €12" in page
    assert "What the source asks €31.96 Set by hand" in page


async def test_rules_are_tried_while_they_are_typed(web: Web) -> None:
    """The page counts what would change and shows it, and nothing is kept until it is asked for."""
    await shirt(web)
    query = "&".join(f"{name}={value}" for name, value in DOUBLE.items())

    tried = await web.mine.get(f"/settings/pricing?{query}")
    before = await web.store.selling.pricing(web.mine.merchant_id)
    await web.mine.post("/settings/pricing", **DOUBLE)
    kept = await web.mine.get("/settings/pricing?kept=1")

    assert "3 prices will change" in text_of(tried)
    assert "€31.96 €63.92" in text_of(tried)
    assert before is None
    assert (await web.store.selling.pricing(web.mine.merchant_id)) == PricingRules(
        ranges=(PriceRange(multiplier=Decimal(2)),)
    )
    assert "0 prices will change" in text_of(kept)
    assert 'name="multiplier-0" value="2"' in kept.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"multiplier-0": "two"}, "“two” is no number"),
        ({"multiplier-0": "2", "up_to-0": "50"}, "the last range, and only it, has no end"),
        ({"multiplier-0": "2", "currency": "QQQ"}, "There is no currency QQQ"),
        ({"multiplier-0": "2", "rates": "USD"}, "is no currency with its rate"),
        ({"multiplier-0": "2", "direction": "sideways"}, "Rounding"),
    ],
)
async def test_rules_that_make_no_sense_keep_what_was_typed(web: Web, fields: dict[str, str], told: str) -> None:
    """The form comes back as it was sent, with what is wrong; nothing is kept."""
    reply = await web.mine.post("/settings/pricing", **fields)

    assert reply.status_code == 422
    assert told in text_of(reply)
    assert f'name="multiplier-0" value="{fields["multiplier-0"]}"' in reply.text
    assert await web.store.selling.pricing(web.mine.merchant_id) is None


async def test_a_full_form_reads_as_the_rules_it_says(web: Web) -> None:
    """Ranges in their order, margin, rounding, currency and rates, decimal commas among them."""
    form = {
        "up_to-0": "25", "multiplier-0": "3", "multiplier-1": "2,5", "percent-1": "10", "fixed-1": "1",
        "minimum_percent": "20", "minimum_fixed": "2", "direction": "up", "ending": ".99", "compare_at": "none",
        "currency": "eur", "rates": "USD 0.92\ngbp = 1.17",
    }  # fmt: skip

    await web.mine.post("/settings/pricing", **form)

    rules = await web.store.selling.pricing(web.mine.merchant_id)
    assert rules == PricingRules.model_validate(
        {
            "ranges": [{"up_to": "25", "multiplier": "3"}, {"multiplier": "2.5", "percent": "10", "fixed": "1"}],
            "minimum_margin": {"percent": "20", "fixed": "2"},
            "rounding": {"direction": "up", "ending": ".99"},
            "compare_at": "none",
            "currency": "EUR",
            "rates": {"USD": "0.92", "GBP": "1.17"},
        }
    )


async def test_unknown_targets_and_others_exports_are_not_there(web: Web) -> None:
    """A wrong name and another merchant's export answer alike."""
    export = await Exports(web.store).submit(web.mine.merchant_id, "jsonl")

    missing = [
        await web.theirs.get(path)
        for path in (f"/exports/{export.id}", f"/exports/{export.id}/download", "/settings/exports/magento")
    ]

    assert [reply.status_code for reply in missing] == [404, 404, 404]
    with pytest.raises(TargetUnknown):
        await Exports(web.store).submit(web.mine.merchant_id, "magento")
