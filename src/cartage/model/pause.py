"""Pauses: what a merchant lets wait, all imports or those of one site, until somebody resumes it."""

from collections.abc import Iterable
from datetime import datetime

from cartage.model.product import Value


class Pause(Value):
    """Keep that a merchant's imports wait: those of `site`, or all of them where it is empty."""

    merchant_id: str
    site: str = ""
    paused_by: str = ""
    paused_at: datetime

    def holds(self, site: str) -> bool:
        """Tell whether imports of a site wait for it; a site's pause is its subdomains' as well."""
        return not self.site or is_among(site, (self.site,))


def is_among(site: str, named: Iterable[str]) -> bool:
    """Tell whether a site is one of those named, or a subdomain of one."""
    return any(f".{site}".endswith(f".{each}") for each in named)


def holding(pauses: Iterable[Pause], site: str) -> Pause | None:
    """Give the pause that imports of a site wait for, that of everything before its own; None where they do not."""
    return next((each for each in sorted(pauses, key=lambda each: each.site) if each.holds(site)), None)


def outermost(pauses: Iterable[Pause]) -> list[Pause]:
    """Leave out the pauses of sites that another of them holds as well."""
    known = list(pauses)
    return [each for each in known if not any(other.site != each.site and other.holds(each.site) for other in known)]


def paused_sites(pauses: Iterable[Pause]) -> tuple[str, ...] | None:
    """Name the sites that are paused; None where everything is."""
    sites = tuple(each.site for each in pauses)
    return None if "" in sites else sites
