"""Indexes that answer for lists of many thousand products and imports without reading what they hold."""

from alembic import op

revision = "0018"
down_revision = "0017"

NEW = (
    ("ix_products_shown", "products", ["merchant_id", "archived_at", "id", "status", "review", "site", "error"]),
    ("ix_imports_merchant_id_finished_at", "imports", ["merchant_id", "finished_at", "state"]),
    ("ix_imports_batch_id_finished_at", "imports", ["batch_id", "finished_at"]),
)


def upgrade() -> None:
    """Go to this revision."""
    for name, table, columns in NEW:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Go back."""
    for name, table, _ in reversed(NEW):
        op.drop_index(name, table)
