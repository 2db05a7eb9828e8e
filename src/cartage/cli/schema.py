"""`cartage schema`: the shapes of what commands and the API write, as JSON Schema."""

import json
import sys
from enum import StrEnum
from typing import Any

from pydantic import BaseModel


class Kind(StrEnum):
    """Name what has a schema."""

    PRODUCT = "product"
    IMPORT = "import"
    BATCH = "batch"
    ROW = "row"
    EVENT = "event"
    EXPORT = "export"
    COSTS = "costs"
    PROBLEM = "problem"
    FACTS = "facts"
    EXTRACTION = "extraction"


def schema(kind: Kind = Kind.PRODUCT, /) -> None:
    """Write the JSON Schema of a record; the API's whole description is at /openapi.json.

    Parameters
    ----------
    kind
        What to describe: a record of the catalogue, the facts that `cartage extract` writes, or its extraction.
    """
    json.dump(shape_of(kind), sys.stdout, indent=2)
    sys.stdout.write("\n")


def shape_of(kind: Kind) -> dict[str, Any]:
    """Give the JSON Schema of a kind of record."""
    from cartage.model.evidence import Extraction
    from cartage.model.product import Product
    from cartage.wire.batches import BatchOut, RowOut
    from cartage.wire.catalogue import ImportOut, ProductOut
    from cartage.wire.costs import CostsOut
    from cartage.wire.events import EventOut
    from cartage.wire.exports import ExportOut
    from cartage.wire.problem import Problem

    shapes: dict[Kind, type[BaseModel]] = {
        Kind.PRODUCT: ProductOut,
        Kind.IMPORT: ImportOut,
        Kind.BATCH: BatchOut,
        Kind.ROW: RowOut,
        Kind.EVENT: EventOut,
        Kind.EXPORT: ExportOut,
        Kind.COSTS: CostsOut,
        Kind.PROBLEM: Problem,
        Kind.FACTS: Product,
        Kind.EXTRACTION: Extraction,
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | shapes[kind].model_json_schema(
        mode="serialization"
    )
