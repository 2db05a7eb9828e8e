"""Requests that nobody's browser sends: broken forms and ranges, redirects that lead elsewhere, names not ours."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.imports.progress import now
from cartage.model.catalogue import Attempt
from cartage.model.product import Product
from cartage.server.hosts import KnownHosts
from tests.contracts.records import NOON, a_print
from tests.serving import serving
from tests.web.conftest import PASSWORD, Person, Web, house

KIB, MIB = 1024, 1024 * 1024
FORM = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n%s\r\n'
NAMELESS = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
UNDISPOSED = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
END = b"--b--\r\n"
NESTED = (
    b'--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n'
    b"--c\r\nContent-Disposition: file; filename=x\r\n\r\nx\r\n--c--\r\n"
)
MOST_TAKEN = 64 * MIB  # more than a form may have, far less than an endless one

FORMS: dict[str, tuple[str, bytes]] = {
    "too many fields": (FORM, FIELD % (b"x", b"x") * 5000 + END),
    "too many files": (FORM, FILE % b"x" * 50 + END),
    "a huge header": (FORM, b"--b\r\nX-Long: " + b"a" * (2 * MIB) + b"\r\n\r\nx\r\n" + END),
    "too many headers": (FORM, b"--b\r\n" + b"X-One: 1\r\n" * 5000 + b"\r\nx\r\n" + END),
    "a huge name": (FORM, FIELD % (b"n" * MIB, b"x") + END),
    "a huge field": (FORM, FIELD % (b"x", b"x" * (17 * MIB)) + END),
    "no boundary": ("multipart/form-data", FIELD % (b"x", b"x") + END),
    "an empty boundary": ("multipart/form-data; boundary=", FIELD % (b"x", b"x") + END),
    "a huge boundary": (f"multipart/form-data; boundary={'b' * 60_000}", FIELD % (b"x", b"x") + END),
    "a boundary that is not the body's": ("multipart/form-data; boundary=other", FIELD % (b"x", b"x") + END),
    "parts within a part": (FORM, NESTED + END),
    "a field without a name": (FORM, NAMELESS + END),
    "a part that says nothing of itself": (FORM, UNDISPOSED + END),
    "no end": (FORM, FILE % b"x"),
    "no line's end": (FORM, b'--b\nContent-Disposition: form-data; name="x"\n\nx\n--b--'),
    "nothing": (FORM, b""),
    "bytes that are no text": (FORM, FIELD % (b"csrf", b"\xff\xfe\x00") + END),
    **{f"in {codec}": (f"{FORM}; charset={codec}", FIELD % (b"csrf", b"\xff.\xfe..") + END) for codec in (
        "hex", "idna", "no-such", "punycode", "undefined", "utf-16", "zlib",
    )},
    "a kind of body that no form has": ("application/x-tar", b"x" * KIB),
}  # fmt: skip
ENDLESS: dict[str, tuple[str, bytes, bytes]] = {
    "one header": (FORM, b"--b\r\nX-Long: ", b"a" * (64 * KIB)),
    "headers": (FORM, b"--b\r\n", b"X-One: 1\r\n" * (6 * KIB)),
    "fields": (FORM, b"", FIELD % (b"x", b"x") * KIB),
    "one field": (FORM, b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n', b"x" * (64 * KIB)),
    "one file": (FORM, FILE % b"", b"x" * (64 * KIB)),
    "what comes before the first part": (FORM, b"", b"\r\n" * (32 * KIB)),
    "what comes after the last part": (FORM, FIELD % (b"x", b"x") + END, b"x" * (64 * KIB)),
    "fields of a plain form": ("application/x-www-form-urlencoded", b"x=1", b"&x=1" * (16 * KIB)),
    "a name of a plain form": ("application/x-www-form-urlencoded", b"", b"x" * (64 * KIB)),
}
LENGTHS = ("abc", "-1", "1e9", "99999999999999999999", "\N{SUPERSCRIPT TWO}", "")
RANGES = (
    "bytes=0-0",
    "bytes=0-",
    "bytes=-1",
    "bytes=9-1",
    "bytes=--5",
    "bytes=-0",
    "bytes=99999999999999999999-",
    "bytes=0-99999999999999999999999999",
    "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(5000)),
    "bytes=" + "0-," * 5000,
    "bytes=",
    "lines=1-2",
    "\N{SUPERSCRIPT TWO}",
)
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2F%2Fevil.example",
    "/%2F%2Fevil.example",
    "/%5Cevil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\r\nLocation: https://evil.example",
    " //evil.example",
    "\x00//evil.example",
    "//cartage.test@evil.example",
    "https://cartage.test@evil.example/",
    "https://cartage.test:80@evil.example/",
    "@evil.example",
    ".evil.example",
    "evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "//evil\u3002example",
    "/\u2028/evil.example",
    "?next=//evil.example",
    "",
)


@dataclass
class Endless:
    """Send a body that never ends, and count what was taken of it."""

    first: bytes
    again: bytes
    taken: int = 0

    async def sent(self) -> AsyncIterator[bytes]:
        """Give the beginning, then the same piece until four times too much was taken."""
        yield self.first
        while self.taken < 4 * MOST_TAKEN:
            self.taken += len(self.again)
            yield self.again


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("path", ["/import/file", "/login"])
async def test_a_broken_form_is_refused(web: Web, path: str, name: str) -> None:
    """Whatever is wrong with a form, we say so to whoever sent it, and nothing of ours breaks."""
    kind, body = FORMS[name]

    reply = await web.mine.client.post(path, content=body, headers={"Content-Type": kind})

    assert 400 <= reply.status_code < 500, reply.text[-500:]
    assert web.engine.sent == []


@pytest.mark.parametrize("name", ENDLESS)
async def test_a_form_that_never_ends_is_cut(web: Web, name: str) -> None:
    """A body that does not say how long it is is read no further than the largest form may be."""
    kind, first, again = ENDLESS[name]
    body = Endless(first, again)

    reply = await web.mine.client.post("/import/file", content=body.sent(), headers={"Content-Type": kind})

    assert 400 <= reply.status_code < 500
    assert body.taken <= MOST_TAKEN


@pytest.mark.parametrize("length", LENGTHS)
async def test_a_length_that_is_none_is_refused(web: Web, length: str) -> None:
    """What a form says of its length is read as a number of bytes, or the form is refused."""
    headers = [(b"Content-Type", b"application/x-www-form-urlencoded"), (b"Content-Length", length.encode())]

    reply = await web.stranger.post("/login", content=b"email=x", headers=headers)

    assert 400 <= reply.status_code < 500


async def kept_paths(web: Web) -> tuple[str, ...]:
    """Keep a picture, a reading and an export as me, and give where each is downloaded."""
    picture = await web.store.gallery.put(web.mine.merchant_id, a_print("a" * 64), MIB, NOON)
    product = await web.imports.product(web.mine.merchant_id, await web.imported(Product(name="Mug")))
    read_id = await web.store.artifacts.put(web.mine.merchant_id, "application/json", b'{"name": "Mug"}')
    attempt = Attempt(provider="direct", number=1, started_at=now(), duration_ms=1, extraction_id=read_id)
    await web.store.catalogue.record_attempt(product.import_id, attempt)
    export = await Exports(web.store).submit(web.mine.merchant_id, "jsonl")
    assert await Maker(Exports(web.store)).make_next()
    return (
        f"/pictures/{picture.id}/full",
        f"/imports/{product.import_id}/artifacts/{read_id}",
        f"/exports/{export.id}/download",
        "/static/cartage.css",
    )


async def test_a_range_gives_the_whole_or_a_part_and_never_more(web: Web) -> None:
    """Many ranges, inverted and endless ones are answered with a part, the whole, or that there is no such part."""
    for path in await kept_paths(web):
        whole = await web.mine.client.get(path)
        assert whole.status_code == 200, path
        for asked in RANGES:
            reply = await web.mine.client.get(path, headers=[(b"Range", asked.encode())])

            assert reply.status_code in {200, 206, 416}, (path, asked[:60])
            assert len(reply.content) <= len(whole.content) or reply.status_code == 416
            assert reply.status_code != 200 or reply.content == whole.content


async def by_login(web: Web, wanted: str) -> httpx2.Response:
    """Log in, wanting to go somewhere."""
    form = {"email": "me@shop.example", "password": PASSWORD, "next": wanted}
    return await web.stranger.post("/login", data=form)


async def by_open_login(web: Web, wanted: str) -> httpx2.Response:
    """Open the login while logged in, wanting to go somewhere."""
    return await web.mine.client.get("/login", params={"next": wanted})


async def by_language(web: Web, wanted: str) -> httpx2.Response:
    """Choose a language, wanting to go back somewhere."""
    return await web.stranger.post("/language", data={"language": "ar", "next": wanted})


async def by_joining(web: Web, wanted: str) -> httpx2.Response:
    """Sign up, wanting to go somewhere."""
    secret = await web.accounts.invite()
    form = {"email": f"{secret[:12]}@shop.example", "password": PASSWORD, "business": "New", "next": wanted}
    return await web.stranger.post(f"/join/{secret}", params={"next": wanted}, data=form)


@pytest.mark.parametrize("door", [by_login, by_open_login, by_language, by_joining])
async def test_no_redirect_leads_elsewhere(web: Web, door: Callable[[Web, str], Awaitable[httpx2.Response]]) -> None:
    """However an address is spelled, a browser that follows where we send it stays on this site."""
    for wanted in ELSEWHERE:
        reply = await door(web, wanted)
        location = reply.headers["location"]

        assert reply.status_code == 303
        assert landing(location) == ("http", "cartage.test"), (wanted, location)
        assert "\n" not in location


def landing(location: str) -> tuple[str, str]:
    """Say where a browser goes: it takes backslashes for slashes, and leaves out tabs, line ends and outer blanks."""
    read = location.strip(" \x00\t\r\n").replace("\\", "/")
    read = "".join(each for each in read if each not in "\t\r\n")
    parts = urlsplit(urljoin("http://cartage.test/login", read))
    return parts.scheme, parts.netloc


@dataclass
class Wire:
    """Speak HTTP by hand with the server on a port, as a person who is logged in."""

    port: int
    person: Person

    async def status(self, target: str, *headers: str) -> tuple[int, str]:
        """Ask for a target with these headers and no others, and give the status and the whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookie = f"Cookie: cartage_session={self.person.client.cookies['cartage_session']}"
        lines = (f"GET {target} HTTP/1.1", *headers, cookie, "Connection: close", "", "")
        writer.write("\r\n".join(lines).encode())
        answer = (await reader.read()).decode()
        writer.close()
        return int(answer.split(" ", 2)[1]), answer


OURS = "Host: goods.example"
NAMES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "our own name": ("/import", (OURS,), 200),
    "our own name with a port": ("/import", ("Host: goods.example:8443",), 200),
    "an absolute target of another's": ("http://evil.example/import", (OURS,), 404),
    "an absolute target and Host of another's": ("http://evil.example/import", ("Host: evil.example",), 400),
    "an absolute target of ours and Host of another's": ("http://goods.example/import", ("Host: evil.example",), 400),
    "two of them": ("/import", (OURS, "Host: evil.example"), 400),
    "the same twice": ("/import", (OURS, OURS), 400),
    "none": ("/import", (), 400),
    "two in one": ("/import", ("Host: goods.example, evil.example",), 400),
    "another in X-Forwarded-Host": ("/import", (OURS, "X-Forwarded-Host: evil.example"), 200),
    "another in Forwarded": ("/import", (OURS, "Forwarded: host=evil.example"), 200),
    "ours in X-Forwarded-Host": ("/import", ("Host: evil.example", "X-Forwarded-Host: goods.example"), 400),
    "another in X-Host": ("/import", (OURS, "X-Host: evil.example", "X-Original-URL: //evil.example"), 200),
    "a port that is a name": ("/import", ("Host: goods.example:@evil.example",), 400),
    "a port too high": ("/import", ("Host: goods.example:99999",), 400),
    "two ports": ("/import", ("Host: goods.example:80:evil.example",), 400),
    "an end of its own": ("/import", ("Host: goods.example.evil.example",), 400),
    "userinfo": ("/import", ("Host: goods.example@evil.example",), 400),
    "a path": ("/import", ("Host: goods.example/evil.example",), 400),
}


async def test_only_our_own_name_is_answered_and_no_other_is_shown(web: Web) -> None:
    """Over a real connection: another's name is refused, or has no part in the answer."""
    product = await web.imports.product(web.mine.merchant_id, await web.imported(Product(name="Mug")))
    named = KnownHosts(house().server, frozenset({"goods.example"}))
    async with serving(named) as port:
        wire = Wire(port, web.mine)
        for name, (target, headers, expected) in NAMES.items():
            for path in ("/import", f"/imports/{product.import_id}", "/settings/access"):
                status, answer = await wire.status(target.replace("/import", path), *headers)

                assert status in {expected, 200 if expected == 404 else expected}, (name, path)
                assert status != 200 or "evil.example" not in answer, (name, path)
