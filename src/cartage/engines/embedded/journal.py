"""DBOS's journal on SQLite: a connection that suits it, and what of its log is worth telling."""

import logging
import sqlite3
from datetime import UTC, datetime
from typing import Any

from dbos import error as dbos_error

STATEMENTS = 16  # 128, as Python would keep them for each of twenty connections, grow to 20 MB over 10,000 imports
# SQLite's own journal stays where it is between commits, which is a third faster than making it for each.
PRAGMAS = ("synchronous=FULL", "journal_mode=PERSIST", "journal_size_limit=4194304")
CANCELLATIONS = (dbos_error.DBOSWorkflowCancelledError, dbos_error.DBOSAwaitedWorkflowCancelledError)


class JournalConnection(sqlite3.Connection):
    """Be a SQLite connection that knows `unixepoch('subsec')`, which SQLite below 3.42 does not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"cached_statements": STATEMENTS, **kwargs})
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", -1, _unixepoch)
        for pragma in PRAGMAS:
            self.execute(f"PRAGMA {pragma}")


def tells_of_a_fault(record: logging.LogRecord) -> bool:
    """Tell a fault from a cancellation, which DBOS logs with a traceback though a person asked for it."""
    cause = record.exc_info[1] if record.exc_info else None
    return not isinstance(cause, CANCELLATIONS)


def _unixepoch(*arguments: str) -> float | int:
    moment = datetime.now(UTC).timestamp()
    return moment if "subsec" in arguments else int(moment)
