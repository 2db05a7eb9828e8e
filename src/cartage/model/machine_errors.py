"""What can go wrong with the machine that Cartage runs on."""

from cartage.model.failure import Origin, TryLater


class DiskLow(TryLater):
    """The disk has too little room left to begin another import."""

    code = "disk_low"
    origin = Origin.US
    advice = "Try again later. Whoever runs Cartage should free space on its disk; `cartage doctor` says how much."
