"""Promises of signed visits: whoever has our public key can check them, and nothing of them fits another request."""

import base64
import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cartage.fetching.signing import Signer, read_signer
from cartage.model.errors import Misconfigured
from tests.fetching.conftest import Internet

AGENT = "https://goods.example"
# The key of RFC 9421, appendix B.1.4, and its thumbprint as the draft's test vectors name it.
KNOWN_KEY = base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU=")
KNOWN_ID = "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"


def signer() -> Signer:
    """Make a signer with the known key."""
    return Signer(Ed25519PrivateKey.from_private_bytes(KNOWN_KEY), AGENT)


def check(request: bytes, path: str) -> None:
    """Check a request's signature for a path as a site would, from its headers and our directory alone."""
    headers = dict(re.findall(r"(?m)^([\w-]+): (.*?)\r$", request.decode("latin-1")))
    (key,) = signer().directory["keys"]
    parameters = headers["Signature-Input"].removeprefix("cartage=")
    lines = [
        '"@method": GET',
        f'"@authority": {headers["Host"]}',
        f'"@path": {path}',
        f'"signature-agent";key="cartage": {headers["Signature-Agent"].removeprefix("cartage=")}',
        f'"@signature-params": {parameters}',
    ]
    signature = base64.b64decode(headers["Signature"].removeprefix("cartage=:").removesuffix(":"))
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    public.verify(signature, "\n".join(lines).encode())


def test_the_key_has_its_published_name() -> None:
    """The key's id is the thumbprint that the specification's own vectors give it."""
    assert signer().key_id == KNOWN_ID
    assert "d" not in signer().directory["keys"][0]


async def test_a_site_can_check_a_visit(internet: Internet) -> None:
    """The page's request is signed for its method, site and path, and for no other."""
    fetcher = internet.fetcher(signer=signer())

    await fetcher.get("http://shop.test/p/mug?size=1")

    await fetcher.aclose()
    (request,) = internet.site.requests
    check(request, "/p/mug")
    assert b'tag="web-bot-auth"' in request
    with pytest.raises(InvalidSignature):
        check(request, "/p/other")


async def test_without_a_key_nothing_is_signed(internet: Internet) -> None:
    """A visit carries no signature unless the operator set a key."""
    fetcher = internet.fetcher()

    await fetcher.get("http://shop.test/p")

    await fetcher.aclose()
    assert b"ignature" not in internet.site.requests[0]


def test_a_key_that_cannot_sign_is_said_at_the_start(tmp_path: Path) -> None:
    """No file, another kind of key, or nowhere to show it: each is one sentence that names the setting."""
    path = tmp_path / "key.pem"
    with pytest.raises(Misconfigured, match="CARTAGE_SIGNING_KEY_FILE"):
        read_signer(path, AGENT)
    path.write_bytes(_pem(generate_private_key(65537, 2048)))
    with pytest.raises(Misconfigured, match="Ed25519"):
        read_signer(path, AGENT)
    path.write_bytes(_pem(Ed25519PrivateKey.from_private_bytes(KNOWN_KEY)))
    with pytest.raises(Misconfigured, match="CARTAGE_PUBLIC_URL"):
        read_signer(path, "http://127.0.0.1:8000")
    assert read_signer(path, AGENT).key_id == KNOWN_ID


def _pem(key: "Ed25519PrivateKey | object") -> bytes:
    private: Ed25519PrivateKey = key  # pyright: ignore[reportAssignmentType] - any private key writes itself so
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
