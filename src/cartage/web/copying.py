"""What can be done about an import, written as calls of the API and as commands of the terminal, to be copied."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cartage.model.catalogue import Attempt, Import
from cartage.model.service_errors import BudgetReached
from cartage.model.wishes import Render

TITLES = {
    "add": "Import this address",
    "list": "Import a list",
    "continue": "Let it go on beyond its budget",
    "retry": "Import it again",
    "extract": "Read the kept page again",
    "cancel": "Cancel this import",
}


@dataclass(frozen=True, slots=True)
class Copy:
    """Hold one thing to do: its name among `TITLES`, the call with curl, and the command."""

    name: str
    curl: str
    command: str


def copies_of(import_: Import, attempts: Iterable[Attempt], site: str) -> list[Copy]:
    """List what can be done about an import as it stands; `site` is the address of this server."""
    here = f"/v1/imports/{import_.id}"
    wished = import_.wishes.model_dump(mode="json", exclude_none=True)
    wished = {name: value for name, value in wished.items() if value not in (Render.AUTO, [])}
    options = [f"--{name}={wished[name]}" for name in ("render", "language") if name in wished]
    options += [f"--tag={tag}" for tag in import_.wishes.tags]
    options += [f"--{name}={number}" for name, number in wished.get("own_rule", {}).items()]
    options += [f"--max-cost={wished['max_cost_usd']}"] if "max_cost_usd" in wished else []
    asked = {"url": import_.source_url, **wished}
    add = Copy("add", _curl(site, "/v1/imports", asked), _command("add", import_.source_url, *options))
    if not import_.state.over:
        return [Copy("cancel", _curl(site, f"{here}/cancel"), _command("cancel", import_.id)), add]
    paused = import_.failure is not None and import_.failure.code == BudgetReached.code
    go_on = Copy("continue", _curl(site, f"{here}/continue"), _command("retry", import_.id, "--anyway"))
    retry = Copy("retry", _curl(site, f"{here}/retry"), _command("retry", import_.id))
    read = {"from_step": "extract"}
    extract = _command("retry", import_.id, "--from-step", "extract")
    kept = any(attempt.page_id for attempt in attempts)
    return [
        *([go_on] if paused else []),
        retry,
        *([Copy("extract", _curl(site, f"{here}/retry", read), extract)] if kept else []),
        add,
    ]


def copies_of_lists(site: str) -> list[Copy]:
    """Say how a list in a file is handed in; `site` is the address of this server."""
    sent = '-H "Content-Type: text/csv" --data-binary @list.csv'
    return [Copy("list", f"{_curl(site, '/v1/batches')} {sent}", _command("import", "list.csv"))]


def _curl(site: str, path: str, body: Mapping[str, Any] | None = None) -> str:
    sent = f" --json {shlex.quote(json.dumps(body, ensure_ascii=False))}" if body else ""
    return f'curl -X POST {shlex.quote(site + path)} -H "Authorization: Bearer $CARTAGE_TOKEN"{sent}'


def _command(*words: str) -> str:
    return shlex.join(["cartage", *words])
