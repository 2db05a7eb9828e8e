"""What a site's status, headers and error page mean, as our own errors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cartage.fetching.limits import Limits
from cartage.model.errors import (
    AccessDenied,
    BadResponse,
    BodyTruncated,
    BotChallenge,
    CartageError,
    LoginRequired,
    PageNotFound,
    RateLimited,
    RedirectRefused,
    UpstreamError,
    UpstreamUnavailable,
)
from cartage.model.visit_errors import NothingSent

REDIRECTS = {301, 302, 303, 307, 308}
EMPTY = {204, 205, 304}
MISSING = {404, 410}
SLOW_DOWN = {429, 430}
UNAVAILABLE = {408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530}
PARTIAL = 206
UNAUTHORISED = 401
KEPT_HEADERS = {"content-type", "content-language", "last-modified", "etag", "link", "server", "x-powered-by"}

_CHALLENGE = re.compile(
    rb"cf-chl|challenge-platform|cf_captcha|captcha-delivery\.com|px-captcha|/_sec/cp_challenge|_incapsula_resource"
    rb"|g-recaptcha|h-captcha|hcaptcha\.com|awswaf|cf-turnstile|validatecaptcha|pardon our interruption"
    rb"|<title>\s*(?:just a moment|attention required|robot check|access to this page has been denied)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the head of one HTTP answer; header names are in lower case, repeated ones joined with a comma."""

    host: str
    status: int
    headers: dict[str, str]

    @property
    def kept(self) -> dict[str, str]:
        """Give the headers that matter to a reader of the page."""
        return {name: value for name, value in self.headers.items() if name in KEPT_HEADERS}

    @property
    def challenged(self) -> bool:
        """Tell whether the headers alone say that this is a bot challenge."""
        mitigated = self.headers.get("cf-mitigated", "").lower() == "challenge"
        return mitigated or self.headers.get("x-amzn-waf-action", "").lower() in {"captcha", "challenge"}


def read_head(host: str, status: int, raw: Iterable[tuple[bytes, bytes]], limits: Limits) -> Answer:
    """Read an answer's head; raises `BadResponse` for too many or too large headers."""
    pairs = list(raw)
    if len(pairs) > limits.headers or sum(len(name) + len(value) for name, value in pairs) > limits.header_bytes:
        raise BadResponse(f"{host} sent more headers than any page needs.")
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return Answer(host, status, headers)


def status_error(answer: Answer, body: bytes, now: datetime) -> CartageError | None:
    """Say what a status means, with the start of the error page at hand; None for a page."""
    host, status = answer.host, answer.status
    if answer.challenged or (status >= UNAUTHORISED and status not in MISSING and _CHALLENGE.search(body)):
        return BotChallenge(f"{host} asks for proof that a person is looking.")
    if status in EMPTY:
        return NothingSent(f"{host} answered with status {status} and no page.")
    if status == PARTIAL:
        return BodyTruncated(f"{host} sent only part of the page.")
    if 200 <= status < 300:  # noqa: PLR2004 - the class of successes
        return None
    return _later(answer, now) or _refusal(host, status)


def _later(answer: Answer, now: datetime) -> CartageError | None:
    wait = retry_after(answer.headers.get("retry-after", ""), now)
    if answer.status in SLOW_DOWN:
        return RateLimited(f"{answer.host} asks to slow down (status {answer.status}).", wait)
    if answer.status in UNAVAILABLE:
        return UpstreamUnavailable(f"{answer.host} has a problem of its own (status {answer.status}).", wait)
    return None


def _refusal(host: str, status: int) -> CartageError:
    if status in MISSING:
        return PageNotFound(f"{host} says that the page is gone (status {status}).")
    if status == UNAUTHORISED:
        return LoginRequired(f"{host} asks for a login (status {status}).")
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirections
        return RedirectRefused(f"{host} answered with status {status}, which cannot be followed.")
    if 400 <= status < 500 or status >= 600:  # noqa: PLR2004 - refusals, and codes nobody defined
        return AccessDenied(f"{host} refuses to show the page (status {status}).")
    return UpstreamError(f"{host} answered with an error (status {status}).")


def retry_after(value: str, now: datetime) -> float | None:
    """Read a Retry-After header as seconds from `now`; None when it is missing, past or not readable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return seconds if seconds > 0 else None
