"""Conditional requests (RFC 9110): what a site gives to ask for changes by, and the headers that ask."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from cartage.fetching.answer import Answer
from cartage.model.page import Validators

ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')


def validators_of(url: str, answer: Answer) -> Validators | None:
    """Give what an answer says of the page's state; None where it says nothing that can be asked by."""
    etag = answer.headers.get("etag", "").strip()
    etag = etag if ETAG.fullmatch(etag) else ""
    last_modified = _date(answer.headers.get("last-modified", "").strip())
    return Validators(url=url, etag=etag, last_modified=last_modified) if etag or last_modified else None


def conditions_for(url: str, validators: Validators | None) -> Mapping[str, str]:
    """Give the headers that ask an address for changes only; none for any other than the validators' own."""
    if validators is None or validators.url != url:
        return {}
    told = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in told.items() if value}


def _date(text: str) -> str:
    try:
        parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return text if text.isascii() and text.isprintable() else ""
