"""Feeds: addresses that lead to the newest file of a target; and what tells cheaply that products changed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("newest_id", sa.String(40), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("served_id", sa.String(40)),
        sa.Column("served_sound", sa.Boolean, nullable=False),
        sa.Column("fetched_at", moment),
        sa.Column("fetched_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("token", name="uq_feeds_token"),
    )
    op.create_index("ix_feeds_merchant_id", "feeds", ["merchant_id"])
    op.create_index("ix_feeds_begun_at", "feeds", ["begun_at"])
    op.add_column("exports", sa.Column("feed_id", sa.String(40)))
    op.create_index("ix_exports_feed_id", "exports", ["feed_id"])
    op.create_index("ix_products_merchant_id_updated_at", "products", ["merchant_id", "updated_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_products_merchant_id_updated_at", "products")
    op.drop_index("ix_exports_feed_id", "exports")
    op.drop_column("exports", "feed_id")
    op.drop_table("feeds")
