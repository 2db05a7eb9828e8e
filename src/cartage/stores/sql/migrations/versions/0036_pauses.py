"""What merchants paused, and the imports that are held back; the waiting rows of lists before have no site."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "pauses",
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("site", sa.String(255), nullable=False),
        sa.Column("paused_by", sa.Text, nullable=False),
        sa.Column("paused_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "site", name="pk_pauses"),
    )
    op.add_column("imports", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("imports", sa.Column("released_at", moment))
    held = sa.text("held")
    op.create_index("ix_imports_held", "imports", ["merchant_id", "id"], sqlite_where=held, postgresql_where=held)
    op.add_column("batch_rows", sa.Column("site", sa.String(255), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batch_rows", "site")
    op.drop_index("ix_imports_held", "imports")
    op.drop_column("imports", "released_at")
    op.drop_column("imports", "held")
    op.drop_table("pauses")
