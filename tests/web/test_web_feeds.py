"""Pages of feeds: making one, its address, what it holds, and what is wanted of it."""

import re

import pytest

from cartage.exports.feeds import Feeds
from cartage.exports.maker import Maker
from cartage.model.access import Role
from cartage.model.errors import NotFound
from tests.exports.linen import GOOGLE, SHIRT, TOLD, a_mug
from tests.web.conftest import PASSWORD, Web, text_of

ADDRESS = re.compile(r"http://[\w.]+/feeds/[\w-]{43}\.[a-z]+")


async def a_feed(web: Web, **fields: str) -> str:
    """Make a feed by the form, and give where its page is."""
    reply = await web.mine.post("/exports/feeds", **{"name": "All", "target": "shopify", "every_hours": "6"} | fields)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


async def made(web: Web) -> None:
    """Make what waits."""
    assert await Maker(Feeds(web.store).exports).make_next()


async def test_a_feed_is_made_by_a_form_and_shows_its_address(web: Web) -> None:
    """First that it is under way, then what it holds; the exports' page lists it."""
    await web.imported(SHIRT, {"/variants": TOLD})

    here = await a_feed(web, name="Shoes")
    waiting = await web.mine.get(here)
    await made(web)
    ready, listed = await web.mine.get(here), await web.mine.get("/exports")

    assert 'hx-trigger="load delay:2s"' in waiting.text
    assert ADDRESS.search(waiting.text)
    assert "hx-trigger" not in ready.text
    assert "1 product" in text_of(ready)
    assert "Never" in text_of(ready)
    assert (f'href="{here}"' in listed.text, "Shoes" in text_of(listed)) == (True, True)
    assert "Nothing was exported yet." in text_of(listed)


async def test_a_form_that_cannot_be_keeps_what_was_typed(web: Web) -> None:
    """A filter that is none, no name, and a target that first needs the shop's address, to which it leads."""
    wrong = await web.mine.post("/exports/feeds", name="Shoes", target="jsonl", filter="colour:red")
    nameless = await web.mine.post("/exports/feeds", name=" ", target="jsonl")
    needs = await web.mine.post("/exports/feeds", name="Shoes", target="google")

    assert [each.status_code for each in (wrong, nameless, needs)] == [422] * 3
    assert 'value="colour:red"' in wrong.text
    assert 'value="jsonl" checked' in wrong.text
    assert "A feed needs a name" in text_of(nameless)
    assert 'href="/settings/exports/google"' in needs.text
    assert await Feeds(web.store).feeds(web.mine.merchant_id) == []


async def test_settings_of_a_feed_are_its_own(web: Web) -> None:
    """What is left empty is as for all exports; what cannot be comes back with what was typed."""
    await web.mine.post("/settings/exports/google", link_template=GOOGLE.link_template, gender="unisex")
    here = await a_feed(web, target="google")
    saved = await web.mine.post(here, name="Women", every_hours="24", own_gender="female", sound_only="yes")
    refused = await web.mine.post(here, name="Women", own_link_template="nowhere")
    page = await web.mine.get(saved.headers["location"])

    (fed,) = await Feeds(web.store).feeds(web.mine.merchant_id)
    assert (fed.feed.terms.settings, fed.feed.terms.every_hours, fed.feed.terms.sound_only) == (
        {"gender": "female"},
        24,
        True,
    )
    assert (refused.status_code, 'value="nowhere"' in refused.text) == (422, True)
    assert "Saved." in text_of(page)
    assert '<option value="female" selected>' in page.text


async def test_errors_say_that_an_earlier_file_is_sent(web: Web) -> None:
    """With what was found, and links to the products."""
    await web.imported(a_mug().facts or SHIRT)
    here = await a_feed(web)
    await made(web)
    bad = await web.imported(a_mug(2, price=None).facts or SHIRT)
    await web.mine.post(f"{here}/make")
    await made(web)

    page = await web.mine.get(here)

    assert "The last file without errors is sent" in text_of(page)
    assert "1 to fix" in text_of(page)
    assert f"/products/{bad}/exports/shopify" in page.text
    assert "List the product" in text_of(page)


async def test_a_new_address_and_the_end_of_a_feed(web: Web) -> None:
    """The address is another; then nothing is there."""
    here = await a_feed(web)
    before = ADDRESS.search((await web.mine.get(here)).text)
    await web.mine.post(f"{here}/rotate")
    after = ADDRESS.search((await web.mine.get(here)).text)
    removed = await web.mine.post(f"{here}/remove")

    assert before
    assert after
    assert before[0] != after[0]
    assert removed.headers["location"].startswith("/exports")
    assert (await web.mine.get(here)).status_code == 404


async def test_a_viewer_does_not_see_the_address(web: Web) -> None:
    """It lets whoever knows it fetch the file: only those who may change it see it."""
    here = await a_feed(web)
    secret = await web.accounts.invite(web.mine.merchant_id, role=Role.VIEWER)
    await web.stranger.post(f"/join/{secret}", data={"email": "v@shop.example", "password": PASSWORD, "business": ""})

    page = await web.stranger.get(here)

    assert "Its address is shown to editors." in text_of(page)
    assert not ADDRESS.search(page.text)
    assert "Make now" not in text_of(page)


async def test_feeds_are_each_merchants_own(web: Web) -> None:
    """Another merchant's feed is not there, neither to see nor to change."""
    here = await a_feed(web)

    replies = [await web.theirs.get(here)]
    replies += [await web.theirs.post(f"{here}{act}", name="x") for act in ("", "/make", "/rotate", "/remove")]

    assert [each.status_code for each in replies] == [404] * 5
    with pytest.raises(NotFound):
        await Feeds(web.store).feed(web.theirs.merchant_id, here.rpartition("/")[2])
