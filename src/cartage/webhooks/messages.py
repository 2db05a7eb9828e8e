"""What events are told as: thin messages that name things and link to them."""

import json
from datetime import datetime
from typing import Any

from cartage.model.catalogue import Event
from cartage.model.webhook import MessageName

BATCH_COMPLETED = "batch/completed"
NAMES = {
    "product/scrape.completed": MessageName.IMPORT_SUCCEEDED,
    "product/scrape.failed": MessageName.IMPORT_FAILED,
    "product/enhance.completed": MessageName.PRODUCT_ENHANCED,
    "product/enhance.failed": MessageName.ENHANCEMENT_FAILED,
    "export/completed": MessageName.EXPORT_COMPLETED,
    BATCH_COMPLETED: MessageName.BATCH_COMPLETED,
}
TEST = "test"


def messages_of(event: Event) -> list[tuple[str, str]]:
    """Give the messages that an event is told as, each with its name; most events are told as none."""
    name = NAMES.get(event.name)
    if name is None:
        return []
    told = [(name, _data(name, event))]
    if review := event.data.get("review"):
        told.append((MessageName.IMPORT_NEEDS_REVIEW, _about(event) | review))
    if changed := event.data.get("changed"):
        told.append((MessageName.PRODUCT_CHANGED, _about(event) | {"changed": changed}))
    return [(name.value, _message(name.value, event.at, data)) for name, data in told]


def test_message(endpoint_id: str, at: datetime) -> str:
    """Give the message that only tries whether an endpoint hears."""
    return _message(TEST, at, {"webhook_endpoint_id": endpoint_id})


def _data(name: MessageName, event: Event) -> dict[str, Any]:
    match name:
        case MessageName.BATCH_COMPLETED:
            batch_id = event.data["batchId"]
            links = {"batch": f"/v1/batches/{batch_id}", "rows": f"/v1/batches/{batch_id}/rows"}
            return {"batch_id": batch_id, "counts": event.data["counts"], "links": links}
        case MessageName.EXPORT_COMPLETED:
            return _of_export(event)
        case MessageName.IMPORT_FAILED:
            return _about(event) | {"error": event.data.get("error"), "duration_ms": event.data.get("duration")}
        case MessageName.PRODUCT_ENHANCED | MessageName.ENHANCEMENT_FAILED:
            links = {"product": f"/v1/products/{event.product_id}"}
            links |= {"enhancements": f"{links['product']}/enhancements"}
            kept = {"run_id": event.data.get("runId"), "tasks": event.data.get("tasks")}
            return {"product_id": event.product_id, **kept, **_error(event), "links": links}
        case _:
            return _about(event) | {
                "provider": event.data.get("provider"),
                "duration_ms": event.data.get("duration"),
            }


def _of_export(event: Event) -> dict[str, Any]:
    told = event.data
    here = f"/v1/exports/{told['exportId']}"
    files = told["state"] == "ready" and not told["checkOnly"]
    links = {"export": here} | ({"download": f"{here}/download"} if files else {})
    named = {"export_id": told["exportId"], "target": told["target"], "check_only": told["checkOnly"]}
    counts = {name: told[name] for name in ("state", "products", "errors", "warnings")}
    return {**named, **counts, **_error(event), "links": links}


def _error(event: Event) -> dict[str, Any]:
    return {"error": event.data["error"]} if "error" in event.data else {}


def _about(event: Event) -> dict[str, Any]:
    return {
        "import_id": event.import_id,
        "product_id": event.product_id,
        "links": {"import": f"/v1/imports/{event.import_id}", "product": f"/v1/products/{event.product_id}"},
    }


def _message(name: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": name, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
