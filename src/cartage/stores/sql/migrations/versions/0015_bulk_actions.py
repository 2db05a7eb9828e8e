"""Bulk actions, and what merchants keep of products: tags, rules of their own, and the archive."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "bulk_actions",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("actor", sa.String(40)),
        sa.Column("due_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_actions"),
    )
    op.create_index("ix_bulk_actions_state_due_at", "bulk_actions", ["state", "due_at"])
    op.create_index("ix_bulk_actions_merchant_id_id", "bulk_actions", ["merchant_id", "id"])
    op.add_column("products", sa.Column("tags", sa.Text, nullable=False, server_default="[]"))
    op.add_column("products", sa.Column("tag_keys", sa.Text, nullable=False, server_default="[]"))
    op.add_column("products", sa.Column("own_rule", sa.Text))
    op.add_column("products", sa.Column("archived_at", moment))
    op.add_column("products", sa.Column("archived_by", sa.String(40)))
    op.add_column("imports", sa.Column("action_id", sa.String(40)))
    op.add_column("imports", sa.Column("kept_page_id", sa.String(40)))
    op.create_index("ix_imports_action_id", "imports", ["action_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_imports_action_id", "imports")
    op.drop_column("imports", "kept_page_id")
    op.drop_column("imports", "action_id")
    for name in ("archived_by", "archived_at", "own_rule", "tag_keys", "tags"):
        op.drop_column("products", name)
    op.drop_table("bulk_actions")
