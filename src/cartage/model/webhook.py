"""Webhooks: where a merchant wants to be told, and each telling."""

from datetime import datetime
from enum import StrEnum

from cartage.model.product import Value


class Endpoint(Value):
    """Keep an address that is told what happens; `secret` signs, `read_up_to` is the last event it was told of."""

    id: str
    merchant_id: str
    url: str
    secret: str
    read_up_to: int = 0
    created_at: datetime


class DeliveryState(StrEnum):
    """Name where a telling stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Value):
    """Keep one telling: its id is the same on every try, and `payload` is the very text that is signed and sent."""

    id: str
    endpoint_id: str
    merchant_id: str
    name: str
    payload: str
    state: DeliveryState = DeliveryState.WAITING
    tries: int = 0
    due_at: datetime
    result: str = ""
    created_at: datetime
