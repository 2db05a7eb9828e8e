"""A fuzz loop over extraction: `python -m tests.extraction.fuzz SECONDS [SEED]` prints each input that fails."""

import sys
import time
from random import Random

from cartage.extraction.reader import read_html
from cartage.model.evidence import Extraction
from tests.extraction.mutations import mutated
from tests.extraction.pages import URL

SLOW = 5.0


def complaint(page: bytes) -> str:
    """Read a page and say what is wrong with how it went; empty when nothing is."""
    started = time.monotonic()
    try:
        extraction = read_html(page, URL)
        if Extraction.model_validate_json(extraction.model_dump_json()) != extraction:
            return "does not survive being written"
    except Exception as error:  # noqa: BLE001 - whatever is raised is what the loop looks for
        return f"{type(error).__name__}: {error}"
    took = time.monotonic() - started
    return f"took {took:.1f} s" if took > SLOW else ""


def main() -> int:
    """Fuzz for the given time; exit with 1 when an input failed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    ends, tried, failed = time.monotonic() + seconds, 0, 0
    while time.monotonic() < ends:
        page = mutated(Random(seed + tried))  # noqa: S311 - seeded, to be repeated
        if wrong := complaint(page):
            failed += 1
            sys.stdout.write(f"seed {seed + tried}: {wrong}\n{page!r}\n\n")
        tried += 1
    sys.stdout.write(f"{tried} pages read from seed {seed}, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
