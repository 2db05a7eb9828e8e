"""What each merchant counts and measures in; nobody said so before."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("merchants", sa.Column("currency", sa.String(3)))
    op.add_column("merchants", sa.Column("units", sa.String(10)))


def downgrade() -> None:
    """Go back."""
    op.drop_column("merchants", "units")
    op.drop_column("merchants", "currency")
