"""`cartage explain`: show what each source on a page claimed, and which claim won."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from cartage.app import fetch_page
from cartage.cli.extract import PageArgument, read_saved, refusal_told
from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.outcome import ExitCode
from cartage.cli.record import write_json
from cartage.extraction import read_page
from cartage.extraction.sources.things import as_dict, as_list
from cartage.model.catalogue import Metadata
from cartage.model.evidence import Evidence, Extraction
from cartage.wire.catalogue import ProductOut


def explain(page: PageArgument, /, *, url: str = "", json: str | None = None, where: Where = ANYWHERE) -> int:
    """Read a page and write, for each field, what every source claimed and which claim was chosen.

    Parameters
    ----------
    page
        The page: an http(s) address, a file, - for standard input, or the id of a product of the catalogue.
    url
        The address a file or standard input was saved from, where the page does not say it itself.
    json
        Write JSON, whole or only these fields, instead of text.
    """
    if page.startswith("prd_"):
        return _of_catalogue(asyncio.run(_product(page, where)), json)
    extraction = _read(page, url)
    if json is not None:
        write_json(extraction, json)
    else:
        sys.stdout.write(as_text(extraction))
    return ExitCode.OK if extraction.product else ExitCode.FAILED


def as_text(extraction: Extraction) -> str:
    """Lay the evidence out for a person: the chosen claim first, then who agrees (=) and who does not (≠)."""
    values = extraction.product.model_dump(mode="json") if extraction.product else {}
    return _laid_out(
        f"{extraction.verdict.value}: {extraction.reason}", values, extraction.evidence, extraction.missing
    )


def _laid_out(title: str, values: Any, evidence: Mapping[str, Sequence[Evidence]], missing: Sequence[str]) -> str:
    lines = [title]
    for pointer, claims in evidence.items():
        lines.append(f"\n{pointer} = {_value(values, pointer)}")
        lines.extend(_line(number, each) for number, each in enumerate(claims))
    if missing:
        lines.append(f"\nmissing: {', '.join(missing)}")
    return "\n".join(lines) + "\n"


async def _product(product_id: str, where: Where) -> ProductOut:
    async with connected(where) as client:
        return await client.products.get(product_id, evidence=True)


def _of_catalogue(product: ProductOut, json: str | None) -> int:
    if json is not None:
        write_json(product, json)
    else:
        evidence = TypeAdapter(dict[str, list[Evidence]]).validate_python(product.evidence or {})
        title = "\n".join([f"{product.status}: {product.source_url}", *_told_of_failure(product)])
        sys.stdout.write(_laid_out(title, product.facts or {}, evidence, product.missing))
    return ExitCode.OK if product.facts else ExitCode.FAILED


def _told_of_failure(product: ProductOut) -> Iterator[str]:
    """Say why a product's import failed, and what each try met."""
    if product.error is None:
        return
    yield f"{product.error.code}: {product.error}"
    for each in Metadata.model_validate(product.metadata).attempts:
        met = each.failure.code if each.failure else each.verdict or "nothing"
        yield f"  {each.provider} {each.number}: {met}{f', HTTP {each.http_status}' if each.http_status else ''}"


def _line(number: int, evidence: Evidence) -> str:
    mark = "≠" if not evidence.agrees else "✓" if number == 0 else "="
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
        with refusal_told(page):
            return read_page(asyncio.run(fetch_page(page)))
    return read_saved(page, url)
