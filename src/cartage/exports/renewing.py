"""What begins to make feeds anew when they are due, and deletes what no feed serves any more."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

from cartage.exports.feeds import Feeds
from cartage.imports.rounds import going_on

LOOK_SECONDS = 15.0
TIDY_SECONDS = 600.0
FILES_KEPT_FOR = timedelta(hours=1)  # for whoever is fetching one that was replaced
EXPORTS_KEPT_FOR = timedelta(days=7)

logger = logging.getLogger("cartage.exports")


class Renewer:
    """Renew feeds."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds

    async def watch(self) -> None:
        """Begin what is due, and tidy up, until cancelled."""
        tidied = -TIDY_SECONDS
        while True:
            with going_on(logger, "Renewing feeds"):
                if begun := await self._feeds.renew(datetime.now(UTC)):
                    logger.info("feeds begun", extra={"feeds": begun})
                if time.monotonic() - tidied > TIDY_SECONDS:
                    tidied = time.monotonic()
                    await self.tidy(datetime.now(UTC))
            await asyncio.sleep(LOOK_SECONDS)

    async def tidy(self, at: datetime) -> int:
        """Delete old files and exports of feeds, and count those whose files went."""
        return await self._feeds.store.feeds.tidy_feeds(at - FILES_KEPT_FOR, at - EXPORTS_KEPT_FOR)
