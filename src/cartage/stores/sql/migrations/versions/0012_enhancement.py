"""Enhancement: merchants' settings, runs, the texts that they gave, and those that were accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("written", sa.Text, nullable=False, server_default="[]"))
    op.add_column("imports", sa.Column("enhance", sa.Boolean))
    op.create_table(
        "enhance_settings",
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("tasks", sa.Text, nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("voice", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_enhance_settings"),
    )
    _runs()
    _enhancements()


def downgrade() -> None:
    """Go back."""
    op.drop_table("enhancements")
    op.drop_table("enhance_runs")
    op.drop_table("enhance_settings")
    op.drop_column("imports", "enhance")
    op.drop_column("products", "written")


def _runs() -> None:
    op.create_table(
        "enhance_runs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("product_id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("import_id", sa.String(40), nullable=False),
        sa.Column("batch_id", sa.String(40)),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("done", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("afresh", sa.Boolean, nullable=False),
        sa.Column("resumes", sa.String(40)),
        sa.Column("bulk", sa.Boolean, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_enhance_runs_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enhance_runs"),
    )
    op.create_index("ix_enhance_runs_product_id", "enhance_runs", ["product_id"])
    op.create_index("ix_enhance_runs_state", "enhance_runs", ["state"])
    going_on = sa.text("state IN ('queued', 'running')")
    op.create_index(
        "uq_enhance_runs_product_id_going_on",
        "enhance_runs",
        ["product_id"],
        unique=True,
        sqlite_where=going_on,
        postgresql_where=going_on,
    )


def _enhancements() -> None:
    op.create_table(
        "enhancements",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("product_id", sa.String(40), nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("offences", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_enhancements_product_id"),
        sa.ForeignKeyConstraint(["run_id"], ["enhance_runs.id"], name="fk_enhancements_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enhancements"),
    )
    op.create_index("ix_enhancements_product_id", "enhancements", ["product_id"])
