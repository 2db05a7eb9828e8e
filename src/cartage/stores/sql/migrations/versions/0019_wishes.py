"""Imports keep which steps they may take; they and batches how they are to be done where it is not as usual."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("imports", sa.Column("wishes", sa.Text, nullable=False, server_default="{}"))
    op.add_column("imports", sa.Column("planned", sa.Text, nullable=False, server_default="[]"))
    op.add_column("batches", sa.Column("wishes", sa.Text, nullable=False, server_default="{}"))
    op.add_column("batches", sa.Column("enhance", sa.Boolean))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batches", "enhance")
    op.drop_column("batches", "wishes")
    op.drop_column("imports", "planned")
    op.drop_column("imports", "wishes")
