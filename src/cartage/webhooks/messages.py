"""What events are told as: thin messages that name things and link to them."""

import json
from datetime import datetime
from typing import Any

from cartage.model.catalogue import Event

BATCH_COMPLETED = "batch/completed"
NAMES = {
    "product/scrape.completed": "import.succeeded",
    "product/scrape.failed": "import.failed",
    "product/enhance.completed": "product.enhanced",
    "product/enhance.failed": "enhancement.failed",
    BATCH_COMPLETED: "batch.completed",
}
CHANGED = "product.changed"
TEST = "test"


def messages_of(event: Event) -> list[tuple[str, str]]:
    """Give the messages that an event is told as, each with its name; most events are told as none."""
    name = NAMES.get(event.name)
    if name is None:
        return []
    told = [(name, _message(name, event.at, _data(name, event)))]
    if event.data.get("changed"):
        data = _about(event) | {"changed": event.data["changed"]}
        told.append((CHANGED, _message(CHANGED, event.at, data)))
    return told


def test_message(endpoint_id: str, at: datetime) -> str:
    """Give the message that only tries whether an endpoint hears."""
    return _message(TEST, at, {"webhook_endpoint_id": endpoint_id})


def _data(name: str, event: Event) -> dict[str, Any]:
    match name:
        case "batch.completed":
            batch_id = event.data["batchId"]
            links = {"batch": f"/v1/batches/{batch_id}", "rows": f"/v1/batches/{batch_id}/rows"}
            return {"batch_id": batch_id, "counts": event.data["counts"], "links": links}
        case "import.failed":
            return _about(event) | {"error": event.data.get("error"), "duration_ms": event.data.get("duration")}
        case "product.enhanced" | "enhancement.failed":
            links = {"product": f"/v1/products/{event.product_id}"}
            links |= {"enhancements": f"{links['product']}/enhancements"}
            kept = {"run_id": event.data.get("runId"), "tasks": event.data.get("tasks")}
            error = {"error": event.data["error"]} if "error" in event.data else {}
            return {"product_id": event.product_id, **kept, **error, "links": links}
        case _:
            return _about(event) | {
                "provider": event.data.get("provider"),
                "duration_ms": event.data.get("duration"),
            }


def _about(event: Event) -> dict[str, Any]:
    return {
        "import_id": event.import_id,
        "product_id": event.product_id,
        "links": {"import": f"/v1/imports/{event.import_id}", "product": f"/v1/products/{event.product_id}"},
    }


def _message(name: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": name, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
