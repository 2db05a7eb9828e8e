"""The time between two visits to a site, where it has one of its own, apart from the rest that sites ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "site_spacings",
        sa.Column("site", sa.String(255), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_site_spacings"),
    )
    long_ago = "1970-01-01 00:00:00.000000"
    op.add_column("host_turns", sa.Column("spaced_until", moment, nullable=False, server_default=long_ago))


def downgrade() -> None:
    """Go back."""
    op.drop_column("host_turns", "spaced_until")
    op.drop_table("site_spacings")
