"""Webhooks: where a merchant wants to be told, and each telling."""

from datetime import datetime
from enum import StrEnum

from cartage.model.product import Value


class MessageName(StrEnum):
    """Name what an endpoint may be told of."""

    IMPORT_SUCCEEDED = "import.succeeded"
    IMPORT_NEEDS_REVIEW = "import.needs_review"
    IMPORT_FAILED = "import.failed"
    BATCH_COMPLETED = "batch.completed"
    PRODUCT_CHANGED = "product.changed"
    PRODUCT_ENHANCED = "product.enhanced"
    ENHANCEMENT_FAILED = "enhancement.failed"
    EXPORT_COMPLETED = "export.completed"


class Endpoint(Value):
    """Keep an address that is told what happens; `secret` signs, `read_up_to` is the last event it was told of.

    `events` names what it is told of; none is everything, that of later versions too. `gone_at` is since when it is
    switched off, because it answered that it is gone.
    """

    id: str
    merchant_id: str
    url: str
    secret: str
    events: tuple[MessageName, ...] = ()
    read_up_to: int = 0
    gone_at: datetime | None = None
    created_at: datetime

    def hears(self, name: str) -> bool:
        """Tell whether it is told of what a message is about."""
        return not self.events or name in self.events


class DeliveryState(StrEnum):
    """Name where a telling stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Value):
    """Keep one telling: its id is the same on every try, and `payload` is the very text that is signed and sent.

    Of the last try, `result` is what it came to in a word, `status` and `answer` what came back: a status, and the
    first characters of the body.
    """

    id: str
    endpoint_id: str
    merchant_id: str
    name: str
    payload: str
    state: DeliveryState = DeliveryState.WAITING
    tries: int = 0
    due_at: datetime
    tried_at: datetime | None = None
    result: str = ""
    status: int | None = None
    answer: str = ""
    created_at: datetime

    @property
    def next_try_at(self) -> datetime | None:
        """Say when it is tried next; None where it is over."""
        return self.due_at if self.state is DeliveryState.WAITING else None
