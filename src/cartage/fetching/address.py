"""The judge of addresses: which text is a web address, and which hosts, ports and IPs may be fetched."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

from cartage.fetching.ranges import judge
from cartage.model.errors import SchemeUnsupported, UrlInvalid, UrlNotAllowed

__all__ = ["Address", "Rules", "canonical_url", "follow", "is_private", "judge", "parse", "refused"]

LONGEST_URL = 8192
LONGEST_NAME = 253
LONGEST_LABEL = 63
LARGEST_PORT = 65535
DEFAULT_PORTS = {"http": 80, "https": 443}
TRACKING = re.compile(
    r"utm_.*|_ga|_gl|dclid|fbclid|gad_source|gbraid|gclid|igshid|mc_[ce]id|msclkid|srsltid|ttclid|twclid|wbraid|yclid",
    re.IGNORECASE,
)
LOCAL_NAME = re.compile(
    r"[^.]*|.*\.(localhost|localdomain|local|lan|internal|intranet|corp|home|home\.arpa|onion|i2p|svc)"
)

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"[^/?#:@]+:\d{1,5}(?=[/?#]|$)", re.ASCII)
_FOREIGN_SCHEME = re.compile(r"(?:[^/?#]*:)?//")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII | re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SAFE = "/?:@!$&'()*+,;=-._~%[]|"


@dataclass(frozen=True, slots=True)
class Address:
    """Hold a web address in its one spelling; `target` is path and query, `host` has no brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """Give the host as an IP address, when it is one."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def origin(self) -> str:
        """Give scheme, host and port, as a browser names an origin."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        return self.origin + self.target


@dataclass(frozen=True, slots=True)
class Rules:
    """Say which addresses may be fetched beyond what `judge` says of an IP.

    `exceptions` are exact literal addresses and ports that are allowed although they are private;
    `own_hosts` are names that lead back to this installation.
    """

    extra_ports: frozenset[int] = frozenset()
    exceptions: frozenset[tuple[str, int]] = frozenset()
    own_hosts: frozenset[str] = frozenset()

    def check(self, address: Address) -> None:
        """Raise `UrlNotAllowed` when the port, the name or the literal IP is refused."""
        if (address.host, address.port) in self.exceptions:
            return
        if address.host in self.own_hosts:
            raise refused("self_request")
        if address.port not in {80, 443} and address.port not in self.extra_ports:
            raise refused("port_not_allowed")
        reason = judge(address.ip) if address.ip else _local_name(address.host)
        if reason:
            raise refused(reason)


def refused(reason: str) -> UrlNotAllowed:
    """Make the one public refusal; `reason` stays with the operator."""
    return UrlNotAllowed("The address leads to a place that may not be fetched.", reason)


def canonical_url(text: str) -> str:
    """Give the one spelling of an address that a person typed or pasted, tracking parameters left out.

    Adds https:// where the scheme is missing. Raises `UrlInvalid`, `SchemeUnsupported` or `UrlNotAllowed`.
    Private IP literals and ports are left to `Rules`, which judge every address at the dial.
    """
    text = text.strip().strip("\ufeff")
    address = parse(_with_scheme(text))
    if address.ip is None and (reason := _local_name(address.host)):
        raise refused(reason)
    return str(_without_tracking(address))


def parse(url: str) -> Address:
    """Read an absolute http(s) address strictly; raises as `canonical_url` does."""
    if len(url) > LONGEST_URL:
        raise UrlInvalid(f"The address is longer than {LONGEST_URL} characters.", "url_too_long")
    scheme, rest = _split_scheme(url)
    if not rest.startswith("//"):
        _refuse_forbidden(url)
        raise UrlInvalid("The address has no host.", "bad_host")
    end = re.search(r"[/?#]", rest[2:])
    authority = rest[2:][: end.start()] if end else rest[2:]
    _refuse_forbidden(url)
    _refuse_lookalikes(authority)
    if "@" in authority:
        raise UrlInvalid("The address holds a user name.", "userinfo_not_allowed")
    host, port = _split_port(authority)
    target = rest[2 + len(authority) :].partition("#")[0]
    target = quote(target if target.startswith("/") else f"/{target}", safe=_SAFE)
    return Address(scheme, _host(host), DEFAULT_PORTS[scheme] if port is None else port, target)


def is_private(address: Address) -> bool:
    """Tell whether an address is, by its literal IP or its name, one of a private network."""
    return bool(judge(address.ip) if address.ip else _local_name(address.host))


def follow(address: Address, location: str) -> Address:
    """Resolve a redirect's `Location` against the address that sent it; raises as `parse` does."""
    location = location.strip(" \t")
    _refuse_forbidden(location)
    return parse(urljoin(str(address), location))


def _with_scheme(text: str) -> str:
    if not text:
        raise UrlInvalid("There is no address.", "empty")
    if _HOST_AND_PORT.match(text):
        return f"https://{text}"
    if _SCHEME.match(text):
        return text
    if _FOREIGN_SCHEME.match(text):
        raise SchemeUnsupported("The address does not start with http:// or https://.")
    if "." not in re.split(r"[/?#]", text, maxsplit=1)[0]:
        raise UrlInvalid("The text is not a web address.", "bad_host")
    return f"https://{text}"


def _split_scheme(url: str) -> tuple[str, str]:
    match = _SCHEME.match(url)
    scheme = match[1].lower() if match else ""
    if not match or scheme not in DEFAULT_PORTS:
        raise SchemeUnsupported("The address does not start with http:// or https://.")
    return scheme, url[match.end() :]


def _refuse_forbidden(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise UrlInvalid("The address holds a character that no address may hold.", "bad_character")


def _refuse_lookalikes(authority: str) -> None:
    folded = [unicodedata.normalize("NFKC", character) for character in authority if not character.isascii()]
    several = any(len(text) > 1 and "." in text for text in folded)
    if several or any(set(text) & set("/?#@:\\") for text in folded) or re.search(r"\s", authority):
        raise UrlInvalid("The host holds a character that no host may hold.", "bad_character")


def _split_port(authority: str) -> tuple[str, int | None]:
    bracket = authority.rfind("]") + 1
    host, colon, port = authority[bracket:].partition(":")
    if ":" in port:
        raise _bad_host(authority)
    if not colon or not port:
        return authority[:bracket] + host, None
    digits = port.lstrip("0") or "0"
    if not (port.isascii() and port.isdigit()) or len(digits) > len(str(LARGEST_PORT)) or int(digits) > LARGEST_PORT:
        raise UrlInvalid(f"The address's port is not a number up to {LARGEST_PORT}.", "bad_port")
    return authority[:bracket] + host, int(digits)


def _host(text: str) -> str:
    if "[" in text or "]" in text:
        return _ipv6(text)
    if not text or "%" in text:
        raise _bad_host(text)
    name = _ascii_name(text)
    trimmed = name.removesuffix(".")
    if _NUMBER.fullmatch(trimmed.rpartition(".")[2]):
        return _ipv4(name)
    labels = trimmed.split(".")
    if len(trimmed) > LONGEST_NAME or not all(_good_label(label) for label in labels):
        raise _bad_host(text)
    return trimmed


def _ipv6(text: str) -> str:
    if not (text.startswith("[") and text.endswith("]")) or "%" in text:
        raise _bad_host(text)
    try:
        return str(ipaddress.IPv6Address(text[1:-1]))
    except ValueError:
        raise _bad_host(text) from None


def _ipv4(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise UrlNotAllowed("The host is an IP address in an unusual spelling.", "noncanonical_host") from None


def _ascii_name(text: str) -> str:
    if text.isascii():
        return text.lower()
    if any(_disguised(character) for character in text):
        raise UrlNotAllowed("The host is a name in an unusual spelling.", "noncanonical_host")
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise _bad_host(text) from None


def _disguised(character: str) -> bool:
    if character.isascii():
        return False
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded.isascii() or character in "。｡" or unicodedata.category(character) in {"Cf", "Nd", "No", "Mn"}


def _good_label(label: str) -> bool:
    if len(label) > LONGEST_LABEL or not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return bool(idna.decode(label))
    except (idna.IDNAError, UnicodeError):
        return False


def _bad_host(text: str) -> UrlInvalid:
    return UrlInvalid(f"The address has no usable host: {text[:80]!a}.", "bad_host")


def _local_name(host: str) -> str | None:
    return "special_name" if LOCAL_NAME.fullmatch(host) else None


def _without_tracking(address: Address) -> Address:
    path, _, query = address.target.partition("?")
    kept = [part for part in query.split("&") if not TRACKING.fullmatch(part.partition("=")[0])]
    target = f"{path}?{'&'.join(kept)}" if any(kept) else path
    return Address(address.scheme, address.host, address.port, target)
