"""Reading a page: sources state, identity selects, fusion chooses, the judge says what the page is."""

import re
from collections import Counter
from collections.abc import Callable

from cartage.extraction.claims import Statement
from cartage.extraction.document import Document, parse
from cartage.extraction.fields import Context
from cartage.extraction.fusion import EvidenceMap, Facts, fuse
from cartage.extraction.identity import own_statements
from cartage.extraction.markets import CODES, Market, currency_of, market_of
from cartage.extraction.own_make import shop_names, take_own_make
from cartage.extraction.platforms import (
    aliexpress,
    amazon,
    bigcommerce,
    magento,
    shopify,
    squarespace,
    wix,
    woocommerce,
)
from cartage.extraction.platforms.detection import platform_of
from cartage.extraction.sources import address, embedded_json, json_ld, microdata, open_graph, rdfa, visible
from cartage.extraction.verdict import judge
from cartage.model.evidence import Evidence, Extraction, Source, Verdict
from cartage.model.product import Product

SOURCES: tuple[Callable[[Document], list[Statement]], ...] = (
    amazon.read,
    shopify.read_page,
    woocommerce.read_page,
    magento.read,
    bigcommerce.read,
    squarespace.read,
    wix.read,
    aliexpress.read,
    json_ld.read,
    microdata.read,
    rdfa.read,
    open_graph.read,
    embedded_json.read,
    visible.read,
    address.read,
)
EXPECTED = ("name", "description", "price", "availability", "images")
IS_PRODUCT = (Verdict.PRODUCT, Verdict.THIN)
CURRENCY_KEY = re.compile(rb"""urrency(?:_?[cC]ode)?\\?["']?\s*[:=]\s*\\?["']([A-Z]{3})\\?["']""")


def read_html(html: str | bytes, url: str) -> Extraction:
    """Read an HTML page."""
    document = parse(html, url)
    statements = [statement for source in SOURCES for statement in source(document)]
    own = own_statements(document, statements)
    facts, evidence = fuse(own, _context(document, own))
    take_own_make(facts, evidence, document)
    _take_page(facts, evidence, document)
    product = Product(**facts)
    verdict, reason = judge(document, product, statements)
    return extraction_of(product, verdict, reason, evidence)


def outline(document: Document) -> tuple[Facts, EvidenceMap]:
    """Give what is known of any page: its addresses, its language and its platform."""
    facts: Facts = {}
    evidence: EvidenceMap = {}
    _take_page(facts, evidence, document)
    return facts, evidence


def context_of(document: Document) -> Context:
    """Give what a page's values are read by: its base address, its market and its shop's names."""
    return _context(document, own_statements(document, [each for source in SOURCES for each in source(document)]))


def _context(document: Document, own: list[Statement]) -> Context:
    there = market(own, language_of(document), document.url, document.html)
    return Context(document.base_url, there, shop_names(document))


def extraction_of(product: Product, verdict: Verdict, reason: str, evidence: EvidenceMap) -> Extraction:
    """Join what reading gave; a page that is not one product's has no product."""
    if verdict not in IS_PRODUCT:
        return Extraction(product=None, verdict=verdict, reason=reason, evidence={})
    missing = tuple(name for name in EXPECTED if not getattr(product, name))
    return Extraction(product=product, verdict=verdict, reason=reason, evidence=evidence, missing=missing)


def market(statements: list[Statement], language: str | None, url: str, html: bytes = b"") -> Market:
    """Read the page's market; its currency is the first that a source states, or the one its scripts name most."""
    plain = market_of(language, url)
    stated = (claim.value for statement in statements for claim in statement.currency)
    currency = next((code for text in stated if (code := currency_of(text, plain))), None)
    currency = currency or _currency_in(html)
    return market_of(language, url, currency)


def language_of(document: Document) -> str | None:
    """Give the page's language as its root, its headers' copy or its Open Graph locale states it."""
    stated = (document.meta.get(name, [""])[0] for name in ("content-language", "og:locale", "language"))
    return document.language or next(filter(None, stated), None)


def _currency_in(html: bytes) -> str | None:
    named = Counter(code for found in CURRENCY_KEY.findall(html) if (code := found.decode()) in CODES)
    return named.most_common(1)[0][0] if named else None


def _take_page(facts: Facts, evidence: EvidenceMap, document: Document) -> None:
    facts["url"] = document.url
    evidence["/url"] = (Evidence(source=Source.ADDRESS, where="", raw=document.url),)
    if document.canonical_url and document.canonical_url.startswith(("http://", "https://")):
        facts["canonical_url"] = document.canonical_url
        evidence["/canonical_url"] = (
            Evidence(source=Source.HEAD, where='link[rel="canonical"]', raw=document.canonical_url),
        )
    if document.language:
        facts["language"] = document.language
        evidence["/language"] = (Evidence(source=Source.HEAD, where="html[lang]", raw=document.language),)
    if platform := platform_of(document):
        facts["platform"] = platform[0]
        evidence["/platform"] = (Evidence(source=Source.HEAD, where="html", raw=platform[1]),)
