"""Waiting for an import before the reply: `Prefer: wait=30` (RFC 7240, 4.3)."""

import asyncio
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response

from cartage.imports.service import WATCH_INTERVAL_SECONDS, Imports
from cartage.model.catalogue import Import

WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})", re.ASCII | re.IGNORECASE)
LONGEST_SECONDS = 60


def preferred_wait(
    response: Response,
    prefer: Annotated[
        str,
        Header(description="`wait=30` waits so many seconds, 60 at most, for the end of the import."),
    ] = "",
) -> int:
    """Give how many seconds the caller prefers to wait, and say so in the reply; 0 where it does not."""
    found = WAIT.search(prefer)
    seconds = min(int(found[1]), LONGEST_SECONDS) if found else 0
    if found:
        response.headers["Preference-Applied"] = f"wait={seconds}"
    return seconds


Seconds = Annotated[int, Depends(preferred_wait)]


@dataclass(frozen=True, slots=True)
class Patience:
    """Wait for imports as long as a caller prefers to."""

    imports: Imports

    async def wait(self, response: Response, import_: Import, seconds: int) -> Import:
        """Give the import when it is over, or as it stands after so many seconds; the reply is 200 where it is over."""
        if not seconds:
            return import_
        with_end = await self._over(import_, seconds)
        if with_end.state.over:
            response.status_code = 200
        return with_end

    async def _over(self, import_: Import, seconds: int) -> Import:
        try:
            async with asyncio.timeout(seconds):
                while not import_.state.over:
                    await asyncio.sleep(WATCH_INTERVAL_SECONDS)
                    import_ = await self.imports.import_(import_.merchant_id, import_.id)
        except TimeoutError:
            pass
        return import_
