"""Logging in, signing up, settings, and the checks that a form is our own."""

import re

import httpx2
import pytest
from argon2 import PasswordHasher

from cartage.accounts.passwords import Passwords
from cartage.accounts.service import Accounts, Login
from cartage.imports.service import Imports
from cartage.model.access import Scope
from cartage.stores.memory import MemoryStore
from cartage.web import WebOptions
from tests.web.conftest import PASSWORD, KeptEngine, Web, client, make_server, text_of


async def log_in(browser: httpx2.AsyncClient, password: str = PASSWORD, **more: str) -> httpx2.Response:
    """Send the login form."""
    return await browser.post("/login", data={"email": "me@shop.example", "password": password} | more)


@pytest.mark.parametrize("path", ["/", "/import", "/products", "/imports", "/settings", "/import/status/prd_x"])
async def test_a_stranger_is_sent_to_the_login(web: Web, path: str) -> None:
    """Every page leads a stranger to the login, which leads back."""
    reply = await web.stranger.get(path)

    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/login")


async def test_logging_in_gives_a_cookie_that_scripts_cannot_read(web: Web) -> None:
    """The right password begins a session, in an HttpOnly cookie of this site alone."""
    reply = await log_in(web.stranger)

    cookie = reply.headers["set-cookie"]
    assert (reply.status_code, reply.headers["location"]) == (303, "/import")
    assert cookie.startswith("cartage_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


async def test_cookies_for_https_alone() -> None:
    """With `secure_cookies` the cookie never travels unencrypted, and the demo's login is filled in."""
    store = MemoryStore()
    accounts = Accounts(store, Passwords(PasswordHasher(1, 8, 1)))
    await accounts.sign_up(await accounts.invite(), "me@shop.example", PASSWORD, "Mine")
    options = WebOptions(secure_cookies=True, demo_login=("me@shop.example", PASSWORD))
    async with client(make_server(Imports(store, KeptEngine()), accounts, options), "https") as browser:
        form = await browser.get("/login")
        reply = await log_in(browser)

    assert f'value="{PASSWORD}"' in form.text
    assert "Secure" in reply.headers["set-cookie"]


async def test_an_invitation_leads_to_the_public_address() -> None:
    """Where the address that people use is set, an invitation's link begins with it, whatever was asked for."""
    store = MemoryStore()
    accounts = Accounts(store, Passwords(PasswordHasher(1, 8, 1)))
    await accounts.sign_up(await accounts.invite(), "me@shop.example", PASSWORD, "Mine")
    options = WebOptions(site_url="https://goods.example")
    async with client(make_server(Imports(store, KeptEngine()), accounts, options)) as browser:
        await log_in(browser)
        csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/settings/access")).text)
        assert csrf
        reply = await browser.post("/settings/invitations", data={"csrf": csrf[1]})

    assert re.search(r'id="new-link">https://goods\.example/join/[\w-]{40,}<', reply.text)


async def test_a_wrong_login_says_so_and_keeps_the_address(web: Web) -> None:
    """A wrong password shows one alert; the e-mail address stays, the password does not."""
    reply = await log_in(web.stranger, "wrong password here")

    assert reply.status_code == 401
    assert reply.text.count('role="alert"') == 1
    assert 'value="me@shop.example"' in reply.text
    assert "wrong password here" not in reply.text
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/products/prd_1", "/products/prd_1"),
        ("//evil.example", "/import"),
        ("/\\evil.example", "/import"),
        ("https://evil.example", "/import"),
        ("/a\r\nx: y", "/import"),
    ],
)
async def test_a_login_leads_to_our_own_pages_only(web: Web, wanted: str, location: str) -> None:
    """After the login one goes on to where one wanted to be, if that is here."""
    reply = await log_in(web.stranger, next=wanted)

    assert reply.headers["location"] == location


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
async def test_a_login_form_of_another_site_is_refused(web: Web, headers: dict[str, str]) -> None:
    """Another site's page cannot log a visitor in."""
    form = {"email": "me@shop.example", "password": PASSWORD}

    reply = await web.stranger.post("/login", data=form, headers=headers)

    assert reply.status_code == 403
    assert "another site" in reply.text
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("csrf", ["", "wrong", "é"])
@pytest.mark.parametrize("path", ["/import", "/logout", "/settings/tokens", "/import/status/prd_x/cancel"])
async def test_a_form_without_the_session_s_token_is_refused(web: Web, path: str, csrf: str) -> None:
    """A form that our page did not make does nothing."""
    reply = await web.mine.client.post(path, data={"csrf": csrf, "url": "https://shop.example/p", "name": "x"})

    assert reply.status_code == 403
    assert reply.headers["content-type"].startswith("text/html")
    assert web.engine.sent == []
    assert await web.accounts.tokens(web.mine.merchant_id) == []


async def test_logging_out_ends_the_session_at_once(web: Web) -> None:
    """After logging out the old cookie opens nothing."""
    secret = web.mine.client.cookies["cartage_session"]

    await web.mine.post("/logout")

    assert await web.accounts.session(secret) is None
    assert (await web.mine.get("/products")).status_code == 303


async def test_a_sign_up_link_works_once(web: Web) -> None:
    """The first to use a link signs up; the second is told that it is used up."""
    secret = await web.accounts.invite()
    form = {"email": "new@shop.example", "password": PASSWORD, "business": "New"}
    first = await web.stranger.post(f"/join/{secret}", data=form)

    second = await web.stranger.post(f"/join/{secret}", data=form | {"email": "other@shop.example"})

    assert (first.status_code, first.headers["location"]) == (303, "/import")
    assert second.status_code == 410
    assert "used already" in second.text


async def test_a_bad_sign_up_keeps_the_link_and_what_was_typed(web: Web) -> None:
    """A password that is too short is said in place, and the link still works."""
    secret = await web.accounts.invite()
    form = {"email": "new@shop.example", "password": "short", "business": "New & Co"}

    reply = await web.stranger.post(f"/join/{secret}", data=form)

    assert reply.status_code == 422
    assert "at least 10 characters" in reply.text
    assert 'value="New &amp; Co"' in reply.text
    assert (await web.stranger.post(f"/join/{secret}", data=form | {"password": PASSWORD})).status_code == 303


async def test_a_token_is_shown_once(web: Web) -> None:
    """A new token's text is on the page that made it, and nowhere later."""
    form = await web.mine.get("/settings/access")
    none = await web.mine.post("/settings/tokens", name="Stock sync")
    made = await web.mine.post("/settings/tokens", name="Stock sync", scope_read="yes", scope_imports="yes")
    later = await web.mine.get("/settings/access")

    token = re.search(r"cartage_tok_[\w-]+", made.text)
    assert token
    known = await web.accounts.authenticate(token[0])
    assert (known.merchant_id, known.scopes) == (web.mine.merchant_id, (Scope.READ, Scope.IMPORTS))
    ticked = re.findall(r'name="scope_(\w+)" value="yes" checked', form.text)
    assert ticked == ["read", "imports", "products", "exports"]
    assert (none.status_code, "choose what" in none.text) == (422, True)
    assert "Stock sync sees, imports" in text_of(later)
    assert token[0] not in later.text


async def test_a_token_can_be_revoked_by_its_own_merchant_only(web: Web) -> None:
    """Revoking ends a token; another merchant's token is not there to revoke."""
    token, _ = await web.accounts.create_token(web.mine.merchant_id, "Stock sync")

    theirs = await web.theirs.post(f"/settings/tokens/{token.id}/revoke")
    mine = await web.mine.post(f"/settings/tokens/{token.id}/revoke")

    assert (theirs.status_code, mine.status_code) == (404, 303)
    assert "Stock sync" not in text_of(await web.mine.get("/settings/access"))


async def test_settings_open_at_their_first_page(web: Web) -> None:
    """The settings begin with what is general; who may do what, webhooks and the log are pages of their own."""
    opened = await web.mine.get("/settings")
    access = await web.mine.get("/settings/access")

    first = re.search(r'settings-ways.*?<a href="([^"]+)"', access.text, re.DOTALL)
    assert first
    assert (opened.status_code, opened.headers["location"]) == (303, first[1])
    assert "Address of the new webhook" not in access.text
    assert "Address of the new webhook" in (await web.mine.get("/settings/webhooks")).text
    assert "Joined" in (await web.mine.get("/settings/audit")).text


async def test_the_audit_log_holds_what_was_done(web: Web) -> None:
    """A form that was refused, or that only asked to look, is not in it."""
    pasted = await web.mine.post("/import/many", addresses="https://shop.example/a")
    path = pasted.headers["location"].partition("?")[0]

    refused = [
        await web.mine.post("/settings/tokens", name=" "),
        await web.mine.post("/settings/general", currency="franc"),
        await web.mine.post("/settings/webhooks/whe_nothing/remove"),
        await web.mine.post("/products/prd_nothing/edit", name="x"),
    ]
    looked = await web.mine.post(path, form="lines", action="check")
    await web.mine.post("/settings/general", currency="EUR")
    await web.mine.post(path, form="lines", action="start")

    noted = [each.action for each in await web.accounts.audit(web.mine.merchant_id)]
    assert [reply.status_code for reply in (*refused, looked)] == [422, 422, 404, 404, 303]
    assert noted == ["/import/check/{draft_id}", "/settings/general", "/import/many", "join"]


async def test_an_invitation_leads_into_the_same_merchant(web: Web) -> None:
    """A colleague who signs up by my link sees what I see."""
    made = await web.mine.post("/settings/invitations")
    link = re.search(r"http://cartage\.test(/join/[\w-]+)", made.text)
    assert link

    await web.stranger.post(link[1], data={"email": "colleague@shop.example", "password": PASSWORD})

    session = await web.accounts.session(web.stranger.cookies["cartage_session"])
    assert session
    assert session.merchant_id == web.mine.merchant_id


async def joined(web: Web) -> Login:
    """Sign a colleague up by an invitation."""
    invitation = await web.accounts.invite(web.mine.merchant_id)
    return await web.accounts.sign_up(invitation, "bo@shop.example", PASSWORD, "")


async def test_who_lost_a_password_chooses_another(web: Web) -> None:
    """An admin makes the link, shown once; its person chooses in place, and is logged in."""
    colleague = await joined(web)
    made = await web.mine.post(f"/settings/people/{colleague.user.id}/password-link")
    link = re.search(r"http://cartage\.test(/password/[\w-]+)", made.text)
    assert link

    short = await web.stranger.post(link[1], data={"password": "short"})
    chosen = await web.stranger.post(link[1], data={"password": "battery staple"})
    again = await web.stranger.post(link[1], data={"password": "battery staple"})

    assert link[1] not in (await web.mine.get("/settings/access")).text
    assert (short.status_code, chosen.status_code, again.status_code) == (422, 303, 410)
    assert await web.accounts.session(colleague.secret) is None
    assert (await web.stranger.get("/import")).status_code == 200


async def test_whoever_is_removed_is_logged_out(web: Web) -> None:
    """A person is removed by an admin of their own business; the last admin stays."""
    colleague = await joined(web)
    me = next(each for each in await web.accounts.people(web.mine.merchant_id) if each.id != colleague.user.id)

    theirs = await web.theirs.post(f"/settings/people/{colleague.user.id}/remove")
    removed = await web.mine.post(f"/settings/people/{colleague.user.id}/remove")
    last = await web.mine.post(f"/settings/people/{me.id}/remove")

    assert (theirs.status_code, removed.status_code, last.status_code) == (404, 303, 409)
    assert await web.accounts.session(colleague.secret) is None
    assert "Somebody must stay admin" in last.text


async def test_everybody_changes_their_own_password(web: Web) -> None:
    """A wrong one is said in place, and a right one changes it."""
    wrong = await web.mine.post("/settings/password", current="wrong password", password="battery staple")
    right = await web.mine.post("/settings/password", current=PASSWORD, password="battery staple")

    assert wrong.status_code == 422
    assert "another one" in text_of(wrong)
    assert "Your password is changed" in text_of(await web.mine.get(right.headers["location"]))


async def test_pages_carry_headers_that_keep_strangers_out(web: Web) -> None:
    """Every page, errors included, forbids foreign scripts, frames and guessing, and is kept by no cache."""
    for reply in (await web.mine.get("/import"), await web.mine.get("/nothing"), await web.stranger.get("/login")):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", reply.text)
