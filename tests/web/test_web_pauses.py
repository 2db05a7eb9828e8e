"""Pausing on the pages: who may, what they say, and that nothing spins for ever."""

import io

from cartage.imports.batch import Batches
from cartage.imports.batch_file import Form, open_batch
from cartage.imports.releasing import Releaser
from cartage.model.access import Role
from cartage.model.batch import BatchState
from cartage.model.errors import PageNotFound, RateLimited
from cartage.model.product import Product
from tests.contracts.records import a_batch, kept_rows, sent_row
from tests.web.conftest import PASSWORD, Web, text_of


async def test_importing_is_paused_and_resumed_from_the_list_of_imports(web: Web) -> None:
    """The page says who paused it and how many wait, and gives the button that ends it."""
    before = await web.mine.get("/imports")
    await web.mine.post("/pauses", site="all", back="/imports")
    await web.importing()
    page = await web.mine.get("/imports")
    resumed = await web.mine.post("/pauses/resume", site="all", back="/imports")
    after = await web.mine.get(resumed.headers["location"])

    (user,) = await web.accounts.people(web.mine.merchant_id)
    assert 'action="/pauses"' in before.text
    assert f"Importing is paused. {user.email} paused it just now . 1 import waits. Resume" in text_of(page)
    assert 'name="site" value="all"' in before.text
    assert "Importing is paused." not in text_of(after)
    assert 'action="/pauses/resume"' not in after.text


async def test_every_page_of_what_waits_says_paused(web: Web) -> None:
    """The import's and the product's own pages, and all lists, say so instead of importing, with who paused it."""
    imported = await web.imported(Product(name="Mug"))
    await web.mine.post("/pauses", site="shop.example")
    await web.imports.retry(web.mine.merchant_id, imported)
    product = await web.importing("/new")
    addresses = (
        "/imports",
        "/products",
        "/import",
        f"/import/status/{product.id}",
        f"/imports/{product.import_id}",
        f"/products/{imported}",
    )

    pages = [text_of(await web.mine.get(address)) for address in addresses]

    assert [address for address, page in zip(addresses, pages, strict=True) if "Paused" not in page] == [addresses[3]]
    assert "Importing from shop.example is paused." in pages[3]
    assert "in the queue" not in pages[3]


async def test_a_filter_for_a_site_pauses_that_site(web: Web) -> None:
    """Where the list shows one site, the button pauses it; where it is paused, there is none."""
    await web.importing()
    shown = await web.mine.get("/imports?filter=site:shop.example")
    paused = await web.mine.post("/pauses", site="shop.example", back="/imports?filter=site:shop.example")
    after = await web.mine.get(paused.headers["location"])

    assert "Pause shop.example" in text_of(shown)
    assert "Pause shop.example" not in text_of(after)
    assert "Importing from shop.example is paused." in text_of(after)
    assert [each.site for each in await web.store.pauses.pauses(web.mine.merchant_id)] == ["shop.example"]


async def test_a_list_says_what_its_rows_wait_for(web: Web) -> None:
    """Only pauses that concern its rows are told, with how many of them wait."""
    for site in ("shop.example", "other.example"):
        await web.mine.post("/pauses", site=site)
    text = "https://shop.example/1\nhttps://shop.example/2\nhttps://third.example/1"
    batches = Batches(web.store, web.imports)
    batch = await batches.submit(web.mine.merchant_id, open_batch(io.BytesIO(text.encode()), Form.LINES))

    page = text_of(await web.mine.get(f"/batches/{batch.id}"))

    assert "Importing from shop.example is paused." in page
    assert "2 imports wait." in page
    assert "other.example" not in page
    assert page.count("Paused") == 2


async def test_what_would_wait_if_tried_again_says_so(web: Web) -> None:
    """Beside what may be retried of a paused site, with what ends the pause; not beside what cannot go well."""
    batch = a_batch(web.mine.merchant_id, BatchState.FED)
    for row, error in zip(await kept_rows(web.store, batch, 2), (RateLimited("x"), PageNotFound("x")), strict=True):
        _, product, _ = await sent_row(web.store, batch, row)
        await web.end(product, error.failure())
    await web.mine.post("/pauses", site="shop.example")
    await web.mine.post("/pauses", site="other.example")

    page = await web.mine.get(f"/batches/{batch.id}")
    resumed = await web.mine.post("/pauses/resume", site="shop.example", back=f"/batches/{batch.id}")

    told = "Importing from shop.example is paused. What is tried again waits until it is resumed. Resume shop.example"
    assert text_of(page).count(told) == 1
    assert "other.example" not in page.text
    assert resumed.headers["location"] == f"/batches/{batch.id}"
    assert "is paused" not in text_of(await web.mine.get(f"/batches/{batch.id}"))


async def test_a_page_that_is_watched_shows_when_it_is_resumed(web: Web) -> None:
    """The stream tells a pause and its end, though no event of the import does."""
    product = await web.importing()
    following = web.imports.follow(web.mine.merchant_id, product.id)
    await anext(following)

    await web.mine.post("/pauses", site="all")
    await anext(following)
    await web.mine.post("/pauses/resume", site="all")

    assert await anext(following)


async def test_what_was_held_is_sent_after_it_was_resumed(web: Web) -> None:
    """Resuming on a page lets the import go on."""
    await web.mine.post("/pauses", site="all")
    product = await web.importing()
    assert web.engine.sent == []

    await web.mine.post("/pauses/resume", site="all")
    await Releaser(web.store, web.imports).release()

    assert [import_id for import_id, _ in web.engine.sent] == [product.import_id]


async def test_a_viewer_sees_a_pause_and_cannot_end_it(web: Web) -> None:
    """There is no button, and the form is refused."""
    await web.mine.post("/pauses", site="all")
    secret = await web.accounts.invite(web.mine.merchant_id, role=Role.VIEWER)
    login = await web.accounts.sign_up(secret, "viewer@shop.example", PASSWORD, "")
    cookie = {"cookie": f"cartage_session={login.secret}"}

    page = await web.stranger.get("/imports", headers=cookie)
    refused = await web.stranger.post("/pauses/resume", headers=cookie, data={"csrf": login.session.csrf})

    assert "Importing is paused." in text_of(page)
    assert "/pauses" not in page.text
    assert refused.status_code == 403


async def test_the_log_of_the_business_names_who_paused_what(web: Web) -> None:
    """Both are noted, with the site."""
    await web.mine.post("/pauses", site="shop.example")
    await web.mine.post("/pauses/resume", site="shop.example")

    noted = [(each.action, each.target) for each in await web.accounts.audit(web.mine.merchant_id)]

    assert noted[:2] == [("/pauses/resume", "shop.example"), ("/pauses", "shop.example")]


async def test_a_wrong_site_gives_the_form_back(web: Web) -> None:
    """With what was typed, open, and the reason beside it; nothing is paused, and the list is there."""
    product = await web.importing()

    for wrong in ("not a site", "ftp://shop.example", "http://"):
        reply = await web.mine.post("/pauses", site=wrong, back="/imports")
        text = text_of(reply)

        assert reply.status_code == 422
        assert f'value="{wrong}"' in reply.text
        assert '<details class="fold" id="pause-a-site" open>' in reply.text
        assert 'aria-invalid="true"' in reply.text
        assert 'id="site-error" role="alert"' in reply.text
        assert product.source_url.removeprefix("https://") in reply.text
        assert "Importing is paused" not in text
    assert await web.store.pauses.pauses(web.mine.merchant_id) == []
