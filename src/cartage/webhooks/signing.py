"""Signatures of the Standard Webhooks scheme (https://www.standardwebhooks.com), with a shared secret."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from cartage.model.webhook import Delivery

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Make a secret as the scheme writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers_told(secret: str, delivery: Delivery) -> Mapping[str, str]:
    """Give the headers that a delivery's last try carried; none before the first."""
    if delivery.tried_at is None:
        return {}
    signed = signed_headers(secret, delivery.id, delivery.tried_at, delivery.payload.encode())
    return {"content-type": "application/json", **signed}


def signed_headers(secret: str, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Sign a message: its id stays the same on every try, its time is that of the try."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
