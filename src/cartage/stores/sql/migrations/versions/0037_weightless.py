"""Lists find the products whose weight is not known: theirs, or that of one of their variants."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

AT_ONCE = 500
WEIGHT = "weight"


def upgrade() -> None:
    """Go to this revision, and look at what is there."""
    _rewrite(_with_weight)


def downgrade() -> None:
    """Go back."""
    _rewrite(lambda _, lacks: [each for each in lacks if each != WEIGHT])


def _rewrite(changed: Callable[[Any, list[str]], list[str]]) -> None:
    products = sa.table("products", *(sa.column(name, sa.Text) for name in ("id", "facts", "lacks")))
    bind, last = op.get_bind(), ""
    read = sa.select(products).where(products.c.facts.is_not(None)).order_by(products.c.id).limit(AT_ONCE)
    writing = sa.text("UPDATE products SET lacks = :lacks WHERE id = :row_id")
    while rows := bind.execute(read.where(products.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        lacks = (json.dumps(changed(json.loads(row["facts"]), json.loads(row["lacks"]))) for row in rows)
        bind.execute(writing, [{"row_id": row["id"], "lacks": each} for row, each in zip(rows, lacks, strict=True)])


def _with_weight(facts: dict[str, Any] | None, lacks: list[str]) -> list[str]:
    weights = [each.get("weight_grams") for each in (facts or {}).get("variants") or ()]
    known = bool((facts or {}).get("weight_grams")) or (bool(weights) and all(weights))
    return lacks if known or not facts else [*lacks, WEIGHT]
