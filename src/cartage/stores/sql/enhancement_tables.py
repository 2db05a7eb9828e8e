"""The tables of enhancement, in the same schema as all others."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from cartage.stores.sql.tables import MOMENT, schema

enhance_settings = Table(
    "enhance_settings",
    schema,
    Column("merchant_id", String(40), primary_key=True),
    Column("automatic", Boolean, nullable=False),
    Column("tasks", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("voice", Text, nullable=False),
)

enhance_runs = Table(
    "enhance_runs",
    schema,
    Column("id", String(40), primary_key=True),
    Column("product_id", String(40), ForeignKey("products.id"), nullable=False, index=True),
    Column("merchant_id", String(40), nullable=False),
    Column("import_id", String(40), nullable=False),
    Column("batch_id", String(40)),
    Column("wanted", Text, nullable=False),
    Column("done", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("afresh", Boolean, nullable=False),
    Column("resumes", String(40)),
    Column("bulk", Boolean, nullable=False),
    Column("failure", Text),
    Column("created_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
)
GOING_ON = enhance_runs.c.state.in_(("queued", "running"))
Index(
    "uq_enhance_runs_product_id_going_on",
    enhance_runs.c.product_id,
    unique=True,
    sqlite_where=GOING_ON,
    postgresql_where=GOING_ON,
)

enhancements = Table(
    "enhancements",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("product_id", String(40), ForeignKey("products.id"), nullable=False, index=True),
    Column("run_id", String(40), ForeignKey("enhance_runs.id"), nullable=False),
    Column("task", String(20), nullable=False),
    Column("field", String(20), nullable=False),
    Column("language", String(20)),
    Column("number", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("basis", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("offences", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("decided_at", MOMENT),
)
