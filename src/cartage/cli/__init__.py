"""The terminal's door: JSON on stdout, everything else on stderr."""

import sys
from typing import TYPE_CHECKING

from cartage import __version__

if TYPE_CHECKING:
    from cyclopts import App

GROUPS = {
    "Pages, with no server or database": {
        "extract": ("cartage.cli.extract:extract", "Read a product's page and write the product as JSON."),
        "explain": ("cartage.cli.explain:explain", "Show what each source on a page claimed, and which claim won."),
        "bench": ("cartage.cli.bench:bench", "Score extraction on labelled pages of your own."),
    },
    "The catalogue: this machine's, or that of the Cartage at CARTAGE_URL": {
        "add": ("cartage.cli.add:add", "Import products' pages into the catalogue and show the steps."),
        "import": (
            "cartage.cli.import_:import_",
            "Import every address of a list, and get the list back with results.",
        ),
        "status": ("cartage.cli.looking:status", "Say how an import, a product, a batch or an export stands."),
        "watch": ("cartage.cli.looking:watch", "Follow an import, a product or a batch to its end."),
        "ls": ("cartage.cli.looking:ls", "List products of the catalogue, by a filter."),
        "show": ("cartage.cli.looking:show", "Show a product."),
        "products": ("cartage.cli.products:products", "List, show, edit, refresh and delete products."),
        "retry": ("cartage.cli.acting:retry", "Import products again, by id or by a filter."),
        "cancel": ("cartage.cli.acting:cancel", "Stop imports that are under way, by id or by a filter."),
        "pause": ("cartage.cli.pausing:pause", "Let imports wait, all of them or those of one site."),
        "resume": ("cartage.cli.pausing:resume", "Let imports go on that a pause holds."),
        "enhance": ("cartage.cli.enhance:enhance", "Have texts of a product written, and decide on them."),
        "export": ("cartage.cli.export:export", "Write products into files for a shop, and tell what is wrong."),
        "feeds": ("cartage.cli.feeds:feeds", "Have shops and marketplaces fetch a file by themselves."),
        "costs": ("cartage.cli.costs:costs", "Sum up what was spent on pages and language models."),
    },
    "Running Cartage": {
        "serve": ("cartage.cli.serve:serve", "Run the web server, and the engine within it."),
        "worker": ("cartage.cli.serve:worker", "Run the engine alone."),
        "demo": ("cartage.cli.demo:demo", "Run Cartage with a demo shop beside it."),
        "dev": ("cartage.cli.dev:dev", "Run all of it for whoever builds on Cartage, anew when a file changes."),
        "db": ("cartage.cli.db:db", "Upgrade, downgrade or look at the database's schema."),
        "restore": ("cartage.cli.restore:restore", "Put products back that `cartage export jsonl` wrote."),
        "invite": ("cartage.cli.invite:invite", "Write a one-time sign-up link."),
        "password": ("cartage.cli.password:password", "Write a one-time link to choose a new password."),
        "merchant": ("cartage.cli.business:merchant", "Show and change your business, its currency and units."),
        "token": ("cartage.cli.token:token", "Create, list and revoke API tokens."),
        "spacing": ("cartage.cli.spacing:spacing", "List, set and remove sites' own times between two visits."),
        "config": ("cartage.cli.config:config", "Look at the settings."),
        "doctor": ("cartage.cli.doctor:doctor", "Say what is wrong with this installation and what to do."),
    },
    "For programs and shells": {
        "mcp": ("cartage.cli.mcp:mcp", "Serve tools for an assistant over standard input and output."),
        "schema": ("cartage.cli.schema:schema", "Write the JSON Schema of a record."),
        "completions": ("cartage.cli.completions:completions", "Write the completions for a shell."),
    },
}
ABOUT = "Paste a product's URL from any shop and get a clean product, with evidence for every field."


def create_cli() -> "App":
    """Make the command line; a command's module is imported only when it is asked for."""
    from cyclopts import App

    from cartage.cli.manner import heed_manner

    app = App(
        name="cartage",
        help=ABOUT,
        version=__version__,
    )
    for group, commands in GROUPS.items():
        for name, (target, summary) in commands.items():
            app.command(target, name=name, help=summary, group=group)
    heed_manner(app)
    return app


def short_help() -> str:
    """Say what commands there are; without the machinery that reads them, so that it is there at once."""
    lines = [f"Usage: cartage COMMAND [OPTIONS]\n\n{ABOUT}"]
    for group, commands in GROUPS.items():
        lines.append(f"\n{group}:")
        lines += [f"  {name:<12} {summary}" for name, (_, summary) in commands.items()]
    lines.append("\nEverywhere: --quiet, --verbose (-v), --no-color, --no-input.")
    lines.append("\n`cartage COMMAND --help` tells the rest; exit codes: 0 done, 1 failed, 2 usage, 3 some failed,")
    lines.append("4 not authorised, 5 not found, 6 timed out and goes on, 7 errors in an export, 130 interrupted.")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the command line and exit with its code (see `cartage.cli.outcome`)."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"{__version__}\n")
        return
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        sys.stdout.write(short_help())
        return
    from cartage.cli.outcome import run

    sys.exit(run(create_cli(), sys.argv[1:]))
