"""What merchants prefer, and exports with their files."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "preferences",
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "name", name="pk_preferences"),
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("export", sa.Text, nullable=False),
        sa.Column("files_kept", sa.Boolean, nullable=False),
        sa.Column("maker", sa.String(40)),
        sa.Column("held_until", moment),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )
    op.create_index("ix_exports_state", "exports", ["state"])
    op.create_index("ix_exports_merchant_id_id", "exports", ["merchant_id", "id"])
    op.create_table(
        "export_pieces",
        sa.Column("export_id", sa.String(40), nullable=False),
        sa.Column("part", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="fk_export_pieces_export_id"),
        sa.PrimaryKeyConstraint("export_id", "part", "number", name="pk_export_pieces"),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("export_pieces")
    op.drop_table("exports")
    op.drop_table("preferences")
