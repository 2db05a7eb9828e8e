"""What an assistant is told of a record: what it can act on, without what would only fill its memory."""

from typing import Any

from cartage.model.failure import Failure
from cartage.wire.batches import BatchOut
from cartage.wire.catalogue import ImportOut, ProductOut
from cartage.wire.exports import ExportOut

LONGEST_TEXT = 2000
FACTS = ("name", "brand", "price", "regular_price", "availability", "condition", "sku", "mpn", "gtin", "weight_grams")


def of_import(import_: ImportOut) -> dict[str, Any]:
    """Tell an import: how it stands, what was tried, and what to do where it failed."""
    told: dict[str, Any] = {
        "id": import_.id,
        "status": import_.status,
        "url": import_.url,
        "product_id": import_.product_id,
        "already_in_catalogue": import_.duplicate,
        "tried": [
            {
                "provider": each.provider,
                "verdict": each.verdict,
                "http_status": each.http_status,
                "error": each.error and of_failure(each.error),
            }
            for each in import_.attempts
        ],
        "error": import_.error and of_failure(import_.error),
    }
    if import_.product:
        told["product"] = of_product(import_.product)
    if not import_.finished_at:
        told["queue_position"] = import_.queue_position
        told["paused"] = import_.paused and import_.paused.model_dump(mode="json")
        told["next"] = (
            "It waits until a person resumes importing."
            if import_.paused
            else ("It goes on by itself; ask again with get_import in some seconds.")
        )
    return told


def of_product(product: ProductOut) -> dict[str, Any]:
    """Tell a product in full, its texts cut where they are long."""
    facts = product.facts or {}
    images: list[dict[str, Any]] = facts.get("images") or []
    return {
        "id": product.id,
        "status": product.status,
        "source_url": product.source_url,
        **{name: facts.get(name) for name in FACTS},
        "description": (facts.get("description") or "")[:LONGEST_TEXT],
        "images": [each["url"] for each in images],
        "options": facts.get("options"),
        "variants": facts.get("variants"),
        "missing": product.missing,
        "locked": product.locked,
        "unverified": product.unverified,
        "error": product.error and of_failure(product.error),
    }


def of_line(product: ProductOut) -> dict[str, Any]:
    """Tell a product in a list."""
    facts = product.facts or {}
    return {
        "id": product.id,
        "status": product.status,
        "name": facts.get("name"),
        "price": facts.get("price"),
        "source_url": product.source_url,
        "error": product.error and product.error.code,
    }


def of_batch(batch: BatchOut) -> dict[str, Any]:
    """Tell a batch: its rows counted by status, and the first that went wrong."""
    return {
        "id": batch.id,
        "status": batch.status,
        "total": batch.total,
        "counts": batch.counts,
        "first_errors": [
            {"url": each.url, "error": each.error and of_failure(each.error)} for each in batch.errors[:10]
        ],
    }


def of_export(export: ExportOut) -> dict[str, Any]:
    """Tell an export with what was found, grouped by code."""
    report = export.report
    return {
        "id": export.id,
        "status": export.status,
        "target": export.target,
        "products": report.products if report else export.done,
        "errors": report.errors if report else None,
        "warnings": report.warnings if report else None,
        "found": [each.model_dump(mode="json", exclude={"first"}) for each in report.groups] if report else [],
        "download": export.links.get("download"),
        "error": export.error and of_failure(export.error),
    }


def of_failure(failure: Failure) -> dict[str, Any]:
    """Tell what went wrong, whose side it is on, and what to do."""
    return {
        "code": failure.code,
        "whose_side": failure.origin.value,
        "what_happened": failure.detail,
        "what_to_do": failure.advice,
        "worth_a_retry": failure.retry == "later",
    }
