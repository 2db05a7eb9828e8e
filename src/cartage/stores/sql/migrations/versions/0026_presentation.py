"""How shops are to present products, where the merchant says so."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("presentation", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Go back."""
    op.drop_column("products", "presentation")
