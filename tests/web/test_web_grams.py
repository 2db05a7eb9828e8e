"""A product's weight on the web: shown in the merchant's units, set by hand, and taken from another source."""

from decimal import Decimal

from cartage.model.evidence import Evidence, Source
from tests.web.conftest import Web, text_of
from tests.web.test_web_upkeep import FORM, MUG


async def test_a_weight_is_set_and_shown_in_the_merchants_units(web: Web) -> None:
    """What was typed with a unit is kept; in US units it is shown so, and sending it as it is shown changes nothing."""
    product_id = await web.imported(MUG)
    path = f"/products/{product_id}"

    refused = await web.mine.post(f"{path}/edit", **FORM, weight="350")
    await web.mine.post(f"{path}/edit", **FORM, weight="1.5 lb")
    metric = text_of(await web.mine.get(path))
    await web.mine.post("/settings/general", units="us", currency="usd")
    us, form = text_of(await web.mine.get(path)), (await web.mine.get(f"{path}/edit")).text
    await web.mine.post(f"{path}/edit", **FORM, weight="1.5 lb")
    kept = await web.imports.product(web.mine.merchant_id, product_id)
    await web.mine.post(f"{path}/edit", **FORM, weight="")
    emptied = await web.imports.product(web.mine.merchant_id, product_id)

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert "680.39 g" in metric
    assert "1.5 lb" in us
    assert 'value="1.5 lb"' in form
    assert kept.facts
    assert (kept.facts.weight_grams, kept.locked) == (Decimal("680.389"), ("weight_grams",))
    assert emptied.facts
    assert (emptied.facts.weight_grams, emptied.locked) == (None, ("weight_grams",))


async def test_another_sources_weight_is_used_by_one_press(web: Web) -> None:
    """It is offered in words, and kept in grams."""
    mug = MUG.model_copy(update={"weight_grams": Decimal(350)})
    table = Evidence(source=Source.VISIBLE, where="table", raw="Weight: 1.2 kg", agrees=False, value="1200")
    markup = Evidence(source=Source.JSON_LD, where="/weight", raw="350 g")
    product_id = await web.imported(mug, {"/weight_grams": (markup, table)})

    shown = (await web.mine.get(f"/products/{product_id}")).text
    await web.mine.post(f"/products/{product_id}/use", field="weight_grams", value="1200")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    assert "Use this: 1.2 kg" in shown
    assert product.facts
    assert product.facts.weight_grams == 1200
