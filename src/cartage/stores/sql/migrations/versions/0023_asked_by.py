"""Who asked for an import or a batch, and how many of a batch's imports are under way at the same time."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("imports", sa.Column("asked_by", sa.Text, nullable=False, server_default=""))
    op.add_column("batches", sa.Column("asked_by", sa.Text, nullable=False, server_default=""))
    op.add_column("batches", sa.Column("at_once", sa.Integer))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batches", "at_once")
    op.drop_column("batches", "asked_by")
    op.drop_column("imports", "asked_by")
