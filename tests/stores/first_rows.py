"""Rows as the first revision's program wrote them, spelled out: today's code must not write yesterday's rows."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table

MERCHANT = "mer_1"
PRODUCT = "prd_1"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)

FACTS = '{"name": "Mug"}'
ATTEMPT = '{"provider": "direct", "number": 1, "started_at": "2026-11-23T12:00:00Z", "duration_ms": 7}'

FIRST_ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("merchants", {"id": MERCHANT, "name": "Mine", "created_at": AT}),
    (
        "products",
        {
            "id": PRODUCT, "merchant_id": MERCHANT, "import_id": "imp_1", "source_url": "https://shop.example/p/mug",
            "status": "IMPORTED", "facts": FACTS, "evidence": "{}", "missing": "[]", "failure": None,
            "metadata": "{}", "searched": "mug", "created_at": AT, "updated_at": AT,
        },
    ),
    (
        "imports",
        {
            "id": "imp_1", "product_id": PRODUCT, "merchant_id": MERCHANT, "source_url": "https://shop.example/p/mug",
            "number": 1, "state": "succeeded", "pasted_page_id": None, "failure": None, "created_at": AT,
            "finished_at": AT,
        },
    ),
    (
        "steps",
        {
            "import_id": "imp_1", "name": "save", "state": "succeeded", "detail": "", "started_at": AT,
            "finished_at": AT, "until": None,
        },
    ),
    ("attempts", {"import_id": "imp_1", "provider": "direct", "number": 1, "started_at": AT, "attempt": ATTEMPT}),
    (
        "events",
        {
            "id": "evt_1", "name": "product/scrape.requested", "merchant_id": MERCHANT, "product_id": PRODUCT,
            "import_id": "imp_1", "data": "{}", "at": AT,
        },
    ),
)  # fmt: skip


def first_tables(connection: Connection) -> dict[str, Table]:
    """Read the tables as they stand in the database."""
    found = MetaData()
    found.reflect(connection)
    return dict(found.tables)
