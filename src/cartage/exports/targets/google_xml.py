"""Google Merchant Center's feed as RSS 2.0 with Google's namespace, for feeds that are fetched.

Source: support.google.com/merchants, RSS 2.0 specification. Structured texts and further pictures are elements of
their own here.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from cartage.exports.article import Article
from cartage.exports.form import Texts
from cartage.exports.lint import check_article
from cartage.exports.target import Target, Terms, Written
from cartage.exports.targets import google
from cartage.model.export import Finding, TargetSettings

OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n'
    "<channel>\n<title>Products</title>\n<link>{shop}</link>\n<description>Products for Google</description>\n"
)
STRUCTURED = {"title": "name", "description": "description"}


def opening(settings: TargetSettings) -> str:
    """Open the feed with the address of the shop."""
    parts = urlsplit(settings.link_template)
    return OPENING.format(shop=_text(f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""))


def write(article: Article, terms: Terms) -> Written:
    """Write an item for each variant."""
    items = ["".join(_lines(article, item)) for item in google.items(article, terms)]
    return Written(texts={google.FILE: items}, rows={google.FILE: google.write(article, terms).of(google.FILE)})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its items as Google does."""
    yield from check_article(article, terms.rules)
    yield from google.check_items(article, terms, written.of(google.FILE))


def _lines(article: Article, item: dict[str, str]) -> Iterator[str]:
    yield "<item>\n"
    for name, value in item.items():
        if not value:
            continue
        if name == "additional_image_link":
            yield from (_element(name, url) for url in value.split(","))
        elif STRUCTURED.get(name, "") in article.by_model:
            told = f"<g:digital_source_type>{google.BY_MODEL}</g:digital_source_type>"
            yield f"<g:structured_{name}>{told}<g:content>{_text(value)}</g:content></g:structured_{name}>\n"
        else:
            yield _element(name, value)
    yield "</item>"


def _element(name: str, value: str) -> str:
    return f"<g:{name}>{_text(value)}</g:{name}>\n"


def _text(value: str) -> str:
    return escape("".join(sign for sign in value if sign >= " " or sign in "\t\n"))


TARGET = Target(
    name="google-xml",
    title="Google Merchant Center, XML",
    about="the same feed as RSS 2.0",
    files=(
        Texts(
            google.FILE,
            "xml",
            "application/rss+xml; charset=utf-8",
            opening,
            "\n",
            "\n</channel>\n</rss>\n",
        ),
    ),
    settings=google.SETTINGS,
    write=write,
    check=check,
    needs_link=True,
    one_currency=False,
)
