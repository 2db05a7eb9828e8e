"""Schedules, what refreshes saw, and fields that people set."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.add_column("imports", sa.Column("scheduled", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("products", sa.Column("locked", sa.Text, nullable=False, server_default="[]"))
    op.add_column("products", sa.Column("refresh_at", moment))
    op.create_index("ix_products_merchant_id_refresh_at", "products", ["merchant_id", "refresh_at"])
    op.create_table(
        "schedules",
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("every_hours", sa.Integer, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_schedules"),
    )
    op.create_table(
        "product_history",
        sa.Column("product_id", sa.String(40), nullable=False),
        sa.Column("import_id", sa.String(40), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("price", sa.Text),
        sa.Column("availability", sa.String(40)),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_product_history_product_id"),
        sa.PrimaryKeyConstraint("product_id", "import_id", name="pk_product_history"),
    )
    op.create_index("ix_product_history_product_id_at", "product_history", ["product_id", "at"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("product_history")
    op.drop_table("schedules")
    op.drop_index("ix_products_merchant_id_refresh_at", "products")
    op.drop_column("products", "refresh_at")
    op.drop_column("products", "locked")
    op.drop_column("imports", "scheduled")
