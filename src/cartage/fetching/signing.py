"""Signing visits, so that sites can check who asks: Web Bot Auth (draft-ietf-webbotauth-httpsig-protocol, RFC 9421)."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from cartage.fetching.address import Address
from cartage.model.errors import Misconfigured

LABEL = "cartage"
VALID_SECONDS = 300
COMPONENTS = f'("@method" "@authority" "@path" "signature-agent";key="{LABEL}")'


class Signer:
    """Sign requests with an Ed25519 key, whose public half the `agent`, an https origin, shows to everybody."""

    def __init__(self, key: Ed25519PrivateKey, agent: str, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._agent = agent
        self._clock = clock
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._jwk = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
        # The thumbprint of RFC 7638: the members in this order, without spaces.
        self.key_id = _base64url(hashlib.sha256(json.dumps(self._jwk, separators=(",", ":")).encode()).digest())

    @property
    def directory(self) -> dict[str, list[dict[str, str]]]:
        """Give the key set that sites check signatures with."""
        return {"keys": [{**self._jwk, "kid": self.key_id, "use": "sig"}]}

    def headers(self, method: str, address: Address) -> dict[str, str]:
        """Give the headers that sign a request; they hold for five minutes, and for this method and path only."""
        created = int(self._clock())
        parameters = (
            f'{COMPONENTS};created={created};expires={created + VALID_SECONDS};keyid="{self.key_id}";alg="ed25519"'
            f';nonce="{base64.b64encode(secrets.token_bytes(32)).decode()}";tag="web-bot-auth"'
        )
        base = "\n".join(
            (
                f'"@method": {method}',
                f'"@authority": {address.origin.partition("//")[2]}',
                f'"@path": {address.target.partition("?")[0]}',
                f'"signature-agent";key="{LABEL}": "{self._agent}"',
                f'"@signature-params": {parameters}',
            )
        )
        signature = base64.b64encode(self._key.sign(base.encode("ascii"))).decode()
        return {
            "Signature-Agent": f'{LABEL}="{self._agent}"',
            "Signature-Input": f"{LABEL}={parameters}",
            "Signature": f"{LABEL}=:{signature}:",
        }


def read_signer(path: Path, agent: str) -> Signer:
    """Read the key from a PEM file; raises `Misconfigured` where it is none, or no https origin shows it."""
    if not agent.startswith("https://"):
        raise Misconfigured("CARTAGE_SIGNING_KEY_FILE needs CARTAGE_PUBLIC_URL, an https address where sites find it.")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Misconfigured("CARTAGE_SIGNING_KEY_FILE holds no PEM key that can be read.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Misconfigured("CARTAGE_SIGNING_KEY_FILE is no Ed25519 key.")
    return Signer(key, agent)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
