"""Promises of the judge of addresses: one spelling, one table, no surprises."""

import ipaddress
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.fetching import ranges
from cartage.fetching.address import Rules, canonical_url, judge, parse
from cartage.model.errors import CartageError, SchemeUnsupported, UrlInvalid, UrlNotAllowed

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent.parent / "cases" / "ssrf_cases.jsonl").read_text().splitlines()
]
WEBHOOKS_ONLY = {"redirect-33"}
URL_ROWS = [row for row in ROWS if row["kind"] == "url" and row["id"] not in WEBHOOKS_ONLY]
OWN_HOST = "cartage.example.com"
RULES = Rules(own_hosts=frozenset({OWN_HOST}))


def reason(url: str, *, strict: bool) -> str:
    """Give the case file's word for what the judge says of an address."""
    try:
        RULES.check(parse(url.strip() if strict else canonical_url(url)))
    except SchemeUnsupported:
        return "scheme_not_allowed"
    except (UrlInvalid, UrlNotAllowed) as error:
        return error.reason
    return "ok"


@pytest.mark.parametrize("row", URL_ROWS, ids=lambda row: row["id"])
def test_every_known_trick_is_refused_for_its_own_reason(row: dict[str, Any]) -> None:
    """Each address of the case file is refused, or let through, as the file says."""
    assert reason(row["input"].replace("SELF_PUBLIC_HOST", OWN_HOST), strict=True) == row["reason"]


@pytest.mark.parametrize("row", [row for row in URL_ROWS if "normalized" in row], ids=lambda row: row["id"])
def test_an_address_has_one_spelling(row: dict[str, Any]) -> None:
    """Case, default port, trailing dot and international names end in one spelling."""
    assert canonical_url(row["input"]) == row["normalized"]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Shop.com/p?utm_source=x&variant=3&GCLID=1#reviews", "https://shop.com/p?variant=3"),
        ("shop.com", "https://shop.com/"),
        ("shop.com:8080/p", "https://shop.com:8080/p"),
        ("  https://shop.com/p?  ", "https://shop.com/p"),
        ("https://shop.com/tasse à café?c=grün|x", "https://shop.com/tasse%20%C3%A0%20caf%C3%A9?c=gr%C3%BCn|x"),
        ("https://shop.com/a%20b%2Fc?x=%zz", "https://shop.com/a%20b%2Fc?x=%zz"),
        ("shop.com/go?to=https://other.com/", "https://shop.com/go?to=https://other.com/"),
        ("https://shop.com?p=1", "https://shop.com/?p=1"),
        ("http://127.0.0.1:8765/products/mug", "http://127.0.0.1:8765/products/mug"),
    ],
)
def test_what_a_person_pastes_becomes_the_address(typed: str, canonical: str) -> None:
    """Missing schemes are added; fragments and tracking go; what names the product stays."""
    assert canonical_url(typed) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("text", ["", "  ", "mug", "blue mug", "hello.world there/x", "user@shop.com", "mailto:a@b.c"])
def test_text_that_is_no_address_is_named_so(text: str) -> None:
    """A word, a sentence or an e-mail address is refused with advice."""
    with pytest.raises((UrlInvalid, SchemeUnsupported)) as caught:
        canonical_url(text)

    assert caught.value.advice


@given(st.text(max_size=80))
def test_any_text_is_either_an_address_or_refused(text: str) -> None:
    """No text breaks the judge, and what it accepts it accepts again, unchanged."""
    try:
        url = canonical_url(text)
    except CartageError:
        return

    assert canonical_url(url) == url


@given(st.text(alphabet="shop.tes@:/\\#?[]%1270x ．。①Kü\t", max_size=30))
def test_another_parser_sees_the_same_host(text: str) -> None:
    """What is accepted leads an independent parser to the very same host and port."""
    try:
        address = parse(f"http://{text}")
    except CartageError:
        return

    other = httpx2.URL(str(address))

    assert other.raw_host.decode().strip("[]") == address.host
    assert (80 if other.port is None else other.port) == address.port


@pytest.mark.parametrize("network", [network for network, _ in ranges.V4_RANGES + ranges.V6_RANGES], ids=str)
def test_a_range_is_refused_from_its_first_address_to_its_last(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> None:
    """Both edges of every special range are refused."""
    assert judge(network[0])
    assert judge(network[-1])


@pytest.mark.parametrize("public", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2001:4860:4860::8888"])
def test_public_addresses_pass(public: str) -> None:
    """Ordinary public addresses are not refused."""
    assert judge(public) is None


def test_a_zone_is_never_public() -> None:
    """An address with a zone belongs to a link."""
    assert judge("fe80::1%eth0") == "bad_address_link_local"
    assert judge("2606:4700:4700::1111%eth0") == "bad_address_link_local"


def test_an_exception_is_one_address_and_one_port() -> None:
    """The demo shop's own address passes; its neighbours do not."""
    rules = Rules(exceptions=frozenset({("127.0.0.1", 8765)}))

    rules.check(parse("http://127.0.0.1:8765/p"))

    for url in ("http://127.0.0.1:8766/", "http://127.0.0.2:8765/", "http://localhost:8765/", "http://127.0.0.1/"):
        with pytest.raises(UrlNotAllowed):
            rules.check(parse(url))


def test_an_operator_may_add_a_port() -> None:
    """An added port is open on public hosts and stays shut elsewhere."""
    rules = Rules(extra_ports=frozenset({8443}))

    rules.check(parse("https://shop.test:8443/p"))

    with pytest.raises(UrlNotAllowed):
        rules.check(parse("https://10.0.0.5:8443/p"))


def test_a_refusal_says_nothing_about_the_inside() -> None:
    """Every refused address has the same public words; the reason stays with the operator."""
    words: set[str] = set()
    for url in ("http://10.0.0.5/", "http://127.0.0.1/", "http://shop.test:22/", "http://db.internal/"):
        with pytest.raises(UrlNotAllowed) as caught:
            RULES.check(parse(url))
        words.add(str(caught.value))

    assert len(words) == 1
