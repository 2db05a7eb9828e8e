"""What a paid attempt was expected to cost, kept beside what it did cost."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("paid_attempts", sa.Column("estimated", sa.BigInteger))


def downgrade() -> None:
    """Go back."""
    op.drop_column("paid_attempts", "estimated")
