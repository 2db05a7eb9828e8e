"""Doing a request once, however often it is sent: idempotency keys (draft-ietf-httpapi-idempotency-key-header-07)."""

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

from cryptography.fernet import Fernet
from fastapi import Request, Response
from starlette.types import Message, Receive

from cartage.api.callers import Caller
from cartage.model.reply import Reply
from cartage.model.request_errors import KeyReused, Malformed, StillRunning
from cartage.replies import Replies

HEADER = "idempotency-key"
KEY = re.compile(r"[!-~]{1,255}", re.ASCII)
KEPT_FOR = timedelta(hours=24)
RUNS_AT_MOST = timedelta(minutes=10)
KEPT_HEADERS = ("content-type", "location", "etag", "link", "preference-applied")
KEPT_IN_MEMORY = 1024 * 1024
PIECE = 64 * 1024

Handle = Callable[[Request], Awaitable[Response]]
Body = SpooledTemporaryFile[bytes]


@dataclass(frozen=True, slots=True)
class Once:
    """Meet a request that carries an idempotency key once, and reply alike whenever it comes again."""

    replies: Replies

    async def reply(self, request: Request, caller: Caller, handle: Handle) -> Response:
        """Meet a POST that has a key unless it was met before; any other request goes straight on.

        Raises `Malformed` for a key that is none, `KeyReused` where it came with another request, and
        `StillRunning` while the first is being met. A refused request leaves its key free.
        """
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return await handle(request)
        key = key.strip().removeprefix('"').removesuffix('"')
        if not KEY.fullmatch(key):
            raise Malformed("The idempotency key is not 1 to 255 visible ASCII characters.")
        with SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as body:
            claimed = Reply(
                merchant_id=caller.merchant_id,
                token_id=caller.token_id,
                key=key,
                fingerprint=await _fingerprint(request, body),
                begun_at=datetime.now(UTC),
            )
            kept = await self._claim(claimed)
            if kept is not None:
                return _again(kept, claimed, caller)
            return await self._first(claimed, caller, handle, Request(request.scope, _replayed(body, request.receive)))

    async def _claim(self, claimed: Reply) -> Reply | None:
        at = claimed.begun_at
        return await self.replies.claim(claimed, kept_since=at - KEPT_FOR, running_since=at - RUNS_AT_MOST)

    async def _first(self, claimed: Reply, caller: Caller, handle: Handle, request: Request) -> Response:
        try:
            response = await handle(request)
        except BaseException:
            await self.replies.release(claimed)
            raise
        if response.status_code >= HTTPStatus.MULTIPLE_CHOICES or not isinstance(
            getattr(response, "body", None), bytes
        ):
            await self.replies.release(claimed)
        else:
            await self.replies.settle(claimed.model_copy(update={"sealed": _sealed(response, claimed, caller)}))
        return response


async def _fingerprint(request: Request, body: Body) -> str:
    """Keep a request's body, and tell the request from any other."""
    digest = hashlib.sha256()
    for part in (request.url.path, request.url.query, request.headers.get("content-type", "")):
        digest.update(part.encode() + b"\0")
    async for piece in request.stream():
        digest.update(piece)
        body.write(piece)
    body.seek(0)
    return digest.hexdigest()


def _replayed(body: Body, afterwards: Receive) -> Receive:
    over = False

    async def receive() -> Message:
        nonlocal over
        if over:
            return await afterwards()
        piece = body.read(PIECE)
        over = len(piece) < PIECE
        return {"type": "http.request", "body": piece, "more_body": not over}

    return receive


def _again(kept: Reply, claimed: Reply, caller: Caller) -> Response:
    if kept.fingerprint != claimed.fingerprint:
        raise KeyReused("This idempotency key came with another request before.")
    if kept.sealed is None:
        raise StillRunning("The first request with this idempotency key is still running.")
    told = json.loads(_seal(claimed, caller).decrypt(kept.sealed.encode()))
    response = Response(told["body"].encode(), told["status"], told["headers"])
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _sealed(response: Response, claimed: Reply, caller: Caller) -> str:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    told = {"status": response.status_code, "headers": headers, "body": bytes(response.body).decode()}
    return _seal(claimed, caller).encrypt(json.dumps(told).encode()).decode()


def _seal(claimed: Reply, caller: Caller) -> Fernet:
    """Lock with what only the caller has: a reply may hold a secret that is shown once and kept nowhere."""
    secret = hashlib.sha256(f"{caller.secret}\0{claimed.key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
