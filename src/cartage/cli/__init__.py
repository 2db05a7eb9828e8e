"""The terminal's door: JSON on stdout, everything else on stderr."""

import sys
from typing import TYPE_CHECKING

from cartage import __version__

if TYPE_CHECKING:
    from cyclopts import App

COMMANDS = {
    "extract": ("cartage.cli.extract:extract", "Read a product's page and write the product as JSON."),
    "explain": ("cartage.cli.explain:explain", "Show what each source on a page claimed, and which claim won."),
    "bench": ("cartage.cli.bench:bench", "Score extraction on labelled pages of your own."),
    "add": ("cartage.cli.add:add", "Import a product's page into the catalogue and show the steps."),
    "import": ("cartage.cli.import_:import_", "Import every address of a list, and get the list back with results."),
    "ls": ("cartage.cli.ls:ls", "List products of the catalogue, by a filter."),
    "export": ("cartage.cli.export:export", "Write products into files for a shop, and tell what is wrong."),
    "restore": ("cartage.cli.restore:restore", "Put products back that `cartage export jsonl` wrote."),
    "serve": ("cartage.cli.serve:serve", "Run the web server, and the engine within it."),
    "worker": ("cartage.cli.serve:worker", "Run the engine alone."),
    "demo": ("cartage.cli.demo:demo", "Run Cartage with a demo shop beside it."),
    "db": ("cartage.cli.db:db", "Upgrade, downgrade or look at the database's schema."),
    "invite": ("cartage.cli.invite:invite", "Write a one-time sign-up link."),
    "token": ("cartage.cli.token:token", "Create, list and revoke API tokens."),
    "doctor": ("cartage.cli.doctor:doctor", "Say what is wrong with this installation and what to do."),
}


def create_cli() -> "App":
    """Make the command line; a command's module is imported only when it is asked for."""
    from cyclopts import App

    app = App(
        name="cartage",
        help="Paste a product's URL from any shop and get a clean product, with evidence for every field.",
        version=__version__,
    )
    for name, (target, summary) in COMMANDS.items():
        app.command(target, name=name, help=summary)
    return app


def main() -> None:
    """Run the command line and exit with its code (see `cartage.cli.outcome`)."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"{__version__}\n")
        return
    from cartage.cli.outcome import run

    sys.exit(run(create_cli(), sys.argv[1:]))
