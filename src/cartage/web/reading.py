"""How far a list is read while its owner waits: rows so far, by session, for as long as this process reads it."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.batch_file import BatchFile, Numbered
from cartage.web.rendering import page
from cartage.web.session import Sessions, Visitor


@dataclass(frozen=True, slots=True)
class RowCount:
    """Count the rows of the list that each visitor has read just now."""

    _rows: dict[str, int] = field(default_factory=dict[str, int])

    @contextmanager
    def counting(self, visitor: Visitor, file: BatchFile) -> Generator[BatchFile]:
        """Give the file, whose rows are counted as they are read."""
        key = visitor.session.secret_hash

        def counted() -> Iterator[Numbered]:
            for number, row in enumerate(file.rows, 1):
                self._rows[key] = number
                yield row

        try:
            yield replace(file, rows=counted())
        finally:
            self._rows.pop(key, None)

    def so_far(self, visitor: Visitor) -> int:
        """Count the rows that were read so far; none where no list is being read."""
        return self._rows.get(visitor.session.secret_hash, 0)


def add_reading(router: APIRouter, count: RowCount, sessions: Sessions) -> None:
    """Add what a page that waits for its list asks."""

    @router.get("/import/reading")
    async def reading(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return page(request, "reading.html", rows=count.so_far(visitor))
