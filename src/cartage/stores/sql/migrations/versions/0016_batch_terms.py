"""What a batch may spend, and what it does with products that are there already."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("batches", sa.Column("max_cost", sa.BigInteger))
    op.add_column("batches", sa.Column("on_duplicate", sa.String(16), nullable=False, server_default="skip"))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batches", "on_duplicate")
    op.drop_column("batches", "max_cost")
