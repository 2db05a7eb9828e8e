"""Amazon's product pages, whose facts stand under ids that have been stable for years and in no markup."""

import json
import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW, Document, css_path
from cartage.extraction.json_text import parse_json
from cartage.extraction.prices import find_prices
from cartage.extraction.sources.schema_org import rating_of
from cartage.extraction.sources.things import as_dict
from cartage.extraction.sources.visible_facts import take_code
from cartage.extraction.sources.visible_stock import availability_in
from cartage.extraction.text import clean
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image

HOST = re.compile(r"(?:^|\.)amazon\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})$")
ASIN = re.compile(r"/(?:dp|gp/product|gp/aw/d|product)/([A-Z0-9]{10})(?:[/?]|$)")
PRICES = (
    "#corePriceDisplay_desktop_feature_div .priceToPay", "#corePrice_desktop .apexPriceToPay .a-offscreen",
    "#corePrice_feature_div .a-price:not(.a-text-price) .a-offscreen", "#apex_desktop .apexPriceToPay .a-offscreen",
    "#price_inside_buybox", "#newBuyBoxPrice", "#priceblock_dealprice", "#priceblock_saleprice",
    "#priceblock_ourprice", "#kindle-price", "#tp_price_block_total_price_ww .a-offscreen", "#priceblock_pospromoprice",
)  # fmt: skip
REGULAR_PRICES = (
    "#corePriceDisplay_desktop_feature_div .basisPrice .a-offscreen", "#corePrice_desktop .a-text-price[data-a-strike] .a-offscreen",
    "#listPriceLegalMessage + .a-text-strike", "#price .priceBlockStrikePriceString", "#price .a-text-strike",
)  # fmt: skip
ROWS = "#productDetails_techSpec_section_1 tr, #productDetails_techSpec_section_2 tr, #productDetails_detailBullets_sections1 tr, #productOverview_feature_div tr, #prodDetails tr"
BULLETS = "#detailBullets_feature_div li, #detail-bullets li, #detailBulletsWrapper_feature_div li"
IDENTITY = re.compile(r"#([\w-]+)")
UNSEEN_MARKS = re.compile(r"[\u200e\u200f]")


def read(document: Document) -> list[Statement]:
    """Read an Amazon page's own places; empty on other hosts and on pages that name no product."""
    if not HOST.search(urlsplit(document.url).hostname or ""):
        return []
    statement = Statement(Source.PLATFORM, "#dp", main=True)
    title = _node(document, "#productTitle", "#ebooksProductTitle")
    if title is None:
        return []
    _say(statement.name, title)
    _say(statement.brand, _node(document, "#bylineInfo", "#brand"))
    _take_asin(statement, document)
    _take_prices(statement, document)
    _take_stock(statement, document)
    _take_rating(statement, document)
    _take_images(statement, document)
    _take_description(statement, document)
    _take_details(statement, document)
    trail = tuple(clean(node.text()) for node in _found(document, "#wayfinding-breadcrumbs_feature_div li a"))
    if trail:
        where = "#wayfinding-breadcrumbs_feature_div"
        statement.breadcrumbs.append(Claim(trail, Source.PLATFORM, where, " > ".join(trail)[:LONGEST_RAW], 2.0))
    return [statement]


def _node(document: Document, *selectors: str) -> LexborNode | None:
    for selector in selectors:
        for node in _found(document, selector)[:3]:
            if node.text().strip():
                return node
    return None


def _found(document: Document, selector: str) -> list[LexborNode]:
    """List what a selector finds; the page is long, and is not walked over for an id that it does not have."""
    places, ids = document.once(_places), IDENTITY.findall(selector)
    if selector == f"#{ids[0]}":
        return places.get(ids[0], [])
    return document.tree.css(selector) if any(identity in places for identity in ids) else []


def _places(document: Document) -> dict[str, list[LexborNode]]:
    found: dict[str, list[LexborNode]] = {}
    for node in document.tree.css("[id]"):
        found.setdefault(node.attributes.get("id") or "", []).append(node)
    return found


def _say(claims: list[Claim[str]], node: LexborNode | None) -> None:
    if node is not None and (text := clean(node.text())):
        claims.append(Claim(text, Source.PLATFORM, css_path(node), text[:LONGEST_RAW]))


def _take_asin(statement: Statement, document: Document) -> None:
    match = ASIN.search(urlsplit(document.url).path) or ASIN.search(document.canonical_url or "")
    if match:
        statement.sku.append(Claim(match[1], Source.PLATFORM, "", match[0]))


def _take_prices(statement: Statement, document: Document) -> None:
    for selectors, kind, claims in (
        (PRICES, PriceKind.NOW, statement.price),
        (REGULAR_PRICES, PriceKind.REGULAR, statement.regular_price),
    ):
        node = _node(document, *selectors)
        text = clean(node.text(separator=" ")) if node else ""
        found = find_prices(text)
        if node and found:
            price = PriceText(found[0].text, found[0].currency, kind, machine=False)
            claims.append(Claim(price, Source.PLATFORM, css_path(node), text[:LONGEST_RAW]))


def _take_stock(statement: Statement, document: Document) -> None:
    node = _node(document, "#availability", "#outOfStock", "#exports_desktop_outOfStock_buybox_message_feature_div")
    text = clean(node.text(separator=" "))[:200] if node else ""
    stock = availability_in(text) if text else None
    if stock is None and _found(document, "#add-to-cart-button, #buy-now-button"):
        stock, text = Availability.IN_STOCK, "#add-to-cart-button"
    if stock:
        statement.availability.append(Claim(stock, Source.PLATFORM, "#availability", text))


def _take_rating(statement: Statement, document: Document) -> None:
    popover = next(iter(_found(document, "#acrPopover[title]")), None)
    shown = (popover.attributes.get("title") or "") if popover else ""
    count = _node(document, "#acrCustomerReviewText", "#acrCustomerReviewLink")
    numbers = re.findall(r"\d+(?:[.,]\d+)?", shown)
    if not numbers:
        return
    value = "5" if len(set(numbers)) == 1 else min(numbers, key=lambda number: float(number.replace(",", ".")) == 5)
    rating = rating_of(value, "5", [count.text()] if count else [])
    if rating:
        statement.rating.append(Claim(rating, Source.PLATFORM, "#acrPopover", shown))


def _take_images(statement: Statement, document: Document) -> None:
    main = next(iter(_found(document, "#landingImage, #imgBlkFront, #ebooksImgBlkFront")), None)
    found = _gallery(document)
    if main:
        sizes = parse_json(main.attributes.get("data-a-dynamic-image") or "")
        largest = max(as_dict(sizes) or {}, key=lambda url: _area(sizes, url), default="")
        found.insert(0, main.attributes.get("data-old-hires") or largest or main.attributes.get("src") or "")
    for address in filter(None, found):
        statement.images.append(Claim(Image(url=address), Source.PLATFORM, "#landingImage", address[:LONGEST_RAW]))


def _area(sizes: object, url: str) -> int:
    size = (as_dict(sizes) or {}).get(url)
    return int(size[0]) * int(size[1]) if isinstance(size, list) and len(size) == 2 else 0  # pyright: ignore[reportUnknownArgumentType]


def _gallery(document: Document) -> list[str]:
    script = next((script.text for script in document.scripts if "colorImages" in script.text), "")
    block = re.search(r"'colorImages'\s*:\s*\{\s*'initial'\s*:\s*(\[)", script)
    if not block:
        return []
    try:
        entries, _ = json.JSONDecoder().raw_decode(script, block.start(1))
    except ValueError:
        return []
    pictures = [entry for item in entries if (entry := as_dict(item))]
    return [str(picture.get("hiRes") or picture.get("large") or "") for picture in pictures]


def _take_description(statement: Statement, document: Document) -> None:
    for selector in ("#feature-bullets ul", "#productDescription", "#bookDescription_feature_div"):
        node = next(iter(_found(document, selector)), None)
        if node and node.text().strip():
            html = node.html or ""
            statement.description.append(Claim(html, Source.PLATFORM, selector, clean(node.text())[:LONGEST_RAW]))


def _take_details(statement: Statement, document: Document) -> None:
    pairs: list[tuple[str, str]] = []
    for row in _found(document, ROWS)[:120]:
        cells = [clean(UNSEEN_MARKS.sub("", cell.text(separator=" "))) for cell in row.css("th, td")]
        if len(cells) == 2:
            pairs.append((cells[0], cells[1]))
    for bullet in _found(document, BULLETS)[:60]:
        label, colon, value = UNSEEN_MARKS.sub("", clean(bullet.text(separator=" "))).partition(":")
        if colon and len(label) < 60 and len(value) < 400:
            pairs.append((label.strip(), value.strip()))
    kept = [(label, value) for label, value in pairs if label and value and len(value) < 400]
    for label, value in kept:
        take_code(statement, label, value, "#productDetails")
    if kept:
        claim = Claim(
            tuple(dict(kept).items()), Source.PLATFORM, "#productDetails", ", ".join(dict(kept))[:LONGEST_RAW]
        )
        statement.attributes.append(claim)
