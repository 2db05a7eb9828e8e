"""A merchant's way through the product, in a real browser on a real server."""

import re
import time
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.journeys.conftest import Demo, arrive, log_in, new_context

pytestmark = pytest.mark.browser

PRODUCT = re.compile(r"/products/prd_")
STATUS = re.compile(r"/import/status/prd_")
BEGUN = re.compile(f"{STATUS.pattern}|{PRODUCT.pattern}")


def submit(page: Page, url: str) -> None:
    """Paste an address into the import form and send it."""
    page.get_by_label("Product URL").fill(url)
    page.get_by_role("button", name="Import", exact=True).click()


def test_a_pasted_address_becomes_a_product(page: Page, demo: Demo) -> None:
    """Import, watch it live, and land on the product with its name and price."""
    submit(page, f"{demo.shop}/products/linen-camp-shirt")

    arrive(page, PRODUCT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Linen Camp Shirt")


def test_the_form_offers_the_demo_shop(page: Page, demo: Demo) -> None:
    """The import form lists the demo shop's links."""
    expect(page.locator(f"text={demo.shop}").or_(page.locator(f"[value^='{demo.shop}']")).first).to_be_attached()


def test_a_slow_page_is_shown_live(page: Page, demo: Demo) -> None:
    """While the shop is slow, the status page shows the running step without being reloaded."""
    submit(page, f"{demo.shop}/slow/desk-lamp")
    arrive(page, STATUS)

    expect(page.get_by_text("try direct 1", exact=True)).to_be_visible()


def hold_sending(page: Page) -> list[Route]:
    """Keep what the import form sends from the server; give what is kept."""
    held: list[Route] = []
    page.route("**/import", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    return held


def test_what_is_sent_is_shown_before_the_server_answers(page: Page, demo: Demo) -> None:
    """The import's place is there at once, and its page once the server has answered."""
    held = hold_sending(page)
    address = f"{demo.shop}/products/linen-camp-shirt?seen=sent"

    submit(page, address)

    expect(page.get_by_role("heading", level=1)).to_have_text("Importing")
    expect(page.get_by_text(address)).to_be_visible()
    expect(page).to_have_url(f"{demo.url}/import")
    held.pop().continue_()
    arrive(page, BEGUN)


def test_a_refused_address_is_sent_once_and_comes_back_with_the_reason(page: Page) -> None:
    """The form is there again with what was typed and why it was refused, and takes another address."""
    held = hold_sending(page)
    submit(page, "http://user:secret@shop.example/kettle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Importing")

    held.pop().continue_()

    field = page.get_by_label("Product URL")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(field).to_have_value("http://user:secret@shop.example/kettle")
    expect(field).to_be_focused()
    assert not held
    submit(page, "http://user@shop.example/kettle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Importing")


def test_a_form_that_did_not_reach_the_server_is_sent_by_the_browser(page: Page, demo: Demo) -> None:
    """A connection that breaks loses nothing: the browser sends the form once more."""
    page.route("**/import", lambda route: route.abort(), times=1)

    submit(page, f"{demo.shop}/products/linen-camp-shirt?seen=broken")

    arrive(page, BEGUN)


def test_an_import_is_shown_in_the_page_that_is_there(page: Page, demo: Demo) -> None:
    """What a form begins comes without loading a page, is read out from its start, and can be gone back from."""
    page.evaluate("window.still = true")
    submit(page, f"{demo.shop}/slow/desk-lamp?seen=there")

    arrive(page, STATUS)
    assert page.evaluate("window.still")
    assert page.evaluate("document.activeElement.id") == "main"
    expect(page).to_have_title("Importing · Cartage")
    expect(page.get_by_text("try direct 1", exact=True)).to_be_visible()
    page.get_by_role("link", name="Cost", exact=True).first.click()
    expect(page).to_have_url(re.compile("show=cost"))

    page.go_back()

    expect(page.get_by_label("Product URL")).to_be_visible()
    assert not page.evaluate("window.still")


def test_the_list_of_imports_goes_on_by_itself(page: Page, demo: Demo) -> None:
    """A row under way comes to its end on a page that is not loaded anew; what is ticked and opened stays so."""
    submit(page, f"{demo.shop}/slow/desk-lamp?seen=listed")
    arrive(page, STATUS)
    page.goto(f"{demo.url}/imports")
    page.evaluate("window.still = true")
    row = page.locator("tr.of-import").first
    row.locator(".pick input").check()
    row.locator("summary").click()
    page.locator("#filter").focus()

    expect(row).to_contain_text("Succeeded")
    expect(row.locator(".pick input")).to_be_checked()
    expect(page.locator("tr.opened").first).to_be_visible()
    assert page.evaluate("window.still")


def test_a_failure_says_why_and_a_retry_reaches_the_product(page: Page, demo: Demo) -> None:
    """A dead page fails in plain words; pasting its HTML reaches the product."""
    submit(page, f"{demo.shop}/gone/old-kettle")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.get_by_text("Paste the page's HTML instead").first.click()
    page.get_by_label("HTML").fill(
        "<html><head><title>Steel Kettle</title><script type='application/ld+json'>"
        '{"@context":"https://schema.org","@type":"Product","name":"Steel Kettle","image":"/k.jpg",'
        '"description":"A kettle of brushed steel.","offers":{"@type":"Offer","price":"49.90",'
        '"priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script></head>'
        "<body><h1>Steel Kettle</h1><p>49,90 €</p><button>Add to cart</button></body></html>"
    )
    page.get_by_role("button", name=re.compile("Import this HTML|Import the HTML|Import pasted")).click()

    arrive(page, PRODUCT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Steel Kettle")


def test_a_bookmark_hands_over_the_page_in_front(page: Page, demo: Demo) -> None:
    """The form is filled in with a page of the shop, HTML included; a click there imports it."""
    page.goto(f"{demo.url}/import/page")
    script = unquote(page.locator("[data-bookmark]").get_attribute("href") or "").removeprefix("javascript:")
    page.goto(f"{demo.shop}/p/enamel-camp-mug")

    with page.expect_popup() as opened:
        page.evaluate(script)
    form = opened.value
    expect(form.get_by_label("Address")).to_have_value(f"{demo.shop}/p/enamel-camp-mug")
    expect(form.get_by_role("status")).to_contain_text("handed over 127.0.0.1")
    form.get_by_role("button", name="Import this page").click()

    arrive(form, PRODUCT)
    expect(form.get_by_role("heading", level=1)).to_contain_text("Camp Mug")


def test_a_retry_reaches_the_product(page: Page, demo: Demo) -> None:
    """A shop that was down for longer than the tries last is imported by Retry."""
    submit(page, f"{demo.shop}/down/wall-clock")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()

    page.get_by_role("button", name="Retry").click()

    arrive(page, PRODUCT)


def test_without_event_streams_the_page_polls(chromium: Browser, demo: Demo) -> None:
    """When the stream is cut off, the page polls every 2 s and still lands on the product."""
    context = new_context(chromium)
    page = log_in(context, demo)
    polls: list[float] = []

    def refuse(route: Route) -> None:
        route.abort()

    def note(request: Request) -> None:
        if "/api/scrape-status/" in request.url:
            polls.append(time.monotonic())

    page.route("**/events*", refuse)
    page.on("request", note)
    submit(page, f"{demo.shop}/busy/tea-pot")
    arrive(page, PRODUCT)

    assert polls
    context.close()


def test_without_javascript_the_page_refreshes_itself(chromium: Browser, demo: Demo) -> None:
    """With JavaScript off the status page reloads itself until it is the product."""
    context = new_context(chromium, java_script_enabled=False)
    page = log_in(context, demo)

    submit(page, f"{demo.shop}/flaky/desk-fan")

    arrive(page, PRODUCT)
    context.close()


def test_what_is_no_address_is_refused_in_place(page: Page) -> None:
    """Text that is no address is refused in one sentence, and kept in the field."""
    submit(page, "not a url at all")

    expect(page.get_by_role("alert")).to_contain_text("not a web address")
    expect(page.get_by_label("Product URL")).to_have_value("not a url at all")


def test_a_private_address_is_refused(page: Page) -> None:
    """An address on the server's own network is refused before anything is fetched."""
    submit(page, "http://127.0.0.1:22/")

    expect(page.get_by_role("alert")).to_contain_text("private network")
