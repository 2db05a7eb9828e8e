"""Ways from a finding to where it is mended: the address of each place, and what the link to it is called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from cartage.exports.mending import Ground, Place, concerned, places_of
from cartage.exports.target import Target
from cartage.model.export import Export, ExportReport, Finding, FindingGroup
from cartage.model.filtering import parse_filter
from cartage.web.variants import PAGE_ROWS

FIX = "Fix"
CALLED = {
    Ground.FIELD: "Edit",
    Ground.VARIANT: "Set the variants",
    Ground.PICTURES: "Arrange the pictures",
    Ground.TARGET: "Settings",
    Ground.PRICING: "Pricing rules",
    Ground.REFRESH: "Import again",
    Ground.ARCHIVE: "Archive",
}
ACTS = {Ground.REFRESH, Ground.ARCHIVE}
FOR_ALL = {Ground.TARGET, Ground.PRICING}


@dataclass(frozen=True, slots=True)
class Way:
    """Lead to a place; `for_all` tells that what is set there holds for all products."""

    address: str
    called: str
    for_all: bool


def ways_of(finding: Finding, target: Target) -> list[Way]:
    """List the ways to where a finding is mended, the likeliest first; none where that is not in Cartage."""
    return list(_ways(finding, target))


def ways_for_all(group: FindingGroup, target: Target) -> list[Way]:
    """List the ways that mend a finding for all products at once."""
    return [way for way in ways_of(group.first[0], target) if way.for_all] if group.first else []


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put what is found alike together, in the order in which each kind is found first."""
    groups: dict[str, list[Finding]] = {}
    for each in findings:
        groups.setdefault(each.code, []).append(each)
    return list(groups.values())


def picked_by(export: Export) -> dict[str, str]:
    """Give the list of the products that each kind of finding is about, by its code, where a filter can say it."""
    exported = parse_filter(export.filter, export.created_at)
    groups = (export.report or ExportReport()).groups
    found = {group.code: concerned(group, exported) for group in groups}
    return {code: f"/products?{urlencode({'filter': str(wanted)})}" for code, wanted in found.items() if wanted}


def _ways(finding: Finding, target: Target) -> Iterator[Way]:
    places = places_of(finding.code, finding.variant)
    usable = [each for each in places if each.ground is not Ground.TARGET or each.field in target.settings]
    for number, place in enumerate(usable):
        plain = number == 0 and place.ground not in ACTS
        yield Way(_address(place, finding, target), FIX if plain else CALLED[place.ground], place.ground in FOR_ALL)


def _address(place: Place, finding: Finding, target: Target) -> str:
    product, anchor = f"/products/{finding.product_id}", f"#{place.field}" if place.field else ""
    match place.ground:
        case Ground.FIELD:
            return f"{product}/edit{anchor}"
        case Ground.VARIANT:
            row = finding.variant or 0
            return f"{product}/variants?page={row // PAGE_ROWS + 1}" + (f"{anchor}_{row}" if anchor else "")
        case Ground.PICTURES:
            return f"{product}/arrange"
        case Ground.TARGET:
            return f"/settings/exports/{target.name}{anchor}"
        case Ground.PRICING:
            return f"/settings/pricing{anchor}"
        case Ground.REFRESH | Ground.ARCHIVE:
            return f"/bulk/check?act={place.ground.value}&pick={finding.product_id}"
