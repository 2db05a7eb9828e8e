"""The terminal's door: JSON on stdout, everything else on stderr."""

import sys
from typing import TYPE_CHECKING

from cartage import __version__

if TYPE_CHECKING:
    from cyclopts import App

COMMANDS = {
    "extract": "cartage.cli.extract:extract",
    "explain": "cartage.cli.explain:explain",
    "bench": "cartage.cli.bench:bench",
    "add": "cartage.cli.add:add",
    "serve": "cartage.cli.serve:serve",
    "worker": "cartage.cli.serve:worker",
    "demo": "cartage.cli.demo:demo",
    "token": "cartage.cli.token:token",
    "doctor": "cartage.cli.doctor:doctor",
}


def create_cli() -> "App":
    """Make the command line; a command's module is imported only when it is asked for."""
    from cyclopts import App

    app = App(
        name="cartage",
        help="Paste a product's URL from any shop and get a clean product, with evidence for every field.",
        version=__version__,
    )
    for name, target in COMMANDS.items():
        app.command(target, name=name)
    return app


def main() -> None:
    """Run the command line and exit with its code (see `cartage.cli.outcome`)."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"{__version__}\n")
        return
    from cartage.cli.outcome import run

    sys.exit(run(create_cli(), sys.argv[1:]))
