"""`cartage extract`: read one page in this process, with no server, database or key."""

import asyncio
import contextlib
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.manner import manner
from cartage.cli.outcome import ExitCode
from cartage.cli.record import write_json
from cartage.extraction import extract as read_html
from cartage.extraction.whereabouts import stated_address
from cartage.fetching.address import is_private, parse
from cartage.model.errors import InvalidInput, UrlNotAllowed
from cartage.model.evidence import Extraction

NOWHERE = "https://shop.invalid/"
PageArgument = Annotated[str, Parameter(allow_leading_hyphen=True)]


def extract(
    page: PageArgument,
    /,
    *,
    url: str = "",
    json: str = "",
    evidence: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Read a product's page and write the product as JSON.

    Parameters
    ----------
    page
        The page: an http(s) address, a file, or - for standard input.
    url
        The address a file or standard input was saved from, where the page does not say it itself.
    json
        Only these fields, comma-separated and dotted: --json=name,price.amount,variants.sku. All when bare.
    evidence
        Write the verdict and the evidence of every field too.
    """
    if page.startswith(("http://", "https://")):
        return _import(page, json)
    extraction = read_saved(page, url)
    if not extraction.product or not manner().quiet:
        sys.stderr.write(f"{extraction.verdict.value}: {extraction.reason}\n")
    if evidence:
        write_json(extraction, json)
    elif extraction.product:
        write_json(extraction.product, json)
    return ExitCode.OK if extraction.product else ExitCode.FAILED


def _import(url: str, fields: str) -> int:
    from cartage.app import import_product

    with refusal_told(url):
        write_json(asyncio.run(import_product(url)), fields)
    return ExitCode.OK


@contextlib.contextmanager
def refusal_told(url: str) -> Generator[None]:
    """Say of an address that may not be fetched why, and what does it all the same: whoever asks runs this machine."""
    try:
        yield
    except UrlNotAllowed as error:
        address = parse(url)
        if not is_private(address) and error.reason == "port_not_allowed":
            why = f"Port {address.port} is fetched from only where CARTAGE_EXTRA_PORTS names it."
        else:
            why = f"{address.host} leads into a private network, which no setting allows."
        raise UrlNotAllowed(f"{why} Or save the page, and give the file with --url.", error.reason) from error


def read_saved(page: str, url: str) -> Extraction:
    """Read a file or standard input as the page at `url`, or at the address that it states as its own."""
    html = read_input(page)
    return read_html(html, url=url or stated_address(html) or NOWHERE)


def read_input(page: str) -> bytes:
    """Read a file, or standard input for `-`; raises `InvalidInput` when it cannot be read."""
    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{page} cannot be read: {error.strerror}.") from error
