"""A merchant's way with a language model, in a real browser: gaps filled, a draft reviewed, texts in Arabic."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect  # noqa: A004

from tests.journeys.axe import faults_of
from tests.journeys.conftest import PATIENCE_MS, Demo, arrive, new_context, with_session
from tests.journeys.test_journey_accessible import PHONE
from tests.language_models.beside import stand_in_beside
from tests.language_models.stand_in import KEY, Question, StandIn

pytestmark = pytest.mark.browser

CLICKS = 3
PRODUCT = re.compile(r"/products/prd_")
PICTURES_ONLY = (
    "<!doctype html><html lang='en'><head><title>K-1</title></head><body><main>"
    "<img src='/images/mug-clay-1.png' width='800'><img src='/images/mug-clay-2.png' width='800'></main></body></html>"
)
THIN = """<!doctype html><html lang="en"><head><title>Stoneware mug – Kiln</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "name": "Stoneware mug",
"image": "/images/mug-clay-1.png"}</script></head><body>
<header><a href="/">Kiln</a></header><main><h1>Stoneware mug</h1><img src="/images/mug-clay-1.png" alt="Stoneware mug">
<p>A mug of glazed stoneware with a broad handle, made for tea and for cold mornings by the kiln.</p>
<p>It is yours for 19,50 EUR.</p><p>Ready to ship from Lyon.</p>
<footer><p>Questions are answered by people who drink from one, on weekdays from nine to five.</p></footer></main>
</body></html>"""
DEPICTED = {
    "product": True,
    "name": "Round teapot",
    "kind": "Teapot",
    "colour": "clay",
    "description": "A round teapot with a short spout and a lid with a knob.",
    "images": [1, 2],
}
ARABIC = {
    "title": "كوب من الخزف الحجري",
    "description": "كوب من الخزف الحجري المزجج بمقبض عريض، مصنوع للشاي وللصباحات الباردة بجانب الفرن.",
}
WORDS = {"price": "19,50 EUR", "availability": "Ready to ship from Lyon."}
# One question uses up what an import or a run may spend here, so that the second one asks a person.
SETTINGS = {
    "CARTAGE_MODEL": "openai:small",
    "CARTAGE_MODEL_KEY": KEY,
    "CARTAGE_MODEL_PRICE_IN": "1",
    "CARTAGE_MODEL_PRICE_OUT": "10",
    "CARTAGE_BUDGET_IMPORT": "0.0001",
    "CARTAGE_BROWSER": "off",
    "CARTAGE_HOST_SPACING_SECONDS": "0",
}


def mind(question: Question) -> dict[str, Any]:
    """Answer as a diligent model does: what stands there, what is seen, and what is asked to be written."""
    wanted = question.schema["properties"]
    if "product" in wanted:
        return DEPICTED
    if "line" in json.dumps(question.schema):
        lines = json.loads(question.text)["lines"]
        where = {name: number for number, _, text in lines for name, words in WORDS.items() if words in text}
        return {name: {"words": WORDS[name], "line": number} for name, number in where.items()}
    return ARABIC if "description" in wanted else {"title": "Kiln stoneware mug"}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    """Give a running stand-in."""
    with stand_in_beside(mind) as running:
        yield running


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, stand_in: StandIn) -> Iterator[Demo]:
    """Give a running demo whose language model is the stand-in."""
    settings = SETTINGS | {"CARTAGE_MODEL_URL": f"{stand_in.url}/v1"}
    running = Demo(tmp_path_factory.mktemp("demo") / "data", settings=settings)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Give a page that is logged in, with JavaScript off: all of this works without."""
    context = new_context(chromium, java_script_enabled=False)
    yield with_session(context, demo)
    context.close()


def paste(page: Page, demo: Demo, path: str, html: str) -> None:
    """Import a dead address, paste this HTML in its place, and land on the product."""
    page.goto(f"{demo.url}/import")
    page.get_by_label("Product URL").fill(f"{demo.shop}/{path}")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.get_by_text("Paste the page's HTML instead").first.click()
    page.get_by_label("HTML").fill(html)
    send(page, "Import this HTML", "**/paste")
    arrive(page, PRODUCT)


def send(page: Page, button: str, address: str) -> None:
    """Press a button until its form is on its way: on a busy machine Chromium has lost a click where no script runs."""
    for _ in range(CLICKS):
        try:
            with page.expect_request(address, timeout=PATIENCE_MS / CLICKS):
                page.get_by_role("button", name=button).click()
        except TimeoutError:
            continue
        return
    raise AssertionError(f"No click on {button!r} sent its form.")


def test_a_page_of_pictures_becomes_a_draft_and_a_person_accepts_it(page: Page, demo: Demo, stand_in: StandIn) -> None:
    """Each field that was only seen waits as unverified; accepted, it is the merchant's own."""
    paste(page, demo, "gone/old-kettle", PICTURES_ONLY)
    expect(page.get_by_role("heading", name="A draft to look at")).to_be_visible()
    unverified = page.get_by_text("not verified", exact=True).count()

    page.get_by_role("button", name="Accept all as they were drafted").click()

    expect(page.get_by_role("heading", name="A draft to look at")).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Round teapot")
    assert unverified == 4
    assert [picture[:4] for picture in stand_in.asked[-1].pictures] == [b"RIFF", b"RIFF"]


def test_a_thin_page_is_filled_asks_at_the_budget_and_is_enhanced_in_arabic(page: Page, demo: Demo) -> None:
    """Price and stock come with their quotes; a person lets the translation go on, and it stands right to left."""
    page.goto(f"{demo.url}/settings/enhancement")
    for label in ("After every import", "Title", "Translation"):
        page.get_by_role("checkbox", name=re.compile(f"^{label}")).first.check()
    page.get_by_label("Languages to translate into").fill("ar")
    page.get_by_role("button", name="Save").click()

    paste(page, demo, "p/stoneware-mug", THIN)
    expect(page.get_by_text("19.50").first).to_be_visible()
    expect(page.get_by_text("It is yours for 19,50 EUR.").first).to_be_attached()
    expect(page.get_by_text("Paused at the budget.")).to_be_visible()
    expect(page.get_by_text("Shall it go on anyway?")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("Imported")
    page.get_by_role("button", name="Go on anyway").click()
    expect(page.locator("#standing")).to_contain_text("Enhanced")

    arabic = page.locator('p[lang="ar"]').first
    expect(arabic).to_have_text(ARABIC["title"])
    expect(arabic).to_have_css("direction", "rtl")
    page.get_by_role("button", name="Accept all 3").click()
    expect(page.locator("#enhancements").get_by_text("Accepted")).to_have_count(3)


def test_everybody_can_decide_on_texts(chromium: Browser, demo: Demo) -> None:
    """With JavaScript they appear by themselves; no fault that axe knows, and a phone never scrolls sideways."""
    context = new_context(chromium, viewport=PHONE, reduced_motion="reduce")
    page = with_session(context, demo)
    paste(page, demo, "p/stoneware-mug-again", THIN)
    page.get_by_label("Write", exact=True).select_option("title")
    page.get_by_role("button", name="Write", exact=True).click()
    expect(page.get_by_role("button", name="Accept: Title", exact=True)).to_be_visible()

    width, faults = page.evaluate("document.documentElement.scrollWidth"), [faults_of(page)]
    page.goto(f"{demo.url}/settings/enhancement")
    faults.append(faults_of(page))

    context.close()
    assert (faults, width) == (["", ""], PHONE["width"])
