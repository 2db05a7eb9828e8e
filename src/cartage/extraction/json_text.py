"""JSON as shops write it: with comments, raw newlines, entities, trailing commas, or cut short."""

import html
import json
import re
from typing import Any, cast

import json_repair

LONGEST = 3_000_000
WRAPPED = re.compile(r"^\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*$")
DEEPEST = 200


def parse_json(text: str) -> Any | None:
    """Read JSON, repaired where it is broken; None when no object or list can be read from it."""
    text = text[:LONGEST].strip().lstrip("\ufeff").rstrip(";")
    if not text:
        return None
    found = _strict(text)
    if found is None:
        found = _repaired(text)
    return cast("Any", found) if isinstance(found, dict | list) and found else None


def _strict(text: str) -> Any | None:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _repaired(text: str) -> Any | None:
    bare = WRAPPED.sub("", WRAPPED.sub("", text)).strip().rstrip(";")
    if "&quot;" in bare and '"' not in bare.replace("&quot;", "")[:50]:
        bare = html.unescape(bare)
    start = min((place for place in (bare.find("{"), bare.find("[")) if place >= 0), default=-1)
    if start < 0 or _depth(bare) > DEEPEST:
        return None
    bare = bare[start:]
    found = _strict(bare)
    if found is not None:
        return found
    try:
        return json_repair.loads(bare, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError):
        return None


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in re.finditer(r"[\[{\]}]", text):
        depth += 1 if match[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
