"""What a batch is called, and the reason by which an invalid row can be counted."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("batches", sa.Column("name", sa.Text, nullable=False, server_default=""))
    op.add_column("batch_rows", sa.Column("error", sa.String(60), nullable=False, server_default=""))
    _name_reasons()


def downgrade() -> None:
    """Go back."""
    op.drop_column("batch_rows", "error")
    op.drop_column("batches", "name")


def _name_reasons() -> None:
    columns = sa.column("batch_id", sa.Text), sa.column("number", sa.Integer), sa.column("failure", sa.Text)
    rows = sa.table("batch_rows", *columns)
    bind = op.get_bind()
    found = bind.execute(sa.select(rows).where(rows.c.failure.is_not(None))).mappings().all()
    naming = sa.text("UPDATE batch_rows SET error = :error WHERE batch_id = :batch_id AND number = :number")
    for row in found:
        code = str(json.loads(row["failure"]).get("code", ""))[:60]
        bind.execute(naming, {"error": code, "batch_id": row["batch_id"], "number": row["number"]})
