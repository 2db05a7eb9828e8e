"""Acting on many products on the web: picked or all that match, looked at first, run, and undone."""

import re

from pydantic import SecretStr

from cartage.imports.acting import Actor
from cartage.imports.bulk import BulkActions
from cartage.imports.progress import now
from cartage.model.catalogue import Status
from cartage.model.errors import RateLimited
from cartage.model.product import Condition, Product
from cartage.model.spending import NO_CAPS, PaidAttempt
from cartage.settings import Settings
from cartage.web.bulk import BulkPages
from cartage.web.installation import Installation
from tests.web.conftest import Web, text_of

MUG = Product(name="Mug", brand="Lumen")


async def carried_out(web: Web) -> None:
    """Let a process carry out what waits."""
    actor = Actor(web.store, web.imports)
    while await actor.act():
        pass


async def run(web: Web, address: str, **more: str) -> str:
    """Look at what an act would do, confirm it, and give the address of the action."""
    looked = await web.mine.get(address)
    named = dict(re.findall(r'type="hidden" name="(act|filter|count)" value="([^"]*)"', looked.text))
    return (await web.mine.post("/bulk", **named, **more)).headers["location"]


async def test_ticked_products_are_looked_at_archived_and_restored(web: Web) -> None:
    """The check says how many; running it empties the list of them; undoing brings them back."""
    one, two = await web.imported(MUG), await web.imported(MUG)

    looked = text_of(await web.mine.get(f"/bulk/check?act=archive&pick={one}&filter="))
    path = await run(web, f"/bulk/check?act=archive&pick={one}&filter=")
    await carried_out(web)
    result = text_of(await web.mine.get(path))
    listed = (await web.mine.get("/products")).text

    assert "Archive 1 product?" in looked
    assert "1 archived" in result
    assert (one in listed, two in listed) == (False, True)
    undone = (await web.mine.post(f"{path}/undo")).headers["location"]
    await carried_out(web)
    assert "1 restored" in text_of(await web.mine.get(undone))
    assert one in (await web.mine.get("/products")).text


async def test_all_that_match_are_retried_with_their_reasons(web: Web) -> None:
    """What failed in passing is retried, what failed for good is named, and the imports are a link away."""
    passing, lasting = await web.failed(RateLimited("slow down")), await web.failed()

    looked = text_of(await web.mine.get("/bulk/check?act=retry&all=yes&filter=status:failed"))
    path = await run(web, "/bulk/check?act=retry&all=yes&filter=status:failed")
    await carried_out(web)
    result = await web.mine.get(path)

    assert "2 match 1 can be retried 1 cannot 1 The site asks us to slow down 1 failed for good" in looked
    assert (await web.imports.product(web.mine.merchant_id, lasting)).source_url in looked
    assert f'href="/import/status/{lasting}"><bdi>https://' in result.text
    assert f"/imports?filter=action:{path.removeprefix('/bulk/')}" in result.text
    assert (await web.imports.product(web.mine.merchant_id, passing)).status is Status.IMPORTING


async def test_what_retrying_may_cost_is_told_before(web: Web) -> None:
    """By what paid imports did lately: not known while none was, and an average after."""
    await web.failed(RateLimited("slow down"))
    looking = "/bulk/check?act=retry&all=yes&filter=status:failed"
    pages = BulkPages(BulkActions(web.store), Installation(Settings.model_construct(zyte_key=SecretStr("key"))))
    me = web.mine.merchant_id

    before = await pages.estimate(me, 4)
    for import_id, cost in (("imp_1", 2000), ("imp_2", 4000), ("imp_3", None)):
        paid = PaidAttempt(
            import_id=import_id, provider="zyte", number=1, merchant_id=me, host="shop.example", at=now(), counted=1
        )
        await web.store.spending.reserve(paid, NO_CAPS, now())
        await web.store.spending.settle(import_id, "zyte", 1, cost)
    after = await pages.estimate(me, 4)
    page = text_of(await web.mine.get(looking))

    assert (before.each, before.whole) == (None, None)
    assert (after.paid, after.unknown, f"{after.each}", f"{after.whole}") == (2, 1, "0.003 USD", "0.012 USD")
    assert "It costs nothing." in page


async def test_deleting_stands_apart_from_what_can_be_undone(web: Web) -> None:
    """In the menu it is last, in a group of its own, which says that it is for good."""
    await web.imported(MUG)

    menu = re.search(r'<select class="select" id="act".*?</select>', (await web.mine.get("/products")).text, re.DOTALL)

    assert menu
    assert menu[0].endswith('<hr><optgroup label="For good"><option value="delete">Delete</option></optgroup></select>')


async def test_an_action_is_followed_until_it_and_its_imports_end(web: Web) -> None:
    """Its page streams the part that changes and ends with it; a browser that comes back is not told it again."""
    await web.imported(MUG)
    path = await run(web, "/bulk/check?act=archive&all=yes&filter=")

    waiting = await web.mine.get(path)
    await carried_out(web)
    followed = await web.mine.client.get(f"{path}/events")
    (mark,) = re.findall(r"^id: (.+)$", followed.text, re.MULTILINE)
    again = await web.mine.client.get(f"{path}/events", headers={"Last-Event-ID": mark})

    assert f'data-live="{path}/events"' in waiting.text
    assert '<meta http-equiv="refresh"' in waiting.text
    assert "1 of 1 gone through" in followed.text
    assert followed.text.endswith(f"event: settled\ndata: {path}\n\n")
    assert "progress" not in again.text
    assert "data-live" not in (await web.mine.get(path)).text
    assert (await web.theirs.get(f"{path}/events")).status_code == 404


async def test_an_edit_sets_brand_tags_and_a_rule(web: Web) -> None:
    """What the form names is set in all; what cannot be read comes back with what was typed."""
    product_id = await web.imported(MUG)
    address = "/bulk/check?act=edit&all=yes&filter="

    path = await run(web, address, brand="Nord", add_tags="sale,  summer hats", multiplier="2,5")
    await carried_out(web)
    refused = await web.mine.post("/bulk", act="edit", filter="", count="1", brand="Süd", multiplier="twice")

    product = await web.imports.product(web.mine.merchant_id, product_id)
    preview = text_of(await web.mine.get(f"/products/{product_id}/exports/shopify"))
    assert "sale, summer hats" in preview
    assert path.startswith("/bulk/blk_")
    assert product.facts
    assert (product.facts.brand, product.tags) == ("Nord", ("sale", "summer hats"))
    assert str(product.own_rule and product.own_rule.multiplier) == "2.5"
    assert refused.status_code == 422
    assert 'value="Süd"' in refused.text


async def test_an_edit_sets_category_condition_and_stock_and_leaves_fields_to_their_pages(web: Web) -> None:
    """What is chosen is set in all, what is ticked is given back, and not both of one field."""
    await web.imported(MUG)
    asked = await web.mine.get("/bulk/check?act=edit&all=yes&filter=")
    form = {"category": "Home > Mugs", "condition": "UsedCondition", "availability": "none", "unlock_name": "yes"}
    form["weight"] = "0.5 kg"

    both = await web.mine.post("/bulk", act="edit", filter="", brand="Kiln", unlock_brand="yes")
    await web.mine.post("/bulk", act="edit", filter="", **form)

    kept = (await web.store.bulk.actions(web.mine.merchant_id, before="", limit=2))[0].edit
    assert 'name="unlock_breadcrumbs"' in asked.text
    assert "either set or left to the page" in text_of(both)
    assert re.search(r'name="unlock_brand" value="yes" checked', both.text)
    assert kept
    assert (kept.breadcrumbs, kept.condition, kept.availability) == (("Home", "Mugs"), Condition.USED, None)
    assert "availability" in kept.model_fields_set
    assert "brand" not in kept.model_fields_set
    assert kept.weight_grams == 500
    assert kept.unlock == ("name",)


async def test_deleting_asks_first_and_counts_what_it_asked_about(web: Web) -> None:
    """Without the tick, or where another number matches by now, nothing is deleted."""
    await web.imported(MUG)

    unsure = await web.mine.post("/bulk", act="delete", filter="", count="1")
    stale = await web.mine.post("/bulk", act="delete", filter="", count="9", sure="yes")

    assert (unsure.status_code, stale.status_code) == (422, 422)
    assert await web.store.bulk.actions(web.mine.merchant_id) == []
    await run(web, "/bulk/check?act=delete&all=yes&filter=", sure="yes")
    await carried_out(web)
    assert "There is no product yet." in text_of(await web.mine.get("/products"))


async def test_nothing_is_done_to_nothing_and_exports_go_to_exports(web: Web) -> None:
    """An empty selection says so; exporting what is ticked opens the form of exports with it."""
    product_id = await web.imported(MUG)

    empty = await web.mine.get("/bulk/check?act=archive&filter=")
    exported = await web.mine.get(f"/bulk/check?act=export&pick={product_id}&filter=")

    assert empty.status_code == 422
    assert exported.headers["location"] == f"/exports?filter=id%3A{product_id}"
