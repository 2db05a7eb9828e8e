"""What can go wrong with the machine that Cartage runs on."""

from cartage.model.failure import Misconfigured, Origin, TryLater


class DiskLow(TryLater):
    """The disk has too little room left to begin another import."""

    code = "disk_low"
    origin = Origin.US
    advice = "Try again later. Whoever runs Cartage should free space on its disk; `cartage doctor` says how much."


class DatabaseUpgradeFailed(Misconfigured):
    """The database could not be brought to another schema, and is as it was."""

    code = "database_upgrade_failed"
    advice = (
        "Fix what the reason names, such as a full disk or a missing right, and try again; until then the version of "
        "Cartage that ran before still works. If the reason names neither, report it with this sentence."
    )
