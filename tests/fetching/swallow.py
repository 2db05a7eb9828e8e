"""A process that meets one bomb and tells by how much it grew: `python -m tests.fetching.swallow page-039`."""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from cartage.fetching.limits import Limits
from cartage.model.errors import CartageError
from tests.fetching.bad_pages import BOMBS, packed
from tests.fetching.conftest import Internet, Site, answer, listening, says

KIBIBYTES_OF_MEBIBYTE = 1024


def make(name: str) -> bytes:
    """Make a bomb in a process of its own, so that making it does not count."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bomb"
        maker = os.fork()
        if maker == 0:
            place.write_bytes(BOMBS[name][1]())
            os._exit(0)
        os.waitpid(maker, 0)
        return place.read_bytes()


async def meet(name: str) -> dict[str, object]:
    """Fetch a good page, then the bomb; give the bomb's error and the growth of the process's peak memory."""
    bomb = make(name)
    async with listening(Site(says(answer()))) as site:
        internet = Internet(site, site)
        fetcher = internet.fetcher(Limits())
        await fetcher.get("http://shop.test/p")
        forget_peak()
        before = held("VmRSS")
        site.behave = packed(bomb, BOMBS[name][0])
        try:
            await fetcher.get("http://shop.test/p")
        except CartageError as error:
            code = error.code
        else:
            code = "ok"
        await fetcher.aclose()
        return {"code": code, "growth_mebibytes": round(held("VmHWM") - before, 1), "bomb_bytes": len(bomb)}


def held(field: str) -> float:
    """Give what this process holds now (`VmRSS`) or held at most (`VmHWM`), in MiB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) / KIBIBYTES_OF_MEBIBYTE


def forget_peak() -> None:
    """Let the most that was held count from now on."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(meet(sys.argv[1]))))
