"""Calling a hosted service: one question in JSON, and what the status of its answer means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from cartage.fetching.address import Rules, parse
from cartage.fetching.answer import MISSING, SLOW_DOWN, UNAVAILABLE, retry_after
from cartage.fetching.client import Fetcher, Reply
from cartage.fetching.failing import answered_with
from cartage.model.errors import AccessDenied, CartageError, LoginRequired, PageNotFound, TryLater
from cartage.model.service_errors import (
    ServiceBusy,
    ServiceFailed,
    ServiceKeyRefused,
    ServiceQuotaSpent,
    ServiceRefusesSite,
)

Meaning = type[ServiceKeyRefused] | type[ServiceQuotaSpent] | type[ServiceRefusesSite] | type[ServiceFailed]
PATIENCE_SECONDS = 180.0
ERRORS_FROM = 400
UNAUTHORISED = 401
USUAL: Mapping[int, Meaning] = {401: ServiceKeyRefused, 402: ServiceQuotaSpent, 403: ServiceKeyRefused}
BUSY = {429, 503}
WORD = re.compile(r"/?[A-Za-z0-9][\w-]*(?:[/._-][\w-]+){0,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """Know one service: its name for people, what its own statuses and error names mean, and how to call it."""

    title: str
    fetcher: Fetcher
    headers: Mapping[str, str]
    statuses: Mapping[int, Meaning] = field(default_factory=dict[int, Meaning])
    codes: Mapping[str, Meaning] = field(default_factory=dict[str, Meaning])

    async def ask(self, url: str, question: Any) -> Any:
        """Send a question and give the answer's JSON; raises errors whose origin is `provider`."""
        try:
            reply = await self.fetcher.post_json(url, question, headers=self.headers, seconds=PATIENCE_SECONDS)
        except TryLater as error:
            raise ServiceFailed(f"{self.title} did not answer: {error.code}.") from error
        except CartageError as error:
            raise ServiceFailed(f"{self.title} cannot be reached: {error.code}.") from error
        answer = reply.json()
        if reply.status >= ERRORS_FROM:
            raise self._refusal(reply, answer)
        if answer is None:
            raise ServiceFailed(f"{self.title} did not answer with JSON.")
        return answer

    def failed(self, code: str) -> ServiceFailed:
        """Make the error for an answer that says in its own words that it brings no page."""
        return ServiceFailed(f"{self.title} could not get the page{f' ({plain(code)})' if code else ''}.")

    def _refusal(self, reply: Reply, answer: Any) -> CartageError:
        code = error_code(answer)
        told = f"{self.title} answered with status {reply.status}{f' ({plain(code)})' if code else ''}."
        if reply.status in BUSY:
            return ServiceBusy(told, retry_after(reply.headers.get("retry-after", ""), datetime.now(UTC)))
        kind = self.codes.get(code) or {**USUAL, **self.statuses}.get(reply.status, ServiceFailed)
        return kind(told)


def error_code(answer: Any) -> str:
    """Find the name that an error answer gives itself, in the shapes that services use."""
    for name in ("type", "code", "error", "message"):
        value = as_object(answer).get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return error_code(value)
    return ""


def plain(code: str) -> str:
    """Give a service's own word for an error, or nothing: its sentences may repeat our key, or anything else."""
    return code if WORD.fullmatch(code) else ""


def refuse_site_status(url: str, status: int) -> None:
    """Raise what the shop's own status, as a service tells it, stands for; do nothing for a page."""
    if status < ERRORS_FROM:
        return
    with answered_with(status):
        if status in MISSING:
            raise PageNotFound(f"{url} says that the page is gone (status {status}).")
        if status == UNAUTHORISED:
            raise LoginRequired(f"{url} asks for a login (status {status}).")
        if status in SLOW_DOWN | UNAVAILABLE:
            raise ServiceFailed(f"The shop answered the service with status {status}.")
        raise AccessDenied(f"The shop refuses to show the page to the service (status {status}).")


def as_object(value: Any) -> dict[str, Any]:
    """Give a JSON object, empty where the value is none."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_number(value: Any, otherwise: int) -> int:
    """Give a whole number, or `otherwise` where the value is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def web_address(value: Any, otherwise: str) -> str:
    """Give an address that a service names, or `otherwise` where it is none, or one that nobody may be led to."""
    if not isinstance(value, str):
        return otherwise
    try:
        Rules().check(parse(value))
    except CartageError:
        return otherwise
    return value
