"""`cartage explain`: show what each source on a page claimed, and which claim won."""

import asyncio
import sys
from typing import Any

from cartage.app import fetch_page
from cartage.cli.extract import PageArgument, read_input
from cartage.cli.outcome import ExitCode
from cartage.cli.record import write_json
from cartage.extraction import extract, read_page
from cartage.extraction.sources.things import as_dict, as_list
from cartage.model.evidence import Evidence, Extraction


def explain(page: PageArgument, /, *, url: str = "", json: str | None = None) -> int:
    """Read a page and write, for each field, what every source claimed and which claim was chosen.

    Parameters
    ----------
    page
        The page: an http(s) address, a file, or - for standard input.
    url
        The address a file or standard input was saved from.
    json
        Write JSON, whole or only these fields, instead of text.
    """
    extraction = _read(page, url)
    if json is not None:
        write_json(extraction, json)
    else:
        sys.stdout.write(as_text(extraction))
    return ExitCode.OK if extraction.product else ExitCode.FAILED


def as_text(extraction: Extraction) -> str:
    """Lay the evidence out for a person: the chosen claim first, then who agrees (=) and who does not (≠)."""
    lines = [f"{extraction.verdict.value}: {extraction.reason}"]
    values = extraction.product.model_dump(mode="json") if extraction.product else {}
    for pointer, evidence in extraction.evidence.items():
        lines.append(f"\n{pointer} = {_value(values, pointer)}")
        lines.extend(_line(number, each) for number, each in enumerate(evidence))
    if extraction.missing:
        lines.append(f"\nmissing: {', '.join(extraction.missing)}")
    return "\n".join(lines) + "\n"


def _line(number: int, evidence: Evidence) -> str:
    mark = "✓" if number == 0 else "=" if evidence.agrees else "≠"
    return f"  {mark} {evidence.source.value:14} {evidence.where}  “{evidence.raw}”"


def _value(values: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/"):
        entries = as_list(values)
        if (record := as_dict(values)) is not None:
            values = record.get(part)
        elif part.isdigit() and int(part) < len(entries):
            values = entries[int(part)]
    return values


def _read(page: str, url: str) -> Extraction:
    if page.startswith(("http://", "https://")):
        return read_page(asyncio.run(fetch_page(page)))
    return extract(read_input(page), url=url or "https://shop.invalid/")
