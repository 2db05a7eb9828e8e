"""Do to the embedded engine what can be done to it while imports run, and count what broke.

Usage: python -m bench.faults [--kills N] [--imports N] [--seed N] [SCENE...]

Scenes: kills (SIGKILL at random instants, catalogue on SQLite), kills-postgres (the same, on Postgres), disk (it is
full for a while), database (Postgres restarts under load), clock (it jumps an hour ahead and back), storm (the shop
answers 429 to everybody). Each prints how many imports were lost, products duplicated and recorded steps repeated;
what this machine cannot do is said and skipped. Exits with 1 when anything broke.
"""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.kettles import Journal, run, sqlite_url
from cartage.stores.sql import upgrade
from tests.forked import Child, forked
from tests.postgres import Postgres, find_programs, running_postgres

ROOT = Path(__file__).parent.parent
LONGEST_LIFE_SECONDS = 0.4
PATIENCE_SECONDS = 600.0
DISK = "size=24m"
CLOCK = Path(__file__).parent / "clock.c"
HARMS = ("lost", "not accepted", "duplicated products", "repeated recorded steps", "failed", "ended twice")


class Skipped(Exception):
    """This machine cannot play the scene."""


@dataclass(frozen=True, slots=True)
class Place:
    """Be where one scene plays: a folder, a catalogue, and how many imports run over them."""

    folder: Path
    store_url: str
    count: int
    storm_seconds: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def journal(self) -> Journal:
        """Give what was noted."""
        return Journal(self.folder / "notes")

    def process(self) -> Child:
        """Start the process that works here; one with an environment of its own needs a new interpreter."""
        if not self.environment:
            return forked(self.folder / "log", run, self.folder, self.count, self.store_url, self.storm_seconds)
        words = ["--imports", str(self.count), "--store", self.store_url]
        command = [sys.executable, "-m", "bench.kettles", str(self.folder), *words]
        with (self.folder / "log").open("ab") as log:
            environment = {**os.environ, **self.environment}  # noqa: TID251 - a child's environment
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)  # noqa: S603 - our own program

    def wait_for(self, kind: str, many: int, child: Child) -> None:
        """Wait until so many lines of a kind were noted, or the process ended."""
        while sum(1 for _ in self.journal.lines(kind)) < many and child.poll() is None:
            time.sleep(0.01)


@contextlib.contextmanager
def a_place(count: int, store_url: str = "", storm_seconds: float = 0.0, **environment: str) -> Generator[Place]:
    """Make a place with an empty catalogue, in a folder of its own where no other is named."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        url = store_url or sqlite_url(folder)
        asyncio.run(upgrade(url))
        yield Place(folder, url, count, storm_seconds, environment)


@contextlib.contextmanager
def a_postgres() -> Generator[Postgres]:
    """Run a Postgres, where it is installed."""
    programs = find_programs()
    if programs is None:
        raise Skipped("Postgres is not installed; scripts/install-postgres installs it")
    with running_postgres(programs) as server:
        yield server


def kills(count: int, many: int, seed: int, store_url: str = "") -> bool:
    """Kill at random instants and start again, then let it end."""
    randomness = random.Random(seed)  # noqa: S311 - instants, not secrets
    with a_place(count, store_url) as place:
        killed = 0
        while killed < many and not list(place.journal.lines("over")):
            killed += killed_once(place, randomness.uniform(0.0, LONGEST_LIFE_SECONDS))
        return ended_well(place, place.process(), f"{killed} kills, seed {seed}")


def killed_once(place: Place, life_seconds: float) -> int:
    """Start the process, let it live a while after its start, kill it, and give how many were killed."""
    before = len(list(place.journal.lines("started")))
    child = place.process()
    place.wait_for("started", before + 1, child)
    time.sleep(life_seconds)
    if (code := child.poll()) is not None:
        if code:
            raise SystemExit((place.folder / "log").read_text()[-2000:])
        return 0
    child.kill()
    child.wait()
    return 1


def kills_postgres(count: int, many: int, seed: int) -> bool:
    """Kill as `kills` does, with the catalogue on Postgres."""
    with a_postgres() as server:
        return kills(count, many, seed, server.make("kettles"))


def disk(count: int, _: int, __: int) -> bool:
    """Fill the disk while imports run, leave it full for two seconds, and make room again."""
    with a_place(count) as place, a_small_disk(place.folder / "data") as data:
        asyncio.run(upgrade(place.store_url))
        child = place.process()
        place.wait_for("accepted", count // 4, child)
        fill(data / "filler")
        place.wait_for("refused", 3, child)
        time.sleep(2)
        (data / "filler").unlink()
        refused = len(list(place.journal.lines("refused")))
        return ended_well(place, child, f"disk full for 2 s, {refused} submissions refused meanwhile") and refused > 0


@contextlib.contextmanager
def a_small_disk(folder: Path) -> Generator[Path]:
    """Let a folder be a disk of its own, in memory."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    mounted = mount and umount and could(mount, "-t", "tmpfs", "-o", DISK, "none", str(folder))
    if not mounted:
        raise Skipped("a disk of its own needs the right to mount")
    try:
        yield folder
    finally:
        could(str(umount), "-l", str(folder))


def could(*command: str) -> bool:
    """Run a program of the system's and tell whether it could do it."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own words


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as filler:
        while filler.write(bytes(4096)):
            pass


def database(count: int, _: int, __: int) -> bool:
    """Restart Postgres three times while imports run."""
    with a_postgres() as server, a_place(count, server.make("kettles")) as place:
        child = place.process()
        for quarter in (1, 2, 3):
            place.wait_for("accepted", count * quarter // 4, child)
            server.restart()
        return ended_well(place, child, "3 restarts of Postgres")


def clock(count: int, _: int, __: int) -> bool:
    """Set the wall clock an hour ahead while imports run, back, and ahead again."""
    compiler = shutil.which("cc")
    if not compiler:
        raise Skipped("the clock is moved by a small library, which needs a C compiler")
    with tempfile.TemporaryDirectory() as name:
        library, ahead = Path(name) / "clock.so", Path(name) / "ahead"
        if not could(compiler, "-shared", "-fPIC", "-o", str(library), str(CLOCK), "-ldl"):
            raise Skipped(f"{CLOCK.name} does not compile here")
        with a_place(count, LD_PRELOAD=str(library), CLOCK_AHEAD=str(ahead)) as place:
            child = place.process()
            for quarter, seconds in ((1, 3600), (2, 0), (3, 3600)):
                place.wait_for("accepted", count * quarter // 4, child)
                ahead.write_text(str(seconds))
            return ended_well(place, child, "the clock an hour ahead, back, and ahead again")


def storm(count: int, _: int, __: int) -> bool:
    """Let the shop answer 429, with `Retry-After`, to everything in the first five seconds."""
    with a_place(count, storm_seconds=5.0) as place:
        good = ended_well(place, place.process(), "429 to everybody for 5 s")
        asked = Counter(place.journal.lines("asked"))
        print(f"{max(asked.values()):6} requests at most for one page")
        return good and max(asked.values()) <= 3  # noqa: PLR2004 - the storm, a busy shop, the page


def ended_well(place: Place, child: Child, what: str) -> bool:
    """Wait for the process to end, print what is in the catalogue, and tell whether nothing broke."""
    started = time.monotonic()
    try:
        left = child.wait(timeout=PATIENCE_SECONDS)
    finally:
        child.kill()
    counts = judged(place)
    print(f"{what}; {place.count} imports, over {time.monotonic() - started:.0f} s after the last fault")
    for each, number in counts.items():
        print(f"{number:6} {each}")
    if left:
        print((place.folder / "log").read_text()[-2000:])
    return left == 0 and not any(counts[each] for each in HARMS)


def judged(place: Place) -> dict[str, int]:
    """Compare what was accepted and done with what the catalogue says."""
    engine = create_engine(place.store_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        products = Counter(row[0] for row in connection.execute(text("SELECT source_url FROM products")))
        status = Counter(row[0] for row in connection.execute(text("SELECT status FROM products")))
        ends = Counter(
            row[0]
            for row in connection.execute(
                text("SELECT import_id FROM events WHERE name IN ('product/scrape.completed', 'product/scrape.failed')")
            )
        )
        for failure in connection.execute(text("SELECT id, failure FROM products WHERE status = 'FAILED'")):
            print("failed:", *failure)
    engine.dispose()
    for line in place.journal.lines("abandoned"):
        print("abandoned:", line)
    accepted = set(place.journal.lines("accepted"))
    missing = sum(products[f"https://shop.example/p/{number}"] == 0 for number in accepted)
    return {
        "imported": status["IMPORTED"],
        "steps run": len(list(place.journal.lines("ran"))),
        "steps cut off and run again": cut_off(place.journal),
        "not accepted": place.count - len(accepted),
        "lost": missing + status["IMPORTING"],
        "failed": status["FAILED"],
        "duplicated products": sum(many - 1 for many in products.values()),
        "ended twice": sum(many - 1 for many in ends.values()),
        "repeated recorded steps": repeated(place.journal),
    }


def cut_off(journal: Journal) -> int:
    """Count steps that ran again because their result was not recorded."""
    return sum(many - 1 for many in Counter(journal.lines("ran")).values())


def repeated(journal: Journal) -> int:
    """Count steps that ran although their result had been recorded before."""
    recorded, again = set[str](), 0
    for line in journal.path.read_text().splitlines():
        kind, _, step = line.partition(" ")
        if kind == "recorded":
            recorded.add(step)
        again += kind == "ran" and step in recorded
    return again


SCENES: Mapping[str, Callable[[int, int, int], bool]] = {
    "kills": kills,
    "kills-postgres": kills_postgres,
    "disk": disk,
    "database": database,
    "clock": clock,
    "storm": storm,
}


def main() -> None:
    """Play the scenes that are named, or all of them."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("--kills", type=int, default=200)
    cli.add_argument("--imports", type=int, default=500)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("scenes", nargs="*", choices=[*SCENES, []], metavar="SCENE")
    arguments = cli.parse_args()
    good = True
    for name in arguments.scenes or SCENES:
        print(f"== {name}", flush=True)
        try:
            good &= SCENES[name](arguments.imports, arguments.kills, arguments.seed)
        except Skipped as reason:
            print(f"skipped: {reason}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
