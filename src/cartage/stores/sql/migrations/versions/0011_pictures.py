"""Pictures, which products show them, and imports of pictures alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("pictures", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("imports", sa.Column("pictures_for", sa.String(16)))
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("full", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pictures"),
        sa.UniqueConstraint("merchant_id", "content_hash", name="uq_pictures_merchant_id_content_hash"),
    )
    op.create_index("ix_pictures_merchant_id_size", "pictures", ["merchant_id", "size"])
    op.create_index("ix_pictures_wanted_at", "pictures", ["wanted_at"])
    op.create_table(
        "picture_uses",
        sa.Column("product_id", sa.String(40), nullable=False),
        sa.Column("picture_id", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_picture_uses_product_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "picture_id", name="pk_picture_uses"),
    )
    op.create_index("ix_picture_uses_picture_id", "picture_uses", ["picture_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("picture_uses")
    op.drop_table("pictures")
    op.drop_column("imports", "pictures_for")
    op.drop_column("products", "pictures")
