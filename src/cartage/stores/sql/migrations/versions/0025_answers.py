"""What webhook endpoints are told of, whether they are gone, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.add_column("endpoints", sa.Column("events", sa.Text, nullable=False, server_default="[]"))
    op.add_column("endpoints", sa.Column("gone_at", moment))
    op.add_column("deliveries", sa.Column("tried_at", moment))
    op.add_column("deliveries", sa.Column("status", sa.Integer))
    op.add_column("deliveries", sa.Column("answer", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    for column in ("answer", "status", "tried_at"):
        op.drop_column("deliveries", column)
    for column in ("gone_at", "events"):
        op.drop_column("endpoints", column)
