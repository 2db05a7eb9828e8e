"""What is handed in with an address, and what merchants call their products elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("external_id", sa.Text))
    op.create_index("ix_products_merchant_id_external_id", "products", ["merchant_id", "external_id"])
    op.add_column("imports", sa.Column("given", sa.Text))
    op.add_column("batches", sa.Column("used", sa.Text, nullable=False, server_default="{}"))
    op.add_column("batch_rows", sa.Column("given", sa.Text))
    op.add_column("batch_rows", sa.Column("again", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batch_rows", "again")
    op.drop_column("batch_rows", "given")
    op.drop_column("batches", "used")
    op.drop_column("imports", "given")
    op.drop_index("ix_products_merchant_id_external_id", "products")
    op.drop_column("products", "external_id")
