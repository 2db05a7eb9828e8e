"""Versions of things over HTTP: `ETag`, `If-Match` and `If-None-Match` (RFC 9110, 8.8 and 13.1)."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from cartage.model.catalogue import CatalogueProduct

ENTITY_TAG = re.compile(r'(W/)?"([^"]*)"')
ANY = "*"


def tell_version(response: Response, product: CatalogueProduct) -> None:
    """Send a product's version as the reply's `ETag`."""
    response.headers["ETag"] = f'"{product.version}"'


def expected_versions(
    if_match: Annotated[
        str, Header(description="The `ETag` that was seen: the product is changed only from that version.")
    ] = ANY,
) -> frozenset[str] | None:
    """Give the versions that the caller insists on; None where any will do. A weak tag matches nothing here."""
    if if_match.strip() == ANY:
        return None
    return frozenset(tag for weak, tag in ENTITY_TAG.findall(if_match) if not weak)


Versions = Annotated[frozenset[str] | None, Depends(expected_versions)]


def unchanged(request: Request, response: Response) -> bool:
    """Tell whether a reply to GET is what the caller has already, by `If-None-Match`."""
    told = response.headers.get("etag")
    return request.method == "GET" and told is not None and is_known(request.headers.get("if-none-match"), told)


def is_known(named: str | None, tag: str) -> bool:
    """Tell whether a tag is among those that an `If-None-Match` names."""
    if named is None:
        return False
    return named.strip() == ANY or tag.strip('"') in {each for _, each in ENTITY_TAG.findall(named)}
