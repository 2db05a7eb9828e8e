"""Rows of tables as values of the model, and back."""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import RowMapping

from cartage.model.batch import BatchRow
from cartage.model.catalogue import CatalogueProduct, Event, Import
from cartage.model.traits import host_of, traits_of

V = TypeVar("V", bound=BaseModel)

NESTED = {
    "facts",
    "evidence",
    "missing",
    "locked",
    "stated",
    "presentation",
    "relabelled",
    "lacks",
    "tags",
    "tag_keys",
    "own_rule",
    "wishes",
    "given",
    "used",
    "planned",
    "running",
    "pictures",
    "unverified",
    "bookmark",
    "price",
    "failure",
    "metadata",
    "data",
    "events",
    "columns",
    "cells",
    "scopes",
    "written",
    "wanted",
    "done",
    "offences",
    "tasks",
    "languages",
    "terms",
}


def row_of(value: BaseModel, **more: Any) -> dict[str, Any]:
    """Give a value's columns; nested values become JSON text, and moments stay moments."""
    plain, written = value.model_dump(), value.model_dump(mode="json")
    row = {
        name: None
        if written[name] is None
        else json.dumps(written[name], ensure_ascii=False)
        if name in NESTED
        else plain[name]
        for name in plain
    }
    return {name: getattr(entry, "value", entry) for name, entry in row.items()} | more


def product_row(product: CatalogueProduct) -> dict[str, Any]:
    """Give a product's columns, with the traits that lists look through."""
    return row_of(product, **row_of(traits_of(product)))


def import_row(import_: Import) -> dict[str, Any]:
    """Give an import's columns."""
    return row_of(import_, error=import_.failure.code if import_.failure else "")


def batch_row(row: BatchRow) -> dict[str, Any]:
    """Give a batch row's columns."""
    return row_of(row, error=row.failure.code if row.failure else "", site=host_of(row.source_url))


def event_row(event: Event) -> dict[str, Any]:
    """Give an event's columns; the database counts its sequence."""
    row = row_of(event)
    del row["sequence"]
    return row


def value_of(kind: type[V], row: RowMapping) -> V:
    """Read a row as a value; columns that the value does not know are left out."""
    return kind.model_validate({name: _read(name, row[name]) for name in kind.model_fields if name in row})


def _read(name: str, entry: Any) -> Any:
    if isinstance(entry, datetime):
        # SQLite forgets the zone, and every moment was written in UTC; Postgres gives its session's zone.
        return entry.astimezone(UTC) if entry.tzinfo else entry.replace(tzinfo=UTC)
    if name in NESTED and isinstance(entry, str):
        return json.loads(entry)
    return entry
