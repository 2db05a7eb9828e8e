"""Events as they are told: what happened, to what, and when."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from cartage.model import catalogue

STEP = "import/step"


class EventType(StrEnum):
    """Name the kinds of events."""

    STEP = "step"
    IMPORT = "import"
    PRODUCT = "product"
    BATCH = "batch"
    EXPORT = "export"
    BULK_ACTION = "bulk_action"
    OTHER = "other"


KINDS = {"batch": EventType.BATCH, "export": EventType.EXPORT, "bulk": EventType.BULK_ACTION}


class EventOut(BaseModel):
    """Tell what happened; `id` is where to go on after it, `name` what exactly it was."""

    id: str = Field(examples=["81231"])
    type: EventType
    name: str = Field(examples=["import/step"])
    at: datetime
    product_id: str
    import_id: str
    data: dict[str, Any] = Field(
        examples=[{"step": "try direct 1", "state": "succeeded", "detail": "Found the product."}]
    )

    @classmethod
    def of(cls, event: catalogue.Event) -> "EventOut":
        """Map an event."""
        return cls(
            id=str(event.sequence),
            type=type_of(event.name),
            name=event.name,
            at=event.at,
            product_id=event.product_id,
            import_id=event.import_id,
            data=event.data,
        )


class EventPage(BaseModel):
    """List events, oldest first; `next` is the address of what follows them, which may be nothing yet."""

    events: list[EventOut]
    next: str


def type_of(name: str) -> EventType:
    """Name the kind of an event."""
    if name == STEP:
        return EventType.STEP
    if name.startswith("product/scrape."):
        return EventType.IMPORT
    kind = name.partition("/")[0]
    return KINDS.get(kind, EventType.PRODUCT if kind == "product" else EventType.OTHER)
