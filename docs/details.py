"""Gather the sentences that errors, findings and steps are made of, as the code that makes them writes them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cartage.imports.spending import CAP_TITLES
from cartage.web.words import FIELDS

SOURCE = Path(__file__).parents[1] / "src" / "cartage"
ROOMS = (
    "accounts", "exports", "extraction", "fetching", "imports", "language_models", "model", "parts.py", "pictures",
    "pricing", "providers", "scraping", "stores/sql", "web", "webhooks",
)  # fmt: skip
FOR_OPERATORS = (
    "exports/restoring.py", "fetching/proxy.py", "fetching/signing.py", "imports/measures.py", "imports/tracing.py",
    "language_models/endpoint.py", "model/client_errors.py", "stores/sql/database.py", "stores/sql/__init__.py",
)  # fmt: skip
PHRASES = ("model/filtering.py", "pricing/products.py", "pricing/rules.py")
PLACE = re.compile(r"%\(\w+\)s")
TAIL = re.compile(r"(%\(\w+\)s)+$")
DESCRIBES = {"Field", "Query", "Path", "Header", "Table"}
LEAST_WORDS = 2
VARYING = ("color", "size", "gender", "age_group")


def details() -> Iterator[str]:
    """Give each sentence, once, with places for values, as in `%(host)s asks for a login`."""
    known: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(ROOMS) and name not in FOR_OPERATORS:
            told = _is_phrase if name in PHRASES else _is_sentence
            for text in filter(told, texts_in(ast.parse(path.read_text()))):
                if (shape := PLACE.sub("", text)) not in known:
                    known.add(shape)
                    yield text
    yield from (*CAP_TITLES.values(), *FIELDS, *VARYING)


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Give the texts that a module's code writes; what documents the code or goes to the log is left out."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.Call) and _is_aside(node.func):
            skipped.update(ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            skipped.update(part for part in ast.walk(node) if part is not node)
        if node not in skipped and (text := _text(node)):
            yield text


def _is_aside(called: ast.expr) -> bool:
    match called:
        case ast.Name(id=name):
            return name in DESCRIBES
        case ast.Attribute(value=ast.Name(id="log" | "logger")):
            return True
        case _:
            return False


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        names: Counter[str] = Counter()
        return "".join(_part(part, names) for part in node.values).strip()
    return node.value.replace("%", "%%") if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _part(part: ast.expr, names: Counter[str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value).replace("%", "%%")
    name = _name(part.value if isinstance(part, ast.FormattedValue) else part)
    names[name] += 1
    return f"%({name}{names[name] if names[name] > 1 else ''})s"


def _name(value: ast.expr) -> str:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Name(id="len")):
            return "count"
        case _:
            return "value"


def _is_sentence(text: str) -> bool:
    words = [word for word in text.split() if word.strip(".,;:“”").isalpha()]
    begins = text[0].isupper() or text[0] in "“`%"
    ends = TAIL.sub("", text).endswith((".", ": ")) or (text.endswith("?") and "%(" in text)
    return begins and ends and "\n" not in text and len(words) >= LEAST_WORDS


def _is_phrase(text: str) -> bool:
    return " " in text.strip() and any(word.isalpha() for word in PLACE.sub("", text).split())
