"""What a body is, judged by its own first bytes and not only by its label."""

import re

from cartage.model.errors import NoProductFound, UnsupportedContentType, UnsupportedEncoding
from cartage.model.visit_errors import PictureRefused

SNIFFED_BYTES = 512
HTML_TYPES = {"text/html", "application/xhtml+xml"}
UNTOLD_TYPES = {"", "text/plain", "application/octet-stream", "application/xml", "text/xml", "unknown/unknown"}
JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json|text/(?:json|javascript)|application/(?:x-)?javascript")

_FILES = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"RIFF": "a media file",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"WARC/": "a web archive",
    b"MIME-Version:": "a web archive",
    b"From: <Saved by": "a web archive",
    b"ID3": "a media file",
    b"wOF": "a font",
}
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg)\b", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|div|main|h1|p|!--)\b", re.IGNORECASE)


def media_type(content_type: str) -> str:
    """Give a Content-Type's bare media type, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def refuse_label(content_type: str, host: str, *, json: bool = False) -> None:
    """Refuse by the label alone, before the body is read; raises `UnsupportedContentType` or `NoProductFound`."""
    label = media_type(content_type)
    if json:
        if not JSON_TYPE.fullmatch(label) and label not in UNTOLD_TYPES:
            raise UnsupportedContentType(f"{host} did not answer with JSON.")
    elif JSON_TYPE.fullmatch(label):
        raise NoProductFound(f"{host} answered with data for programs, not with a page.")
    elif label not in HTML_TYPES | UNTOLD_TYPES:
        raise UnsupportedContentType(f"{host} answered with {label[:60]!a}, which is not a page.")


def refuse_no_image(content_type: str, host: str) -> None:
    """Refuse an image by its label alone; raises `PictureRefused`."""
    label = media_type(content_type)
    if label.startswith("image/svg"):
        raise PictureRefused(f"{host} sends a drawing (SVG), which may hold scripts.", "drawing")
    if not label.startswith("image/") and label not in UNTOLD_TYPES:
        raise PictureRefused(f"{host} sends {label[:60]!a} instead of an image.", "label")


def refuse_file(start: bytes, host: str) -> None:
    """Refuse a body whose first bytes are a file's; raises `UnsupportedContentType` or `UnsupportedEncoding`."""
    if start.startswith(b"\x1f\x8b"):
        raise UnsupportedEncoding(f"{host} sent a packed answer without saying so.")
    for magic, name in _FILES.items():
        if start.startswith(magic):
            raise UnsupportedContentType(f"{host} answered with {name}, which is not a page.")


def refuse_other_markup(start: bytes, content_type: str, host: str) -> None:
    """Refuse feeds, and bodies that are neither labelled nor look like HTML; raises `UnsupportedContentType`."""
    text = start.replace(b"\0", b"")
    if _FEED.search(text) and not _HTML.search(text):
        raise UnsupportedContentType(f"{host} answered with a feed or a drawing, which is not a page.")
    if media_type(content_type) in UNTOLD_TYPES and not _HTML.search(text):
        raise UnsupportedContentType(f"{host} answered with something that is not a page.")
