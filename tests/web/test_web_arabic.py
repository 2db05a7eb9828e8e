"""Promises of Arabic: no page that a person can open says anything in English."""

import re
from collections.abc import Iterator
from functools import cache

import httpx2
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cartage.exports.feeds import Feeds
from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.imports.acting import Actor
from cartage.imports.bulk import BulkActions, Wish
from cartage.imports.progress import now
from cartage.model.bulk import Act
from cartage.model.catalogue import StepState
from cartage.model.errors import BotChallenge, RateLimited
from cartage.model.feed import FeedTerms
from cartage.model.product import Money, Product, Variant
from cartage.web.language import FOLDER
from cartage.webhooks.service import Webhooks
from tests.server.matrix import PAGES
from tests.web.conftest import SHOP, Web

UNREAD = {"script", "style", "code", "pre", "kbd", "textarea", "bdi"}
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-news")
DATA = re.compile(
    r"https?:\S+|\S+@\S+|\b[a-z]{3}_\w+|\w+(?:\.\w+)*\.(?:example|csv|tsv|jsonl|jsonld)\S*|\b[a-z_]+:\S+"
    r"|\d[\d-]*T\S*|[«`].*?[»`]"
)
WORD = re.compile(r"[A-Za-z]{2,}")
SENT = re.compile(r"/events$|/download$|\.csv$|^/static/|^/pictures/|/artifacts/|^/completions")
ARABIC = {"Accept": "text/html", "Accept-Language": "ar"}
MORE = (
    "/products?view=table", "/products?filter=brand:none", "/products?filter=colour:red",
    "/imports?filter=status:failed", "/imports?filter=status:failed+since:24h", "/products/{bare_id}",
    "/import/status/{failed_id}",
    "/import/status/{running_id}", "/bulk/{waiting_id}", "/exports/{asked_id}", "/exports?filter=colour:red",
    "/settings/pricing?kept=1&multiplier-0=2",
    "/settings/pricing?multiplier-0=two", "/settings/exports/google?needed=1", "/settings/exports/jsonl?kept=1",
    "/products/{product_id}/exports/google", "/products/{product_id}/exports/schema-org",
    *(f"/bulk/check?act={act}&all=yes&filter=" for act in Act),
)  # fmt: skip


@cache
def names() -> frozenset[str]:
    """Gather the Latin words that the Arabic of the catalogues uses itself: names, formats and settings."""
    said: list[str] = []
    for name in ("ar", "ar.details"):
        with (FOLDER / f"{name}.po").open("rb") as file:
            strings = [message.string or "" for message in read_po(file, locale="ar") if message.id]
        said += [form for each in strings for form in ((each,) if isinstance(each, str) else each)]
    without_places = re.sub(r"%\(\w+\)s", " ", " ".join(said))
    return frozenset(WORD.findall(without_places)) | {"English", "UTC", "US", "EUR", "SQLite", "me"}


def spoken_texts(node: LexborNode) -> list[str]:
    """Give what a person reads or hears of an element, and of all in it."""
    own = node.attributes
    if node.tag in UNREAD or own.get("translate") == "no" or own.get("lang") == "en" or own.get("dir") == "ltr":
        return []
    texts = [own[name] or "" for name in SPOKEN if name in own]
    for child in node.iter(include_text=True):
        texts += [child.text() or ""] if child.tag == "-text" else spoken_texts(child)
    return texts


def english(html: str) -> list[str]:
    """List the words of a page that are neither Arabic, nor a name that the Arabic uses, nor somebody's data."""
    body = LexborHTMLParser(html).body
    assert body
    return sorted({word for text in spoken_texts(body) for word in WORD.findall(DATA.sub(" ", text))} - names())


async def belongings(web: Web) -> dict[str, str]:
    """Give me one of everything, named in Arabic, as states of work and failures, and the ids that paths ask for."""
    merchant_id = web.mine.merchant_id
    price = Money.model_validate({"amount": "79.90", "currency": "EUR"})
    variants = tuple(
        Variant(sku=str(number), options={"اللون": name}, price=price) for number, name in enumerate("ابج")
    )
    product_id = await web.imported(Product(name="قميص كتّان", brand="نور", price=price, variants=variants))
    bare_id = await web.imported(Product(name="وعاء"))
    await web.imported(Product())
    failed_id = await web.failed(BotChallenge("shop.example asks for proof that a person is looking."))
    await web.failed(RateLimited("shop.example asks to slow down (status 429)."))
    running = await web.importing("/running")
    await web.step(running, "try direct 1", StepState.FAILED, "shop.example cannot be reached.")
    await web.step(running, "wait 1", StepState.WAITING)
    listed = await web.mine.post("/import/many", addresses=f"{SHOP}/list\nليس عنوانًا")
    draft_id = listed.headers["location"].partition("?")[0].rpartition("/")[2]
    started = await web.mine.post(f"/import/check/{draft_id}", action="start", form="lines")
    bulk = BulkActions(web.store)
    retried = await bulk.submit(merchant_id, Wish(Act.RETRY, "status:failed"))
    await Actor(web.store, web.imports).act()
    waiting = await bulk.submit(merchant_id, Wish(Act.ARCHIVE, "id:prd_none"))
    exports = Exports(web.store)
    export = await exports.submit(merchant_id, "shopify", "")
    await Maker(exports).make_next()
    fed = await Feeds(web.store).add(merchant_id, "shopify", FeedTerms(name="الأحذية"))
    await Maker(exports).make_next()
    asked = await exports.submit(merchant_id, "jsonl", "", check_only=True)
    webhooks = Webhooks(web.store)
    delivery = await webhooks.test(merchant_id, (await webhooks.add(merchant_id, "https://till.example/hook")).id)
    await web.store.postbox.settle(delivery.model_copy(update={"tries": 1, "result": "dns_failed", "tried_at": now()}))
    return {
        "delivery_id": delivery.id,
        "product_id": product_id, "bare_id": bare_id, "failed_id": failed_id, "running_id": running.id,
        "import_id": (await web.imports.product(merchant_id, failed_id)).import_id,
        "draft_id": draft_id, "batch_id": started.headers["location"].rpartition("/")[2],
        "action_id": retried.id, "waiting_id": waiting.id, "export_id": export.id, "asked_id": asked.id,
        "feed_id": fed.feed.id,
        "target": "shopify", "secret": "used-up", "path": "nowhere",
    }  # fmt: skip


def paths(ids: dict[str, str]) -> Iterator[str]:
    """Give the address of each page that the server has, and of more states of some."""
    routes = [route.partition(" ")[2] for route in PAGES if route.startswith("GET ")]
    for path in (*(path for path in routes if not SENT.search(path)), *MORE):
        yield re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: ids[name[1]], path)


async def test_no_page_says_anything_in_english(web: Web) -> None:
    """Whatever is on a page in Arabic is Arabic, a name, or somebody's own data, in whatever state the page is."""
    ids = await belongings(web)
    left: dict[str, list[str]] = {}

    for path in paths(ids):
        client: httpx2.AsyncClient = web.stranger if path.startswith(("/login", "/join")) else web.mine.client
        page = await client.get(path, headers=ARABIC)
        if page.status_code not in {303, 307} and (words := english(page.text)):
            left[path] = words

    assert left == {}
