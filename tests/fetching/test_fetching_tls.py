"""Promises about https: the certificate is checked against the name, though the address is dialled by number."""

import asyncio
import ssl
from pathlib import Path

import pytest

from cartage.fetching.limits import Limits
from cartage.fetching.trust import make_context
from cartage.model.errors import BadResponse, ConnectTimeout, TlsFailed
from tests.fetching.conftest import HTML, Internet, Site, answer, says, secure, trusting

SHORT = Limits(connect_seconds=0.3)


@pytest.mark.case("dns-28")
async def test_the_name_is_checked_though_the_number_is_dialled(internet: Internet, certificate: Path) -> None:
    """A pinned address still proves that it is the host that was asked for."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher(ssl_context=trusting(certificate))

        page = await fetcher.get("https://shop.test/p")

        await fetcher.aclose()
        assert page.body == HTML
        assert b"Host: shop.test\r\n" in internet.site.requests[0]


@pytest.mark.case("dns-29", "page-124")
async def test_a_certificate_for_another_name_is_refused(internet: Internet, certificate: Path) -> None:
    """The same server under another name fails, and is not asked."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher(ssl_context=trusting(certificate))

        with pytest.raises(TlsFailed) as caught:
            await fetcher.get("https://other.test/p")

        await fetcher.aclose()
        assert "other.test" in caught.value.detail
        assert internet.site.requests == []


async def test_a_certificate_nobody_vouches_for_is_refused(internet: Internet, certificate: Path) -> None:
    """A self-signed certificate fails."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher()

        with pytest.raises(TlsFailed):
            await fetcher.get("https://shop.test/p")

        await fetcher.aclose()


@pytest.mark.case("redirect-22")
async def test_http_leads_to_https(internet: Internet, certificate: Path) -> None:
    """A redirect from http to https of the same host is followed."""
    internet.site.behave = says(answer(b"", "301 Moved", location="https://shop.test/p"))
    plain = internet.site
    async with secure(internet, certificate):
        encrypted, internet.site = internet.site, plain
        internet.secure_site = encrypted
        fetcher = internet.fetcher(ssl_context=trusting(certificate))

        page = await fetcher.get("http://shop.test/p")

        await fetcher.aclose()
        assert page.url == "https://shop.test/p"


@pytest.mark.case("page-128")
async def test_plain_http_behind_https_is_named(internet: Internet) -> None:
    """A server that speaks http where https was asked for answers badly."""

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        internet.site = Site(port=server.sockets[0].getsockname()[1])
        fetcher = internet.fetcher()

        with pytest.raises(BadResponse):
            await fetcher.get("https://shop.test/p")

        await fetcher.aclose()


@pytest.mark.case("page-059")
async def test_a_stalled_handshake_ends(internet: Internet) -> None:
    """A server that never answers the first TLS message is left in time."""
    fetcher = internet.fetcher(SHORT)

    with pytest.raises(ConnectTimeout):
        await fetcher.get("https://shop.test/p")

    await fetcher.aclose()


@pytest.mark.case("environment-05")
def test_the_environment_does_not_change_whom_we_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Variables that name other certificates are ignored."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    context = make_context()

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.cert_store_stats()["x509_ca"] > 0


@pytest.mark.case("page-125")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_an_outdated_protocol_is_refused(internet: Internet, certificate: Path) -> None:
    """A server that speaks nothing newer than TLS 1.1 is not talked to."""
    async with secure(internet, certificate, ssl.TLSVersion.TLSv1_1):
        fetcher = internet.fetcher(ssl_context=trusting(certificate))

        with pytest.raises(TlsFailed):
            await fetcher.get("https://shop.test/p")

        await fetcher.aclose()
        assert internet.site.requests == []
