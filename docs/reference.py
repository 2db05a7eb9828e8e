"""Write docs/reference from the code itself; `make docs` runs it and a test holds that nothing is stale."""

import functools
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from cartage import model
from cartage.accounts.service import Accounts
from cartage.api import create_api
from cartage.api.openapi import make_document
from cartage.cli import create_cli
from cartage.cli.outcome import MEANINGS
from cartage.engines.elsewhere import Elsewhere
from cartage.exports.form import Table
from cartage.exports.known import TARGETS
from cartage.exports.lint import CODES
from cartage.imports.service import Imports
from cartage.model import errors
from cartage.model.export import TargetSettings
from cartage.settings import Settings
from cartage.stores.memory import MemoryStore

REFERENCE = Path(__file__).parent / "reference"
PARENTS = (errors.Permanent, errors.TryAnother, errors.TryLater, errors.Misconfigured, errors.Refused)
NEXT = {"never": "no", "another": "next provider", "later": "yes"}


def settings_page() -> str:
    """Give the page of settings."""
    lines = ["# Settings", "", "Read from the environment and from a `.env` file in the working folder.", ""]
    lines += ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = sorted(field.default) if isinstance(field.default, frozenset) else field.default
        lines.append(f"| `CARTAGE_{name.upper()}` | `{default}` | {field.description} |")
    return "\n".join(lines) + "\n"


def errors_page() -> str:
    """Give the page of error codes."""
    lines = ["# Errors", "", "Every failure carries one of these codes, in the web, the API and the CLI alike.", ""]
    lines += ["| code | whose side | tried again by itself | what happened | what to do |", "|---|---|---|---|---|"]
    modules = [import_module(f"cartage.model.{each.name}") for each in pkgutil.iter_modules(model.__path__)]
    named = [error for module in (errors, *modules) for error in vars(module).values()]
    known = dict.fromkeys(error for error in named if isinstance(error, type))
    for error in known:
        if issubclass(error, errors.CartageError) and error not in {errors.CartageError, *PARENTS}:
            what = (error.__doc__ or "").splitlines()[0]
            anchor = "" if any(f"`{error.code}`" in line for line in lines) else f'<a id="{error.code}"></a>'
            row = (f"{anchor}`{error.code}`", error.origin.value, NEXT[error.retry], what, error.advice)
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """Give the page of commands, with what their exit codes mean."""
    lines = ["", "## Exit codes", "", "| code | means |", "|---|---|"]
    lines += [f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items()]
    return create_cli().generate_docs(output_format="markdown").rstrip() + "\n" + "\n".join(lines) + "\n"


def exports_page() -> str:
    """Give the page of export targets, their settings, columns, and what the linter finds."""
    lines = [
        "# Exports",
        "",
        "What [exporting products](../how-to/export.md) writes for each target, and what it tells.",
        "",
    ]
    lines += ["## Targets", "", "| target | for | files | settings |", "|---|---|---|---|"]
    for target in TARGETS.values():
        files = ", ".join(f"`{form.name}.{form.suffix}`" for form in target.files)
        used = ", ".join(f"`{name}`" for name in target.settings) or "none"
        lines.append(f"| `{target.name}` | {target.title}: {target.about} | {files} | {used} |")
    lines += ["", "## Settings of targets", "", "| setting | at first | what it does |", "|---|---|---|"]
    plain = TargetSettings()
    for name, field in TargetSettings.model_fields.items():
        value = getattr(plain, name)
        lines.append(f"| `{name}` | {f'`{value}`' if value else 'not set'} | {field.description} |")
    lines += ["", "## Columns", ""]
    for target in TARGETS.values():
        for form in target.files:
            if isinstance(form, Table):
                lines += [f"### {target.name}: {form.name}.{form.suffix}", "", *_columns(form), ""]
    lines += ["## What is found", "", "An error spoils the import into the shop, a warning its result.", ""]
    lines += ["| code | how bad | what it means | what to do |", "|---|---|---|---|"]
    for name, code in CODES.items():
        lines.append(f"| `{name}` | {code.severity.value} | {code.meaning} | {code.fix} |")
    return "\n".join(lines) + "\n"


def _columns(form: Table) -> list[str]:
    """Tell a table's columns, those that depend on the products once each."""
    columns = form.columns(TargetSettings(google_columns=True), form.known)
    told = ", ".join(f"`{column}`" for column in columns) + "."
    return [told, "", form.note] if form.note else [told]


def api_page() -> str:
    """Give the page of the API's operations."""
    document = _document()
    lines = [
        "# The API",
        "",
        "Every path, in short; a running Cartage tells all of it at `/docs` and `/openapi.json`.",
        "",
    ]
    lines += ["How to use it is in [its own guide](../how-to/api.md).", ""]
    for tag in document["tags"]:
        rows = [row for path, methods in document["paths"].items() for row in _operations(path, methods, tag["name"])]
        if rows:
            lines += [
                f"## {tag['name'].capitalize()}",
                "",
                tag["description"],
                "",
                "| request | does | scope |",
                "|---|---|---|",
                *rows,
            ]
            lines.append("")
    return "\n".join(lines)


def _operations(path: str, methods: dict[str, Any], tag: str) -> list[str]:
    """Tell the operations at a path that belong to a tag."""
    ours = {method: each for method, each in methods.items() if tag in each["tags"]}
    return [f"| `{method.upper()} {path}` | {each['summary']} | {_scopes(each)} |" for method, each in ours.items()]


def _scopes(operation: dict[str, Any]) -> str:
    """Name the scopes of which one is asked for."""
    return " or ".join(f"`{scope}`" for each in operation.get("security", ()) for scope in each["token"])


@functools.cache
def _document() -> dict[str, Any]:
    """Make the OpenAPI document of an API over nothing."""
    store, server = MemoryStore(), FastAPI()
    server.include_router(create_api(Imports(store, Elsewhere(REFERENCE)), Accounts(store)))
    return make_document(server)


PAGES = {
    "api.md": api_page,
    "exports.md": exports_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
    "cli.md": cli_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page())


if __name__ == "__main__":
    main()
