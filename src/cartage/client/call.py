"""One request of the API before it is sent, and when it may be sent once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
from pydantic import BaseModel

from cartage.model.errors import Misconfigured

KEY = "Idempotency-Key"
LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
LONGEST_PAUSE_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.5
REPEATABLE = {"GET", "HEAD", "DELETE"}


@dataclass(frozen=True, slots=True)
class Call:
    """Hold a request: what is empty in `query` is left out, `body` goes as JSON, `content` as it is."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: BaseModel | Mapping[str, Any] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def repeatable(self) -> bool:
        """Tell whether doing it twice is doing it once; a POST is, by its key."""
        return self.method in REPEATABLE or KEY in self.headers

    @property
    def params(self) -> dict[str, Any]:
        """Give the query without what is empty."""
        return {name: value for name, value in self.query.items() if value not in (None, "", (), [])}

    def request(self, client: httpx2.Client | httpx2.AsyncClient) -> httpx2.Request:
        """Make the request that a client sends."""
        body = self.body.model_dump(mode="json", exclude_unset=True) if isinstance(self.body, BaseModel) else self.body
        return client.build_request(
            self.method,
            self.path,
            params=self.params or None,
            json=body,
            content=self.content,
            headers=dict(self.headers),
        )


def path(template: str, /, *ids: str) -> str:
    """Fill a path with ids, quoted."""
    return template.format(*(quote(each, safe="") for each in ids))


def once(key: str) -> dict[str, str]:
    """Give the header that has a POST done once: the caller's key, or a new one."""
    return {KEY: key or str(uuid4())}


def authorization(token: str) -> dict[str, str]:
    """Give the header that shows a token; raises `Misconfigured`, without repeating it, where it cannot be one."""
    if not token:
        return {}
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Misconfigured("CARTAGE_TOKEN holds something else than a token, which is one word.")
    return {"Authorization": f"Bearer {token}"}


def prefer(seconds: float) -> dict[str, str]:
    """Give the header that lets the reply wait for the end."""
    return {"Prefer": f"wait={round(seconds)}"} if seconds else {}


def pause_before_retry(reply: httpx2.Response | None, call: Call, tries: int) -> float | None:
    """Give the seconds to wait before sending a call again; None where it must not be sent again.

    A reply of 429 or 503 says itself when to come again; without a reply the wait doubles.
    """
    usual = min(FIRST_PAUSE_SECONDS * 2.0 ** (tries - 1), LONGEST_PAUSE_SECONDS)
    if reply is None:
        return usual if call.repeatable else None
    running = reply.status_code == HTTPStatus.CONFLICT and "retry-after" in reply.headers
    if reply.status_code not in LATER and not running:
        return None
    asked = _seconds(reply.headers.get("retry-after", ""))
    wanted = usual if asked is None else asked
    return wanted if wanted <= LONGEST_PAUSE_SECONDS else None


def _seconds(retry_after: str) -> float | None:
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)
