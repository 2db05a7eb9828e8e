"""Batches and their rows, and the batch that an import belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("imports", sa.Column("batch_id", sa.String(40)))
    op.create_index("ix_imports_merchant_id_state", "imports", ["merchant_id", "state"])
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "batches",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("delimiter", sa.String(1), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("feeder", sa.String(40)),
        sa.Column("leased_until", moment),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_state", "batches", ["state"])
    op.create_index("ix_batches_merchant_id_id", "batches", ["merchant_id", "id"])
    _rows()


def downgrade() -> None:
    """Go back."""
    op.drop_table("batch_rows")
    op.drop_table("batches")
    op.drop_index("ix_imports_merchant_id_state", "imports")
    op.drop_column("imports", "batch_id")


def _rows() -> None:
    op.create_table(
        "batch_rows",
        sa.Column("batch_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("source_url", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("same_as", sa.Integer),
        sa.Column("failure", sa.Text),
        sa.Column("product_id", sa.String(40)),
        sa.Column("import_id", sa.String(40)),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_batch_rows_batch_id"),
        sa.PrimaryKeyConstraint("batch_id", "number", name="pk_batch_rows"),
    )
    op.create_index("ix_batch_rows_batch_id_state", "batch_rows", ["batch_id", "state"])
