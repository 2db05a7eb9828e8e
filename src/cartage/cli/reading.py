"""Reading the settings for a command, with a word about variables that are meant for us and are none."""

import sys
from functools import cache
from typing import Any

from cartage import settings
from cartage.settings import Settings


def read_settings(**given: Any) -> Settings:
    """Read the settings as `cartage.settings` does; once in a process, warn of `CARTAGE_*` that are no settings."""
    warn_once()
    return settings.read_settings(**given)


@cache
def warn_once() -> None:
    """Name on stderr the variables that are meant for us and are no settings, once in a process."""
    for name, nearest in settings.unknown_variables().items():
        hint = f"; did you mean {nearest}?" if nearest else "."
        sys.stderr.write(f"cartage: {name} is no setting and changes nothing{hint}\n")
