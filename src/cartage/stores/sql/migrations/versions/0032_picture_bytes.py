"""How many bytes the pictures of each import took; of those before, nobody counted them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("imports", sa.Column("picture_bytes", sa.BigInteger))


def downgrade() -> None:
    """Go back."""
    op.drop_column("imports", "picture_bytes")
