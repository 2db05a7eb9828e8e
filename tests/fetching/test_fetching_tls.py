"""Promises about https: the certificate is checked against the name, though the address is dialled by number."""

import asyncio
import contextlib
import shutil
import ssl
import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cartage.fetching.limits import Limits
from cartage.fetching.trust import make_context
from cartage.model.errors import BadResponse, ConnectTimeout, TlsFailed
from tests.fetching.conftest import HTML, Internet, Site, answer, listening, says

SHORT = Limits(deadline_seconds=5, headers_seconds=2, connect_seconds=0.3)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for shop.test, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.test -addext subjectAltName=DNS:shop.test"
    subprocess.run(
        [openssl, *options.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


def trusting(certificate: Path) -> ssl.SSLContext:
    """Make a client's context that trusts the test certificate."""
    context = make_context()
    context.load_verify_locations(certificate)
    return context


@contextlib.asynccontextmanager
async def secure(internet: Internet, certificate: Path, version: ssl.TLSVersion | None = None) -> AsyncGenerator[None]:
    """Put a site that speaks TLS into the internet."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if version:
        context.maximum_version = version
    async with listening(Site(says(answer())), context) as site:
        internet.site = site
        yield


@pytest.mark.case("dns-28")
async def test_the_name_is_checked_though_the_number_is_dialled(internet: Internet, certificate: Path) -> None:
    """A pinned address still proves that it is the host that was asked for."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher(SHORT, ssl_context=trusting(certificate))

        page = await fetcher.get("https://shop.test/p")

        await fetcher.aclose()
        assert page.body == HTML
        assert b"Host: shop.test\r\n" in internet.site.requests[0]


@pytest.mark.case("dns-29", "page-124")
async def test_a_certificate_for_another_name_is_refused(internet: Internet, certificate: Path) -> None:
    """The same server under another name fails, and is not asked."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher(SHORT, ssl_context=trusting(certificate))

        with pytest.raises(TlsFailed) as caught:
            await fetcher.get("https://other.test/p")

        await fetcher.aclose()
        assert "other.test" in caught.value.detail
        assert internet.site.requests == []


async def test_a_certificate_nobody_vouches_for_is_refused(internet: Internet, certificate: Path) -> None:
    """A self-signed certificate fails."""
    async with secure(internet, certificate):
        fetcher = internet.fetcher(SHORT)

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
        fetcher = internet.fetcher(SHORT, ssl_context=trusting(certificate))

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
        fetcher = internet.fetcher(SHORT)

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
        fetcher = internet.fetcher(SHORT, ssl_context=trusting(certificate))

        with pytest.raises(TlsFailed):
            await fetcher.get("https://shop.test/p")

        await fetcher.aclose()
        assert internet.site.requests == []
