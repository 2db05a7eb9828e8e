"""What an Inngest server and this one have agreed on: addresses, keys and limits."""

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cartage.model.errors import Misconfigured
from cartage.scraping.plan import SCRAPER, RetryPreset

KEY_PREFIX = re.compile(r"^signkey-\w+-")
HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")


@dataclass(frozen=True, slots=True)
class InngestTerms:
    """Hold where Inngest is, the keys shared with it, and how much may run at once.

    `dev` speaks to a dev server, without keys. `serve_url` is where Inngest reaches this server, `public_url`
    where people do, and `listens_on` the host it is bound to.
    """

    url: str
    serve_url: str
    public_url: str = ""
    listens_on: str = "127.0.0.1"
    dev: bool = False
    event_key: str = ""
    signing_key: str = ""
    concurrency: int = 8
    per_merchant: int = 4
    per_host: int = 2
    retry: RetryPreset = SCRAPER

    def check(self) -> None:
        """Refuse what would let strangers run imports; raises `Misconfigured` naming the setting."""
        if self.dev:
            bound = f"http://[{self.listens_on}]" if ":" in self.listens_on else f"http://{self.listens_on}"
            for name, address in (("CARTAGE_PUBLIC_URL", self.public_url), ("CARTAGE_HOST", bound)):
                if not _is_loopback(address):
                    raise Misconfigured(
                        f"INNGEST_DEV is set, but {name} says that this server is reached at {address}; "
                        "the dev mode checks no signature, so anyone there could run imports."
                    )
            return
        if not self.event_key:
            raise Misconfigured("CARTAGE_INNGEST_EVENT_KEY is empty; without it Inngest takes no event.")
        if not HEX.fullmatch(self._secret):
            raise Misconfigured("CARTAGE_INNGEST_SIGNING_KEY must be hexadecimal, as `openssl rand -hex 32` gives it.")

    def sign(self, body: bytes, moment: int) -> str:
        """Sign a canonical body as Inngest does."""
        code = hmac.new(self._secret.encode(), body + str(moment).encode(), hashlib.sha256)
        return f"t={moment}&s={code.hexdigest()}"

    @property
    def _secret(self) -> str:
        return KEY_PREFIX.sub("", self.signing_key)


def _is_loopback(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
