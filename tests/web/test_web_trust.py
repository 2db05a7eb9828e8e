"""Pages about money, roles and webhooks."""

import re

from cartage.accounts.service import Accounts
from cartage.imports.progress import now
from cartage.model.access import Role
from cartage.model.catalogue import Attempt
from cartage.model.service_errors import BudgetReached
from cartage.model.spending import Caps, PaidAttempt
from tests.contracts.records import NOON
from tests.web.conftest import PASSWORD, Web, text_of

HOOK = {"url": "https://till.example/hook", "import.failed": "yes"}


async def test_a_paused_import_asks_and_goes_on(web: Web) -> None:
    """At the budget the page says so and has a button; pressed, an import that resumes the first one begins."""
    product_id = await web.failed(BudgetReached("The budget for one import is used up (0.1 USD)."))
    before = await web.imports.product(web.mine.merchant_id, product_id)

    page = await web.mine.get(f"/import/status/{product_id}")
    reply = await web.mine.post(f"/import/status/{product_id}/continue")

    assert "Paused at the budget" in text_of(page)
    assert "Go on anyway" in text_of(page)
    assert "it may spend once more what this Cartage allows one import" in text_of(page)
    assert f"cartage retry {before.import_id} --anyway" in text_of(page)
    assert "goes on without a bound of its own" in text_of(await web.mine.get(f"/import/status/{product_id}"))
    assert reply.headers["location"] == f"/import/status/{product_id}"
    begun = await web.imports.import_(
        web.mine.merchant_id, (await web.imports.product(web.mine.merchant_id, product_id)).import_id
    )
    assert begun.resumes == before.import_id


async def test_other_failures_do_not_ask_for_money(web: Web) -> None:
    """Where no budget stopped an import there is no such button, and asking for it does nothing."""
    product_id = await web.failed()

    page = await web.mine.get(f"/import/status/{product_id}")
    await web.mine.post(f"/import/status/{product_id}/continue")

    assert "Go on anyway" not in page.text
    assert (await web.imports.product(web.mine.merchant_id, product_id)).status.settled


async def test_costs_are_shown_with_what_is_not_known(web: Web) -> None:
    """The page sums what is known, counts what is not, and shows nobody else's."""
    day = NOON.replace(year=NOON.year + 1)
    for number in (1, 2):
        attempt = PaidAttempt(
            import_id="imp_1",
            provider="zyte",
            number=number,
            merchant_id=web.mine.merchant_id,
            host="shop.example",
            at=day,
            counted=1,
        )
        await web.store.spending.reserve(attempt, Caps(), day)
    await web.store.spending.settle("imp_1", "zyte", 1, 2500)

    mine, theirs = text_of(await web.mine.get("/costs")), text_of(await web.theirs.get("/costs"))

    assert "$0.0025 for 2 paid tries, and 1 of them at a cost that is not known" in mine
    assert "shop.example" in mine
    assert "No paid calls in the last 30 days." in theirs


async def test_costs_tell_what_was_expected_and_never_a_free_unknown(web: Web) -> None:
    """Estimated beside known, by import too; what nobody told is not known, never $0.00, and budgets stand above."""
    at = now()
    for import_id, estimated in (("imp_1", 4000), ("imp_2", None)):
        attempt = PaidAttempt(
            import_id=import_id,
            provider=f"{import_id}_service",
            number=1,
            merchant_id=web.mine.merchant_id,
            host="shop.example",
            at=at,
            counted=1,
            estimated=estimated,
        )
        await web.store.spending.reserve(attempt, Caps(), at)
    await web.store.spending.settle("imp_1", "imp_1_service", 1, 2500)
    await web.store.spending.settle("imp_2", "imp_2_service", 1, None)

    shown = text_of(await web.mine.get("/costs?days=7"))
    rows = (await web.mine.get("/costs.csv?days=7")).text.splitlines()

    assert "Imp 1 service 1 $0.004 $0.0025 none" in shown
    assert "Imp 2 service 1 not known not known 1" in shown
    assert "At a budget an import stops" in shown
    assert "$0.0025 spent today" in shown
    assert "provider,imp_1_service,0.0025,0.004,1,0,0,0,0,0," in rows
    assert "import,imp_2,,,1,1,0,0,0,0," in rows


async def test_costs_tell_what_was_fetched(web: Web) -> None:
    """By provider and in all, paid or not; what nobody counted is said so, and never told as nothing."""
    product = await web.importing()
    for provider, number, size in (("direct", 1, 40_000), ("direct", 2, None), ("shop_api", 1, None)):
        attempt = Attempt(provider=provider, number=number, started_at=now(), duration_ms=7, fetched_bytes=size)
        await web.store.catalogue.record_attempt(product.import_id, attempt)

    shown, theirs = text_of(await web.mine.get("/costs")), text_of(await web.theirs.get("/costs"))
    rows = (await web.mine.get("/costs.csv")).text.splitlines()

    assert "40 kB in all, as it was sent. Of 2 tries nobody counted it." in shown
    assert "Read the page directly 2 40 kB 40 kB 1" in shown
    assert "not known not known 1" in shown
    assert "Fetched" not in theirs
    assert {"fetched,direct,,,2,,,,,,40000", "fetched,shop_api,,,1,,,,,,"} <= {*rows}


async def test_a_webhooks_secret_is_shown_once(web: Web) -> None:
    """Adding shows the secret; the settings show the address only, and removing takes it away."""
    added = await web.mine.post("/settings/webhooks", **HOOK)
    later = await web.mine.get("/settings/webhooks")
    (endpoint,) = await web.store.postbox.endpoints(web.mine.merchant_id)
    await web.mine.post(f"/settings/webhooks/{endpoint.id}/remove")

    assert re.search(r'id="new-secret">whsec_[\w+/=]{40,}<', added.text)
    assert "https://till.example/hook" in later.text
    assert endpoint.secret not in later.text
    assert await web.store.postbox.endpoints() == []


async def test_a_webhook_into_a_private_network_is_refused_in_place(web: Web) -> None:
    """The page says what an address must be, and nothing is kept."""
    reply = await web.mine.post("/settings/webhooks", **(HOOK | {"url": "https://10.0.0.1/"}))

    assert reply.status_code == 422
    assert "leads to the public internet" in reply.text
    assert await web.store.postbox.endpoints() == []


async def test_a_role_is_changed_and_noted(web: Web) -> None:
    """A colleague becomes viewer, is logged out, sees no settings of admins, and the log says who did it."""
    made = await web.mine.post("/settings/invitations", role="editor")
    link = re.search(r"http://cartage\.test(/join/[\w-]+)", made.text)
    assert link
    await web.stranger.post(link[1], data={"email": "clerk@shop.example", "password": PASSWORD})
    clerk = next(each for each in await web.accounts.people(web.mine.merchant_id) if each.role is Role.EDITOR)

    await web.mine.post(f"/settings/people/{clerk.id}/role", role="viewer")

    assert (await web.stranger.get("/products")).status_code == 303
    await log_in_again(web.accounts, web)
    for path in ("/settings/access", "/settings/webhooks", "/settings/audit"):
        assert re.search("(is|are) for admins of", text_of(await web.stranger.get(path)))
    assert "Changed a role" in text_of(await web.mine.get("/settings/audit"))


async def test_the_last_admin_stays(web: Web) -> None:
    """Taking one's own admin role away is refused while nobody else has it."""
    (me,) = await web.accounts.people(web.mine.merchant_id)

    reply = await web.mine.post(f"/settings/people/{me.id}/role", role="viewer")

    assert reply.status_code == 409
    assert "Somebody must stay admin" in reply.text


async def test_logging_in_ends_the_login_before(web: Web) -> None:
    """A session that was there before the login opens nothing after it."""
    old = web.mine.client.cookies["cartage_session"]

    await web.mine.client.post("/login", data={"email": "me@shop.example", "password": PASSWORD})

    assert await web.accounts.session(old) is None
    assert await web.accounts.session(web.mine.client.cookies["cartage_session"])


async def log_in_again(accounts: Accounts, web: Web) -> None:
    """Log the stranger in as the clerk."""
    login = await accounts.log_in("clerk@shop.example", PASSWORD)
    web.stranger.cookies.clear()
    web.stranger.cookies.set("cartage_session", login.secret)
