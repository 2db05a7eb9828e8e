"""What language models used up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ADDED: tuple[tuple[str, type[sa.Text | sa.BigInteger]], ...] = (
    ("model", sa.Text),
    ("tokens_in", sa.BigInteger),
    ("tokens_out", sa.BigInteger),
    ("tokens_cached", sa.BigInteger),
    ("duration_ms", sa.BigInteger),
    ("price_table", sa.Text),
)


def upgrade() -> None:
    """Go to this revision."""
    for name, kind in ADDED:
        op.add_column("paid_attempts", sa.Column(name, kind))


def downgrade() -> None:
    """Go back."""
    for name, _ in reversed(ADDED):
        op.drop_column("paid_attempts", name)
