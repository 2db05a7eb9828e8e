"""Promises of the dial: a name is judged by where it leads, at the moment it is used, on every hop."""

from typing import Any

import pytest

from cartage.fetching.limits import Limits
from cartage.model.errors import (
    CartageError,
    ConnectFailed,
    ConnectionReset,
    ConnectTimeout,
    DnsFailed,
    HostNotFound,
    RedirectRefused,
    SchemeUnsupported,
    TooManyRedirects,
    TryLater,
    UrlNotAllowed,
)
from tests.fetching.conftest import HTML, PUBLIC, Internet, answer, cases, says

SHORT = Limits(resolve_seconds=0.5, connect_seconds=0.5, headers_seconds=2)
DNS_ERRORS = {
    "dns_not_found": HostNotFound,
    "dns_no_address": HostNotFound,
    "dns_failure": DnsFailed,
    "dns_timeout": DnsFailed,
}
ELSEWHERE = {"dns-25", "dns-26", "dns-27", "dns-28", "dns-29", "redirect-22", "redirect-32"}
NAMES = {"shop.test": [[PUBLIC]], "other.test": [["93.184.216.35"]], "evil.test": [["127.0.0.1"]]}


def without(kind: str) -> list[Any]:
    """Read a kind of case, leaving out those that have a test of their own."""
    return [case for case in cases("ssrf_cases.jsonl", kind=kind) if case.id not in ELSEWHERE]


async def outcome(internet: Internet, url: str, **options: Any) -> CartageError | None:
    """Fetch an address and give the error, or None for a page."""
    fetcher = internet.fetcher(SHORT, **options)
    try:
        await fetcher.get(url)
    except CartageError as error:
        return error
    else:
        return None
    finally:
        await fetcher.aclose()


def reason(error: CartageError | None) -> str:
    """Give the case file's word for an outcome."""
    if isinstance(error, SchemeUnsupported):
        return "scheme_not_allowed"
    if isinstance(error, TooManyRedirects):
        return "too_many_redirects"
    return "ok" if error is None else getattr(error, "reason", error.code)


@pytest.mark.parametrize("row", [c for c in cases("ssrf_cases.jsonl", kind="url") if c.id != "redirect-33"])
@pytest.mark.case("connection-05")
async def test_a_refused_address_is_never_looked_up_or_dialled(internet: Internet, row: dict[str, Any]) -> None:
    """No trick in an address reaches the resolver or a socket."""
    error = await outcome(internet, row["input"], own_hosts=frozenset({"self_public_host"}))

    refused = row["verdict"] == "deny"
    assert bool(internet.dialled) is not refused
    assert not (refused and internet.lookups)
    assert (error is None) is not refused or row["input"].startswith("https")


@pytest.mark.parametrize("row", without("dns"))
async def test_a_name_is_judged_by_all_its_addresses(internet: Internet, row: dict[str, Any]) -> None:
    """Every answer is judged before any is dialled, and the dialled one is the judged one."""
    internet.names = {name: list(script) for name, script in row["dns"].items()}
    internet.refusing = frozenset(row.get("connect", {}))
    expected = row.get("expect", {})

    error = await outcome(internet, row["input"])

    if kind := DNS_ERRORS.get(row["reason"]):
        assert isinstance(error, kind)
        assert isinstance(error, TryLater) is row["retryable"]
    else:
        assert reason(error) == row["reason"]
    assert len(internet.lookups) == 1
    assert internet.dialled == expected.get("dialled", internet.dialled)
    assert len(internet.dialled) <= expected.get("max_dials", 2)
    assert bool(internet.dialled) is (row["verdict"] == "allow")


async def test_a_long_list_of_dead_addresses_is_tried_four_times(internet: Internet) -> None:
    """At most four of a name's addresses are dialled."""
    several = [f"93.184.216.{last}" for last in range(30, 60)]
    internet.names = {"shop.test": [several]}
    internet.refusing = frozenset(several)

    error = await outcome(internet, "http://shop.test/p")

    assert isinstance(error, ConnectFailed)
    assert internet.dialled == several[:4]


@pytest.mark.case("dns-25")
async def test_an_alias_is_judged_by_where_it_ends(internet: Internet) -> None:
    """A public name that is an alias of an inner one is refused by its address."""
    internet.names = {"a.test": [["127.0.0.1"]]}

    error = await outcome(internet, "http://a.test/")

    assert reason(error) == "bad_address_loopback"


@pytest.mark.case("dns-26")
async def test_an_open_connection_is_used_again_without_a_new_look_up(internet: Internet) -> None:
    """A kept connection still leads to the judged address when the name has changed since."""
    internet.names = {"shop.test": [[PUBLIC], ["127.0.0.1"]]}
    internet.site.keep_alive = True
    fetcher = internet.fetcher(SHORT)

    await fetcher.get("http://shop.test/p")
    await fetcher.get("http://shop.test/p")

    await fetcher.aclose()
    assert (internet.lookups, internet.dialled) == (["shop.test"], [PUBLIC])


@pytest.mark.case("dns-27")
async def test_a_new_connection_is_a_new_judgement(internet: Internet) -> None:
    """A name that was public a minute ago is refused when it is not any more."""
    internet.names = {"shop.test": [[PUBLIC], ["127.0.0.1"]]}
    fetcher = internet.fetcher(SHORT)
    await fetcher.get("http://shop.test/p")

    with pytest.raises(UrlNotAllowed) as caught:
        await fetcher.get("http://shop.test/p")

    await fetcher.aclose()
    assert caught.value.reason == "bad_address_loopback"
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("row", [c for c in without("redirect") if c.id not in {"redirect-12", "redirect-31"}])
async def test_every_hop_is_judged_like_the_first(internet: Internet, row: dict[str, Any]) -> None:
    """A redirect leads only where a person's own address could lead, and not further than five hops."""
    internet.names = {name: list(script) for name, script in row["dns"].items()}
    internet.site.behave = says(*(hop(*step) for step in row["chain"]), answer())

    error = await outcome(internet, row["input"])

    assert reason(error) == row["reason"]
    assert len(internet.site.requests) == len(row["chain"])


def hop(status: int, location: str | None) -> bytes:
    """Write one answer of a case's chain."""
    if status == 200 and location and location.startswith("refresh:"):
        return answer(refresh=location.removeprefix("refresh:"))
    if status == 200:
        return answer()
    return answer(b"", f"{status} Moved", **({} if location is None else {"location": location or " "}))


@pytest.mark.case("redirect-12")
async def test_a_redirect_cannot_smuggle_a_header(internet: Internet) -> None:
    """Bytes after a line break in Location are a header of the answer, never of our next request."""
    internet.site.behave = says(answer(b"", "302 Found", location="http://other.test/\r\nX: y"), answer())

    error = await outcome(internet, "http://shop.test/p")

    assert error is None
    assert b"X: y" not in internet.site.requests[1]


@pytest.mark.case("redirect-31")
async def test_a_page_cannot_send_us_on(internet: Internet) -> None:
    """A meta refresh is content, not an instruction."""
    body = b'<html><meta http-equiv="refresh" content="0;url=http://169.254.169.254/">' + HTML
    internet.site.behave = says(answer(body))

    error = await outcome(internet, "http://shop.test/p")

    assert error is None
    assert internet.dialled == [PUBLIC]


async def test_headers_for_one_site_are_not_told_to_another(internet: Internet) -> None:
    """What a caller adds goes to the first origin only."""
    internet.names = dict(NAMES)
    internet.site.behave = says(answer(b"", "302 Found", location="http://other.test/a"), answer())
    fetcher = internet.fetcher(SHORT)

    page = await fetcher.get("http://shop.test/p", headers={"Authorization": "secret", "Cookie": "a=b"})

    await fetcher.aclose()
    assert page.url == "http://other.test/a"
    assert b"secret" in internet.site.requests[0]
    assert b"secret" not in internet.site.requests[1]
    assert b"Cookie" not in internet.site.requests[1]


@pytest.mark.case("connection-01")
async def test_another_peer_than_the_dialled_one_is_refused(internet: Internet) -> None:
    """A connection that ends elsewhere is closed before a byte is sent."""
    internet.peer = "10.0.0.5"

    error = await outcome(internet, "http://shop.test/p")

    assert reason(error) == "peer_mismatch"
    assert internet.site.requests == []


@pytest.mark.case("connection-02")
async def test_a_slow_dial_is_named(internet: Internet) -> None:
    """A host that does not take the connection in time may be tried later."""
    internet.slow = True

    error = await outcome(internet, "http://shop.test/p")

    assert isinstance(error, ConnectTimeout)
    assert isinstance(error, TryLater)


@pytest.mark.case("connection-03")
async def test_a_shut_port_is_named(internet: Internet) -> None:
    """A host that refuses the connection may be tried later."""
    internet.refusing = frozenset({PUBLIC})

    error = await outcome(internet, "http://shop.test/p")

    assert isinstance(error, ConnectFailed)


@pytest.mark.case("connection-04")
async def test_a_cut_before_the_answer_is_named(internet: Internet) -> None:
    """A connection that is closed without an answer may be tried later."""
    internet.site.behave = says(b"")

    error = await outcome(internet, "http://shop.test/p")

    assert isinstance(error, ConnectionReset)


@pytest.mark.case("connection-06", "connection-07")
async def test_alternative_services_are_ignored(internet: Internet) -> None:
    """Alt-Svc and a 421 lead nowhere else."""
    internet.site.behave = says(answer(b"", "421 Misdirected Request", alt_svc='h2="10.0.0.5:443"'))

    error = await outcome(internet, "http://shop.test/p")

    assert error is not None
    assert error.code == "access_denied"
    assert internet.dialled == [PUBLIC]


async def test_a_redirect_to_another_scheme_is_the_sites_fault(internet: Internet) -> None:
    """A person who pasted a good address is not told that it is bad."""
    internet.site.behave = says(answer(b"", "302 Found", location="file:///etc/passwd"))

    error = await outcome(internet, "http://shop.test/p")

    assert isinstance(error, RedirectRefused)
    assert error.origin == "site"
