"""What is amiss with a product's pictures, among what lists look through."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

AT_ONCE = 500
SHOWN = ["merchant_id", "archived_at", "id", "status", "review", "site", "error"]


def upgrade() -> None:
    """Go to this revision, and work out what is amiss with the pictures that are there."""
    op.add_column("products", sa.Column("pictured", sa.String(16), nullable=False, server_default=""))
    _fill()
    op.drop_index("ix_products_shown", "products")
    op.create_index("ix_products_shown", "products", [*SHOWN, "pictured"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_products_shown", "products")
    op.drop_column("products", "pictured")
    op.create_index("ix_products_shown", "products", SHOWN)


def _fill() -> None:
    table = sa.table("products", *(sa.column(each, sa.Text) for each in ("id", "facts", "pictures", "pictured")))
    read = sa.select(table.c.id, table.c.facts, table.c.pictures).order_by(table.c.id).limit(AT_ONCE)
    written = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(pictured=sa.bindparam("amiss"))
    bind, last = op.get_bind(), ""
    while rows := bind.execute(read.where(table.c.facts.is_not(None), table.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        amiss = [{"row_id": row["id"], "amiss": _pictured(row)} for row in rows]
        if told := [each for each in amiss if each["amiss"]]:
            bind.execute(written, told)


def _pictured(row: Any) -> str:
    if not json.loads(row["facts"]).get("images"):
        return "none"
    return "failed" if any(each.get("problem") for each in json.loads(row["pictures"])) else ""
