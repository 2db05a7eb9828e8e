"""How many bytes each attempt fetched; of those before, nobody counted them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("attempts", sa.Column("fetched_bytes", sa.BigInteger))
    op.create_index("ix_attempts_fetched", "attempts", ["started_at", "import_id", "provider", "fetched_bytes"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_attempts_fetched", "attempts")
    op.drop_column("attempts", "fetched_bytes")
