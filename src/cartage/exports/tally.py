"""Findings counted: grouped by code, with the first of each, however many there are."""

from dataclasses import dataclass, field

from cartage.exports.lint import CODES
from cartage.model.export import ExportReport, Finding, FindingGroup, Severity

SHOWN = 20


@dataclass(slots=True)
class _Count:
    findings: int = 0
    products: int = 0
    last_product: str = ""
    first: list[Finding] = field(default_factory=list[Finding])


@dataclass(slots=True)
class Tally:
    """Count products, rows and findings; the findings of one product come together."""

    products: int = 0
    rows: int = 0
    skipped: int = 0
    left_out: int = 0
    _counts: dict[str, _Count] = field(default_factory=dict[str, _Count])

    def note(self, finding: Finding) -> None:
        """Count a finding."""
        count = self._counts.setdefault(finding.code, _Count())
        count.findings += 1
        if finding.product_id and finding.product_id != count.last_product:
            count.products += 1
            count.last_product = finding.product_id
            if len(count.first) < SHOWN:
                count.first.append(finding)
        elif not finding.product_id and len(count.first) < SHOWN:
            count.first.append(finding)

    def report(self) -> ExportReport:
        """Sum it up."""
        groups = [
            FindingGroup(
                severity=CODES[code].severity,
                code=code,
                count=count.findings,
                products=count.products,
                fix=CODES[code].fix,
                first=tuple(count.first),
            )
            for code, count in self._counts.items()
        ]
        groups.sort(key=lambda group: (group.severity is not Severity.ERROR, -group.count, group.code))
        errors = sum(group.count for group in groups if group.severity is Severity.ERROR)
        return ExportReport(
            products=self.products,
            rows=self.rows,
            skipped=self.skipped,
            left_out=self.left_out,
            errors=errors,
            warnings=sum(group.count for group in groups) - errors,
            groups=tuple(groups),
        )
