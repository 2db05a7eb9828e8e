"""The judge of pages: one product, or why not."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from urllib.parse import urlsplit

from cartage.extraction.claims import Statement
from cartage.extraction.document import Document
from cartage.extraction.prices import find_prices
from cartage.extraction.sources.visible_anchors import likeness, stated_titles
from cartage.extraction.sources.visible_cards import is_on_card
from cartage.extraction.sources.visible_seen import Seen, seen
from cartage.model.evidence import Source, Verdict
from cartage.model.product import Product

CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|are you (?:a )?(?:human|robot)|robot or human|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|pardon our interruption|please verify|security check|checking (?:your browser|device)|unusual traffic|bot (?:check|detection)|enable javascript and cookies to continue"
    r"|request (?:blocked|unsuccessful)|you have been blocked|are not a robot|captcha|403 forbidden|error 403|radware|human verification|ddos|incapsula",
    re.IGNORECASE,
)
CHALLENGE_CODE = re.compile(
    rb"/cdn-cgi/challenge-platform|cf-chl-|_cf_chl_opt|captcha-delivery\.com|px-captcha|_pxAppId|_Incapsula_Resource|/_sec/cp_challenge|akam/1\d|errors\.edgesuite\.net"
    rb"|geo\.captcha|h-captcha|g-recaptcha|validateCaptcha|awsWafCookieDomainList|aws-waf-token|punish-component|x5secdata|kpsdk|sgcaptcha|ddos-guard",
)
GONE = re.compile(
    r"(?:^|\W)404(?:\W|$)|page (?:not|cannot be|can't be|could not be|couldn't be|doesn't|does not|isn't) ?(?:be )?(?:found|exist|available)|not found|can't find (?:that|the|this) page|no longer exists|product (?:is )?(?:not found|no longer)"
    r"|seite (?:wurde )?(?:leider )?nicht gefunden|nicht gefunden|existiert nicht|(?:page (?:introuvable|non trouvée)|n['’]a pas été trouvée|n['’]a pas pu être trouvée)|introuvable|n'existe (?:pas|plus)|página no (?:encontrada|existe)|no (?:encontrad[ao]|se (?:ha )?encontr(?:ado|ó))|página não (?:encontrada|existe)|não (?:foi )?encontrad"
    r"|pagina non (?:trovata|esiste)|non (?:è stat[ao] )?trovat[ao]|pagina (?:niet|bestaat niet)|niet gevonden|nie (?:znaleziono|istnieje|została? (?:odnalezion|znalezion))|nenalezen|nebyl[ao]? nalezen|nenašl|nenájden|nebol[ao]? nájden|neexistuje|nem (?:található|talál)|nu (?:a (?:fost|putut)|există|am găsit)|не найдена|не знайдено|не е намерена"
    r"|sidan (?:finns|hittades)|saknades|(?:kunde inte hittas|hittades inte)|siden (?:findes|finnes|ble)|ikke funnet|ikke fundet|sivua ei|ei (?:löytynyt|löydy)|bulunamadı|δεν βρέθηκε|לא נמצא|غير موجود|لم يتم العثور|لا توجد صفحة|找不到|不存在|見つかりません|찾을 수 없|không tìm thấy|tidak ditemukan|ไม่พบ|stranica nije|ni bilo mogoče najti",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"(?:log|sign) ?in|password|anmelden|passwort|iniciar sesión|connexion|mot de passe|accedi|zaloguj|přihlá|inloggen|войти|entrar",
    re.IGNORECASE,
)
SEARCH_TITLE = re.compile(
    r"search results|results for|suchergebnis|résultats|resultados|risultati|zoekresultaten|wyniki|výsledky|результаты|best ?sellers|検索結果",
    re.IGNORECASE,
)
LISTING_PATH = re.compile(
    r"/(?:search|suche|buscar|recherche|ricerca|category|categories|categoria|categorie|kategorie|kategoria|kategori|product-category|collections?/[^/]+|c|cat|catalog|shop/category|zgbs|bestsellers|best-sellers|brands?|s|gp/bestsellers)(?:/[^/]*)?/?$"
    r"|/shop/?$|/products/?$|/search/?$|/models\.aspx|/c/[^/]+(?:/[^/]+)*/?$",
    re.IGNORECASE,
)
LISTED = re.compile(r"/(?:search|category)/")
LISTING_QUERY = re.compile(r"(?:^|&)(?:q|s|k|query|search|keyword|term|page|sort|orderby)=", re.IGNORECASE)
PRODUCT_PATH = re.compile(
    r"/(?:dp|gp/product|p|product|products|produkt|produkte|producto|produto|prodotto|produit|proizvod|item|itm|ip|pd|prod|listing|artikel|article|tovar|goods|pdp|buy|sku|t)/[^/]+|[-_/][a-z]{0,2}\d{5,}(?:[-_.][a-z0-9]*)?(?:\.\w+)?/?$|-p-?\d+|/p\d{5,}|\.product\.|-pdt\.html|\d{4,}\.html?$",
    re.IGNORECASE,
)
OTHER_KIND = re.compile(
    r"per night|/ ?night|/ ?nacht|par nuit|por noche|check-?in\b.*check-?out|backers|pledged|pledge (?:\$|us)|buy tickets|get tickets|doors open|free trial|per user|apply now|pricing plans",
    re.IGNORECASE,
)
FOREIGN_TYPE = re.compile(
    r"^(?:video|music|profile|website:|restaurant|hotel|.*:(?:project|concert|event|venue|artist|song|user|profile|company|job|recipe)|airbedandbreakfast)"
)
STRONG = (Source.JSON_LD, Source.MICRODATA, Source.RDFA, Source.EMBEDDED_JSON, Source.PLATFORM)
ENOUGH = 2.0
SHORTEST_PAGE = 200
MANY_BUTTONS = 8
MOST_MAINS, LIKE_THE_PAGE = 8, 0.6
# How many prices are a listing's, and how much of a page is looked through for them.
MANY_PRICES, LONGEST_PART, MOST_PARTS = 6, 2000, 20
# How much a rating near the title adds, and how sure it must be.
RATED, SURE_RATING, SURE_PRICE = 0.8, 0.8, 0.62
# How much a labelled number adds.
NUMBERED = 0.3
WORD, MOST_BESIDE_GONE = re.compile(r"\w+"), 2
GONE_REASON = "The page says that it was not found."
LISTING_REASON = "The page lists many products, none of them its subject."
LOGIN_REASON = "The page asks for a login."
# RFC 2606: such an address stands for one that is not known.
RESERVED_NAMES = (".example", ".invalid", ".test")


def judge(document: Document, product: Product | None, statements: Sequence[Statement]) -> tuple[Verdict, str]:
    """Say what a page is and, in one plain sentence, why; `product` is the fused product, if any."""
    page = seen(document)
    text = "".join(page.layout.pieces)
    strong = [statement for statement in statements if statement.source in STRONG and statement.main and statement.name]
    if blocked := _blocked(document, page, text):
        return Verdict.BLOCKED, blocked
    score, listing, priced = _weigh(document, page, statements)
    empty = (not priced and score < ENOUGH + 1.5) or (not strong and _is_named_gone(page))
    if empty and (gone := _gone(document, page, text)):
        return Verdict.GONE, gone
    shown = priced and page.anchors.title is not None and _is_offered(page, statements)
    if len(text.strip()) < SHORTEST_PAGE and not strong and not shown:
        return _short(document, page)
    if score < ENOUGH:
        return _not_product(document, page, text, listing=listing)
    if product is None or not product.name or not product.images or not (product.price or product.availability):
        return Verdict.THIN, "The page is about one product, but states little of it."
    return Verdict.PRODUCT, "The page is about one product."


def _is_offered(page: Seen, statements: Sequence[Statement]) -> bool:
    stated = any(statement.availability for statement in statements if statement.source is Source.VISIBLE)
    return stated or page.anchors.button is not None


def _blocked(document: Document, page: Seen, text: str) -> str:
    if len(text) > 4000 or len(page.layout.elements) > 400:
        return ""
    title = page.layout.text(page.anchors.title) if page.anchors.title else ""
    if CHALLENGE.search(f"{document.title} {title}") or (len(text) < 1500 and CHALLENGE.search(text)):
        return "The site asks for proof that a person is visiting."
    if len(text) < 600 and CHALLENGE_CODE.search(document.html[:200_000]):
        return "The page holds only a check for robots."
    return ""


def _short(document: Document, page: Seen) -> tuple[Verdict, str]:
    if _asks_for_login(document, page):
        return Verdict.LOGIN, LOGIN_REASON
    if _shows_many(document):
        return Verdict.LISTING, LISTING_REASON
    return Verdict.EMPTY, "The page shows almost no text: a browser must fill it."


def _shows_many(document: Document) -> bool:
    """Tell whether a page whose own words are few shows the prices of many products."""
    body = document.tree.body
    text = body.text(separator=" ") if body is not None else ""
    parts = (text[start : start + LONGEST_PART] for start in range(0, len(text), LONGEST_PART))
    return sum(len(find_prices(part)) for part in islice(parts, MOST_PARTS)) >= MANY_PRICES


def _asks_for_login(document: Document, page: Seen) -> bool:
    title = page.layout.text(page.anchors.title)[:200] if page.anchors.title else ""
    if not LOGIN.search(f"{document.title} {title}"):
        return False
    return document.tree.css_first("input[type=password]") is not None or len(page.layout.pieces) < 400


def _gone(document: Document, page: Seen, text: str) -> str:
    title = page.layout.text(page.anchors.title)[:200] if page.anchors.title else ""
    if GONE.search(document.title) or GONE.search(title) or (len(text) < 1500 and GONE.search(text)):
        return GONE_REASON
    return ""


def _is_named_gone(page: Seen) -> bool:
    """Tell whether a page's title says hardly anything but that it was not found."""
    title = page.layout.text(page.anchors.title)[:200] if page.anchors.title else ""
    return bool(GONE.search(title)) and len(WORD.findall(GONE.sub(" ", title))) <= MOST_BESIDE_GONE


def _not_product(document: Document, page: Seen, text: str, *, listing: bool) -> tuple[Verdict, str]:
    if listing:
        return Verdict.LISTING, LISTING_REASON
    if len(text) < 3000 and _asks_for_login(document, page):
        return Verdict.LOGIN, LOGIN_REASON
    return Verdict.NOT_A_PRODUCT, "Nothing on the page shows one product for sale."


def _weigh(document: Document, page: Seen, statements: Sequence[Statement]) -> tuple[float, bool, bool]:
    cards = _cards(page)
    visible = next((statement for statement in statements if statement.source is Source.VISIBLE), None)
    priced = bool(visible and visible.price and visible.price[0].score >= SURE_PRICE)
    in_card = bool(page.amounts) and cards > 5 and priced and _group(page, 0) == _largest(page)
    listing_page = _listing_address(document) or bool(SEARCH_TITLE.search(document.title))
    score = _machine_score(document, statements)
    score += 1.2 if priced else 0
    score += _button_score(page, apart=priced and not in_card)
    score += _told_score(visible, priced=priced and not in_card) if visible else 0
    score += 0.8 if PRODUCT_PATH.search(urlsplit(document.url).path) and not listing_page else 0
    score += 0.7 if page.anchors.similarity > 0.75 else 0
    score -= 2.5 if listing_page else 0
    score -= 1.2 if in_card else 0
    score -= 4 if _at_root(document) else 0
    score -= 2.5 if _foreign(document, page) else 0
    many = cards > 5 or len(page.anchors.buttons) > MANY_BUTTONS
    return score, listing_page or many, priced and not in_card


def _machine_score(document: Document, statements: Sequence[Statement]) -> float:
    strong = [statement for statement in statements if statement.source in STRONG and statement.name]
    mains = [statement for statement in strong if statement.main]
    score = 0.0
    if mains and _names_many(document, mains):
        score -= 1.5
    elif mains:
        score += 1.6 if any(statement.price or statement.sku or statement.gtin for statement in mains) else 0.9
    elif len(strong) == 1:
        score += 1.0
    elif len(strong) > 5:
        score -= 1.0
    kinds = [kind.lower() for kind in document.meta.get("og:type", [])[:1]]
    if kinds and ("product" in kinds[0] or kinds[0] in ("book", "og:product")):
        score += 1.0
    return score


def _names_many(document: Document, mains: Sequence[Statement]) -> bool:
    """Tell whether the page presents many products as its own, none of them named like the page."""
    names = {statement.name[0].value for statement in mains}
    if len(names) <= MOST_MAINS:
        return False
    return max(likeness(name, stated_titles(document)) for name in names) < LIKE_THE_PAGE


def _told_score(visible: Statement, *, priced: bool) -> float:
    """Weigh what a page tells beside a product: how others rated it, and its labelled numbers."""
    rated = priced and bool(visible.rating) and visible.rating[0].score >= SURE_RATING
    return (RATED if rated else 0.0) + (NUMBERED if visible.sku or visible.mpn or visible.gtin else 0.0)


def _button_score(page: Seen, *, apart: bool) -> float:
    """Weigh the buy buttons: many of them are a listing's, unless the price stands apart from all cards."""
    buttons = [button for button in page.anchors.buttons if not page.anchors.excluded(button)]
    if len(buttons) <= MANY_BUTTONS:
        buttons = [button for button in buttons if not is_on_card(page.layout, page.anchors, button)]
    if len(buttons) > MANY_BUTTONS:
        return 0.0 if apart and page.anchors.similarity > 0.75 else -1.5
    return 1.2 if buttons else 0.0


def _group(page: Seen, position: int) -> str:
    element = page.amounts[position].element
    parent = element.parent
    return f"{element.hint}|{parent.hint if parent else ''}"


def _tally(page: Seen) -> Counter[str]:
    return Counter(_group(page, position) for position in range(len(page.amounts)))


def _largest(page: Seen) -> str:
    return _tally(page).most_common(1)[0][0]


def _cards(page: Seen) -> int:
    tally = _tally(page).most_common(1)
    return tally[0][1] if tally else 0


def _listing_address(document: Document) -> bool:
    parts = urlsplit(document.url)
    product, listing = PRODUCT_PATH.search(parts.path), LISTED.search(parts.path)
    if product and (listing is None or product.start() < listing.start()):
        return False
    return bool(LISTING_PATH.search(parts.path) or LISTING_QUERY.search(parts.query))


def _at_root(document: Document) -> bool:
    parts = urlsplit(document.url)
    if parts.query or (parts.hostname or "").endswith(RESERVED_NAMES):
        return False
    return bool(re.fullmatch(r"(?:[a-z]{2}(?:[-_][a-z]{2})?)?", parts.path.strip("/"), re.IGNORECASE))


def _foreign(document: Document, page: Seen) -> bool:
    kinds = [kind.lower() for kind in document.meta.get("og:type", [])[:1]]
    if kinds and FOREIGN_TYPE.search(kinds[0]):
        return True
    near = page.anchors.title
    if near is None or page.anchors.button is not None:
        return False
    return bool(OTHER_KIND.search(page.layout.around(near.end, near.end + 120)))
