"""Replies to requests with an idempotency key."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "replies",
        sa.Column("token_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_replies"),
    )
    op.create_index("ix_replies_begun_at", "replies", ["begun_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("replies")
