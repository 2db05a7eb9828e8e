"""Everybody can use the pages: no fault that axe knows, no sideways scroll, and no need of a mouse."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.journeys.axe import faults_of
from tests.journeys.conftest import Demo, arrive, new_context, with_session

pytestmark = pytest.mark.browser

PAGES = ("login", "one import", "import/file", "import/page", "batches")  # the grid has the others
WORK = (
    "products?view=table",
    "bulk",
    "bulk/check?act=edit&all=yes",
    "bulk/check?act=delete&all=yes",
    "exports",
    "exports/feeds/new",
    "settings/pricing",
    "settings/schedule",
    "settings/retention",
    "settings/general",
    "settings/providers",
    "settings/about",
    "costs",
)
IN_THE_GRID = re.compile(r"view=table|/settings/pricing|/costs|/edit$|/import/check/|/batches/bat_")
PRODUCT = re.compile(r"/products/prd_")
PHONE: ViewportSize = {"width": 375, "height": 812}
MOST_TABS = 40


@pytest.fixture(scope="module")
def addresses(chromium: Browser, demo: Demo) -> dict[str, str]:
    """Import a page, and give each page's address."""
    context = new_context(chromium)
    page = with_session(context, demo)
    submit(page, demo, f"{demo.shop}/products/linen-camp-shirt")
    arrive(page, PRODUCT)
    product = page.url
    page.goto(f"{demo.url}/imports")
    one_import = page.locator("a[href^='/imports/imp_']").first.get_attribute("href")
    context.close()
    paths = {name: f"{demo.url}/{name}" for name in (*PAGES, "imports")}
    return paths | {"product": product, "one import": f"{demo.url}{one_import}"}


@pytest.fixture(scope="module")
def work(chromium: Browser, demo: Demo, addresses: dict[str, str]) -> list[str]:
    """Hand in a list, export what there is, make a feed of it, and give the addresses of all pages of work."""
    context = new_context(chromium)
    page = with_session(context, demo)
    page.goto(f"{demo.url}/import/many")
    page.get_by_label("Product addresses").fill(f"{demo.shop}/p/field-watch-38\nnot an address")
    page.get_by_role("button", name="Check the list").click()
    check = page.url
    page.get_by_role("button", name="Start 1 import").click()
    page.wait_for_url("**/batches/bat_*")
    batch = page.url
    page.goto(f"{demo.url}/exports")
    page.get_by_role("button", name="Check only").click()
    page.wait_for_url("**/exports/exp_*")
    export = page.url
    page.goto(f"{demo.url}/exports/feeds/new")
    page.get_by_role("textbox", name="Name").fill("All of it")
    page.get_by_label("Cartage JSON Lines").check()
    page.get_by_role("button", name="Make the feed").click()
    page.wait_for_url("**/exports/feeds/fed_*")
    feed = page.url
    context.close()
    of_product = [f"{addresses['product']}/{name}" for name in ("edit", "arrange", "variants", "exports/google")]
    return [*(f"{demo.url}/{path}" for path in WORK), check, batch, export, feed, *of_product]


@pytest.fixture
def still(chromium: Browser) -> Iterator[BrowserContext]:
    """Give a browser session in which nothing moves."""
    context = new_context(chromium, reduced_motion="reduce")
    yield context
    context.close()


def submit(page: Page, demo: Demo, url: str) -> None:
    """Paste an address into the import form and send it."""
    page.goto(f"{demo.url}/import")
    page.get_by_label("Product URL").fill(url)
    page.get_by_role("button", name="Import", exact=True).click()


def opened(context: BrowserContext, demo: Demo, addresses: dict[str, str], name: str) -> Page:
    """Open a page, with everything on it unfolded."""
    page = context.new_page() if name == "login" else with_session(context, demo)
    page.goto(addresses[name])
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_fault(still: BrowserContext, demo: Demo, addresses: dict[str, str], name: str) -> None:
    """No page breaks a rule that axe can check, with everything on it unfolded."""
    page = opened(still, demo, addresses, name)

    faults = faults_of(page)

    assert faults == ""


def test_axe_finds_no_fault_where_work_is_done(still: BrowserContext, demo: Demo, work: list[str]) -> None:
    """Nor does any page of lists, bulk actions, exports, prices, costs and settings, one after the other."""
    page = with_session(still, demo)
    faults: dict[str, str] = {}
    for address in (each for each in work if not IN_THE_GRID.search(each)):
        page.goto(address)
        if found := faults_of(page):
            faults[address] = found

    assert faults == {}


def test_a_phone_never_scrolls_sideways(chromium: Browser, demo: Demo, addresses: dict[str, str]) -> None:
    """At 375 px every page fits, with everything on it unfolded."""
    context = new_context(chromium, viewport=PHONE, has_touch=True, is_mobile=True)
    widths: dict[str, list[int]] = {}
    for name in PAGES:
        page = opened(context, demo, addresses, name)
        widths[name] = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]")
    context.close()

    assert widths == dict.fromkeys(PAGES, [PHONE["width"]] * 3)


@pytest.mark.parametrize("locale", ["en-GB", "ar-EG"])
def test_a_phone_never_scrolls_sideways_where_work_is_done(
    chromium: Browser, demo: Demo, work: list[str], locale: str
) -> None:
    """Nor does any page of lists, bulk actions, exports, prices, costs and settings, from whichever side it reads."""
    context = new_context(chromium, viewport=PHONE, has_touch=True, is_mobile=True, locale=locale)
    page = with_session(context, demo)
    wide: list[str] = []
    for address in work:
        reply = page.goto(address)
        assert reply
        assert reply.ok, address
        if page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)") > PHONE["width"]:
            wide.append(address)
    context.close()

    assert wide == []


def focused(page: Page) -> str:
    """Name what has the focus."""
    words = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")
    return " ".join(words.split())


def tab_until(page: Page, reached: str) -> None:
    """Press Tab until an expression of the page is true."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"Tab never reaches {reached!r}.")


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus begins with a text."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focused(page).startswith(text):
            return
    raise AssertionError(f"Tab never reaches {text!r}.")


def test_the_keyboard_alone_imports_edits_and_exports(chromium: Browser, demo: Demo) -> None:
    """Without a mouse: log in, import, see where the price comes from, edit the product, export it."""
    context = new_context(chromium)
    page = context.new_page()
    page.goto(f"{demo.url}/login")
    tab_to(page, "Log in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/import")

    page.keyboard.type(f"{demo.shop}/p/enamel-camp-mug")
    page.keyboard.press("Enter")
    arrive(page, PRODUCT)
    tab_to(page, "Price: From ")
    page.keyboard.press("Enter")

    expect(page.locator("details.evidence[open]").get_by_text("chosen")).to_be_visible()
    edit_by_keyboard(page, "Camp mug of ours")
    export_by_keyboard(page)
    context.close()


def edit_by_keyboard(page: Page, name: str) -> None:
    """Give the product in front another name."""
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    tab_until(page, "document.activeElement.name === 'name'")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    arrive(page, PRODUCT)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_the_imports_are_walked_by_letters_that_no_field_loses(
    chromium: Browser, demo: Demo, addresses: dict[str, str]
) -> None:
    """`j` and Enter open an import, `x` ticks it, `r` asks for what is ticked; a field keeps them; all can be off."""
    context = new_context(chromium)
    page = with_session(context, demo)
    page.goto(addresses["imports"])
    page.keyboard.type("jjk")
    page.keyboard.press("Enter")
    expect(page.locator("tr.opened").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("jx?r")
    expect(page.locator("#filter")).to_have_value("jx?r")
    page.goto(addresses["imports"])
    page.keyboard.type("jx")
    expect(page.locator(".pick input").first).to_be_checked()
    page.keyboard.press("r")
    page.wait_for_url("**/bulk/check?*act=retry*")
    page.goto(addresses["imports"])
    page.keyboard.press("?")
    page.get_by_label("Use these shortcuts").uncheck()
    page.reload()
    page.keyboard.type("j")

    off = page.evaluate("document.activeElement === document.body")
    context.close()
    assert off


def export_by_keyboard(page: Page) -> None:
    """Export all products, and get the file."""
    tab_to(page, "Products")
    page.keyboard.press("Enter")
    page.wait_for_url("**/products")
    tab_until(page, "document.activeElement.getAttribute('href') === '/exports'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exports")
    tab_until(page, "document.activeElement.value === 'export'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exports/exp_*")
    expect(page.get_by_role("link", name="Download").first).to_be_visible()


def test_the_focus_is_always_seen(page: Page) -> None:
    """Whatever Tab reaches on the import page is drawn with an outline."""
    unseen: list[str] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement{}).outlineStyle"
        drawn = [page.evaluate(style.format(pseudo)) for pseudo in ("", ", '::after'")]
        if set(drawn) == {"none"}:
            unseen.append(focused(page))

    assert unseen == []


def test_the_first_tab_skips_to_the_content(page: Page, demo: Demo) -> None:
    """The first link of a page leads past its navigation."""
    page.goto(f"{demo.url}/products")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
