"""Whose turn it is at each site."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "host_turns",
        sa.Column("site", sa.String(255), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("held_until", moment, nullable=False),
        sa.Column("free_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_host_turns"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("host_turns")
