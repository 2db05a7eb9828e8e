"""The line at a SQLite file lets readers in together, writers one by one, and neither kind waits for long."""

import asyncio
from dataclasses import dataclass, field

from cartage.stores.sql.line import Line


@dataclass
class File:
    """Be what stands behind the line: who went in, in which order, and who is inside until let out."""

    line: Line = field(default_factory=Line)
    went_in: list[str] = field(default_factory=list[str])
    inside: set[str] = field(default_factory=set[str])
    out: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])

    async def come(self, *names: str) -> list["asyncio.Task[None]"]:
        """Let some come to the line, each as its name says: `r1` reads, `w1` writes."""
        come = [asyncio.create_task(self._use(name)) for name in names]
        await settled()
        return come

    async def go(self, *names: str) -> None:
        """Let some go that are inside."""
        for name in names:
            self.out[name].set()
        await settled()

    async def _use(self, name: str) -> None:
        self.out[name] = asyncio.Event()
        async with self.line.reading() if name.startswith("r") else self.line.writing():
            self.went_in.append(name)
            self.inside.add(name)
            try:
                await self.out[name].wait()
            finally:
                self.inside.remove(name)


async def settled() -> None:
    """Let everybody do what they can do now."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_readers_are_inside_together_and_a_writer_is_alone() -> None:
    """Nobody is inside with a writer; readers keep only writers out."""
    file = File()

    await file.come("r1", "r2", "w1", "w2")
    at_first = set(file.inside)
    await file.go("r1", "r2")
    then = set(file.inside)
    await file.go("w1")

    assert (at_first, then, file.inside) == ({"r1", "r2"}, {"w1"}, {"w2"})


async def test_a_reader_waits_for_one_writer_at_most() -> None:
    """Readers go in after the writer that is inside, however many writers came before them."""
    file = File()
    await file.come("w1", "w2", "w3", "r1", "r2")

    await file.go("w1")

    assert file.inside == {"r1", "r2"}


async def test_readers_that_keep_coming_do_not_keep_a_writer_out() -> None:
    """A writer goes in when those who read as it came are done, before readers that came after it."""
    file = File()
    await file.come("r1", "w1", "r2")

    await file.go("r1")
    await file.come("r3")
    await file.go("w1")

    assert file.went_in == ["r1", "w1", "r2", "r3"]


async def test_who_leaves_the_line_keeps_nobody_out() -> None:
    """Leaving the line, also in the moment of being called, lets the next ones in and harms nobody."""
    file = File()
    (first,), (reader, writer, _) = await file.come("w1"), await file.come("r1", "w2", "w3")

    first.cancel()
    reader.cancel()
    writer.cancel()
    await settled()
    after_leaving = set(file.inside)
    await file.go("w3")
    await file.come("r2")

    assert all(each.cancelled() for each in (first, reader, writer))
    assert (after_leaving, file.inside) == ({"w3"}, {"r2"})


async def test_readers_get_in_when_the_writers_before_them_leave() -> None:
    """Readers behind a writer that gives up wait for it no more."""
    file = File()
    (reader,), (writer,), _ = await file.come("r1"), await file.come("w1"), await file.come("r2")

    writer.cancel()
    reader.cancel()
    await settled()

    assert file.inside == {"r2"}
