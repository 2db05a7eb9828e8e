"""By what to ask for changes of a product's page."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("bookmark", sa.Text))


def downgrade() -> None:
    """Go back."""
    op.drop_column("products", "bookmark")
