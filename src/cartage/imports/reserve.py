"""The reserve: room on the disk that new imports leave free, so that those under way can end."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from cartage.model.machine_errors import DiskLow

SEEN_FOR_SECONDS = 3.0

logger = logging.getLogger("cartage.imports")


def free_bytes(folder: Path) -> int:
    """Say how many bytes are free for us where a folder is, or will be made."""
    whole = folder.absolute()
    return shutil.disk_usage(next(each for each in (whole, *whole.parents) if each.exists())).free


@dataclass(slots=True)
class Reserve:
    """Tell whether a folder's disk has as many bytes free as are to stay so; it is looked at every few seconds."""

    folder: Path = Path()
    least: int = 0
    free: Callable[[Path], int] = free_bytes
    clock: Callable[[], float] = monotonic
    _low: bool = False
    _seen_at: float | None = None

    @property
    def low(self) -> bool:
        """Tell whether there is less room than that; never where nothing is to stay free."""
        if self.least and (self._seen_at is None or self.clock() - self._seen_at >= SEEN_FOR_SECONDS):
            self._look()
        return self._low

    def check(self) -> None:
        """Raise `DiskLow` where no import may begin."""
        if self.low:
            raise DiskLow("There is too little room on the disk to begin another import.")

    def _look(self) -> None:
        was, self._seen_at = self._low, self.clock()
        try:
            self._low = self.free(self.folder) < self.least
        except OSError as error:
            logger.warning("The disk could not be looked at: %s", error)
        if self._low and not was:
            logger.warning("The disk is low: no import begins until %d MB are free.", self.least // 2**20)
        if was and not self._low:
            logger.warning("The disk has room again: imports begin.")
