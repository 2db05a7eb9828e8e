"""Who may call the Inngest engine: the server that holds the key, now; and when it may run without a key at all."""

import time
from pathlib import Path

import pytest

from cartage.app import build
from cartage.engine import Announcement, Request, Steps
from cartage.engines.inngest import InngestEngine
from cartage.engines.inngest.guard import MOST_BYTES, WINDOW_SECONDS
from cartage.engines.inngest.terms import InngestTerms
from cartage.model.errors import Misconfigured
from cartage.server import create_server
from cartage.settings import read_settings
from tests.engines.small_inngest import EVENT_KEY, KEY, Json, SmallInngest

CALL = {"fnId": "cartage-scrape-product", "stepId": "step"}
BODY = (
    b'{"ctx":{"attempt":0,"disable_immediate_execution":false,"run_id":"r","stack":{"stack":[]}},"event":{"name":"x"}}'
)
WRONG = "signkey-test-" + "00" * 32


class Idle:
    """Be a workflow that is never reached."""

    async def __call__(self, steps: Steps, import_id: str, request: Request) -> None:
        """Fail: nobody should get here."""
        raise AssertionError(steps, import_id, request)

    async def abandon(self, import_id: str, request: Request, error: BaseException) -> None:
        """Do nothing."""

    async def outcome(self, import_id: str, request: Request) -> Announcement | None:
        """Have nothing to tell."""


@pytest.fixture
def door(server: SmallInngest) -> SmallInngest:
    """Give a server before the door of an engine that checks signatures."""
    terms = InngestTerms(url=server.url, serve_url="https://cartage.example", event_key=EVENT_KEY, signing_key=KEY)
    server.door = InngestEngine(Idle(), terms).door
    return server


def signed(server: SmallInngest, at: float) -> Json:
    """Sign the body as at another moment."""
    return server.signature(BODY, time.time() + at)


async def test_a_signed_call_is_let_through(door: SmallInngest) -> None:
    """A call signed now reaches the SDK, which misses the rest of the request."""
    reply = await door.knock(BODY, CALL)

    assert reply.status_code == 500
    assert "code" in reply.json()


@pytest.mark.parametrize("age", [-WINDOW_SECONDS - 5, WINDOW_SECONDS + 5, -365 * 86400, 365 * 86400])
async def test_a_replayed_call_is_turned_away(door: SmallInngest, age: float) -> None:
    """A signature made more than five minutes ago, or ahead, no longer counts."""
    assert (await door.knock(BODY, CALL, signed(door, age))).status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "t=1&s=00",
        "s=" + "0" * 64,
        "t=0&s=" + "0" * 64,
        "t=NOW&s=" + "é" * 64,
        "t=NOW&s=" + "0" * 64,
        "t=NOW&t=1&s=" + "0" * 64,
        f"t=²&s={'0' * 64}",
    ],
)
async def test_an_unsigned_or_odd_call_is_turned_away(door: SmallInngest, method: str, signature: str | None) -> None:
    """No signature, a made-up one and one beyond ASCII get 401, whatever the method; nothing is said about why."""
    present = signature and signature.replace("NOW", str(int(time.time())))
    headers = {} if present is None else {"x-inngest-signature": present.encode()}
    body = b"" if method == "GET" else BODY

    reply = await door.knock(body, CALL, headers, method)

    assert reply.status_code == 401
    assert reply.json() == {"message": "Unauthorized"}


async def test_another_key_does_not_open(door: SmallInngest) -> None:
    """A call signed with another key gets 401."""
    other = SmallInngest(key=WRONG, door=door.door)

    assert (await other.knock(BODY, CALL)).status_code == 401


async def test_an_altered_call_is_turned_away(door: SmallInngest) -> None:
    """A signature is for one body only."""
    assert (await door.knock(BODY.replace(b'"r"', b'"s"'), CALL, signed(door, 0))).status_code == 401


async def test_an_endless_call_is_cut_off(door: SmallInngest) -> None:
    """A body beyond 32 MiB is not read to its end."""
    assert (await door.knock(b" " * (MOST_BYTES + 1), CALL, signed(door, 0))).status_code == 413


async def test_in_dev_mode_a_page_in_a_browser_is_turned_away(server: SmallInngest) -> None:
    """Without keys a site could call loopback from the developer's browser; what a browser sends is refused."""
    terms = InngestTerms(url=server.url, serve_url="http://127.0.0.1:8000", dev=True)
    server.door = InngestEngine(Idle(), terms).door

    from_browser = await server.knock(BODY, CALL, {"origin": "https://evil.example"})
    from_server = await server.knock(BODY, CALL, {})

    assert (from_browser.status_code, from_server.status_code) == (401, 500)


@pytest.mark.parametrize(
    ("public", "host"),
    [
        ("https://cartage.example", "127.0.0.1"),
        ("https://localhost", "127.0.0.1"),
        ("http://cartage.example", "127.0.0.1"),
        ("http://192.168.1.4:8000", "127.0.0.1"),
        ("", "0.0.0.0"),  # noqa: S104 - what must be refused
        ("http://localhost:8000", "0.0.0.0"),  # noqa: S104 - as above
        ("http://localhost:8000", "::"),
    ],
)
def test_dev_mode_is_refused_in_production(tmp_path: Path, public: str, host: str) -> None:
    """Where others could reach the server, the mode that checks no signature does not start."""
    settings = read_settings(engine="inngest", inngest_dev="1", data_dir=tmp_path, public_url=public, host=host)

    with pytest.raises(Misconfigured, match="INNGEST_DEV"):
        build(settings)


@pytest.mark.parametrize(
    "missing", [{"inngest_event_key": ""}, {"inngest_signing_key": ""}, {"inngest_signing_key": "no hex"}]
)
def test_keys_are_needed_outside_dev_mode(tmp_path: Path, missing: Json) -> None:
    """Without both keys the server does not start, and names the setting."""
    keys = {"inngest_event_key": EVENT_KEY, "inngest_signing_key": KEY} | missing

    with pytest.raises(Misconfigured, match=f"CARTAGE_{next(iter(missing)).upper()}"):
        build(read_settings(engine="inngest", data_dir=tmp_path, **keys))


def test_the_sdk_s_own_variables_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """INNGEST_DEV=1 is enough for a dev server on its usual port."""
    monkeypatch.setenv("INNGEST_DEV", "1")

    app = build(read_settings(engine="inngest", data_dir=tmp_path))

    assert isinstance(app.engine, InngestEngine)
    assert app.engine.terms.dev
    assert app.engine.terms.url == "http://127.0.0.1:8288"


async def test_the_server_answers_at_its_path(server: SmallInngest, tmp_path: Path) -> None:
    """With the engine chosen, the whole server hands /api/inngest to it."""
    keys: Json = {"inngest_event_key": EVENT_KEY, "inngest_signing_key": KEY, "allowed_hosts": {"cartage.test"}}
    app = build(read_settings(engine="inngest", data_dir=tmp_path, inngest_url=server.url, **keys))
    server.door = create_server(app)

    unsigned = await server.knock(b"", {}, {}, "GET")
    signed_call = await server.knock(b"", {}, server.signature(b""), "GET")

    assert unsigned.status_code == 401
    assert signed_call.status_code == 200
    assert signed_call.json()["app_id"] == "cartage"
