"""The line at a SQLite file lets writers in one by one, and keeps readers out for no longer than a commit."""

import asyncio
from dataclasses import dataclass, field

from cartage.stores.sql.line import Line


@dataclass
class File:
    """Be what stands behind the line: who is inside until let out, and whose commit has begun."""

    line: Line = field(default_factory=Line)
    inside: set[str] = field(default_factory=set[str])
    committed: list[str] = field(default_factory=list[str])
    told: dict[str, asyncio.Queue[str]] = field(default_factory=dict[str, "asyncio.Queue[str]"])

    async def come(self, *names: str) -> list["asyncio.Task[None]"]:
        """Let some come to the line, each as its name says: `r1` reads, `w1` writes."""
        come = [asyncio.create_task(self._use(name)) for name in names]
        await settled()
        return come

    async def commit(self, writer: str) -> None:
        """Let a writer that is inside want to commit."""
        self.told[writer].put_nowait("commit")
        await settled()

    async def go(self, name: str) -> None:
        """Let somebody go that is inside."""
        self.told[name].put_nowait("go")
        await settled()

    async def _use(self, name: str) -> None:
        told = self.told[name] = asyncio.Queue()
        async with self.line.reading() if name.startswith("r") else self.line.writing():
            self.inside.add(name)
            try:
                while await told.get() == "commit":
                    await self.line.commit()
                    self.committed.append(name)
            finally:
                self.inside.remove(name)


async def settled() -> None:
    """Let everybody do what they can do now."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_writers_are_inside_one_by_one_and_readers_beside_them() -> None:
    """A writer keeps writers out, and readers only while it commits."""
    file = File()

    await file.come("w1", "w2", "r1")
    before = set(file.inside)
    await file.commit("w1")
    await file.come("r2")
    waiting = set(file.inside)
    await file.go("r1")
    committing = set(file.inside)
    await file.go("w1")

    assert (before, waiting, committing, file.inside) == ({"w1", "r1"}, {"w1", "r1"}, {"w1"}, {"w2", "r2"})
    assert file.committed == ["w1"]


async def test_a_reader_waits_for_one_commit_at_most() -> None:
    """Readers go in after the commit that keeps them out, however many writers came before them."""
    file = File()
    await file.come("w1", "w2", "w3")
    await file.commit("w1")
    await file.come("r1", "r2")

    await file.go("w1")
    await file.commit("w2")

    assert file.inside == {"w2", "r1", "r2"}
    assert file.committed == ["w1"]


async def test_readers_that_keep_coming_do_not_keep_a_commit_out() -> None:
    """A writer commits when those who read as it wanted to are done, before readers that came after it."""
    file = File()
    await file.come("r1", "w1")
    await file.commit("w1")

    await file.come("r2")
    await file.go("r1")
    committed = list(file.committed)
    await file.come("r3")
    await file.go("w1")

    assert (committed, file.inside) == (["w1"], {"r2", "r3"})


async def test_who_leaves_the_line_keeps_nobody_out() -> None:
    """Leaving the line, also in the moment of being called, lets the next ones in and harms nobody."""
    file = File()
    (first, writer, _) = await file.come("w1", "w2", "w3")
    await file.commit("w1")
    (reader,) = await file.come("r1")

    first.cancel()
    reader.cancel()
    writer.cancel()
    await settled()
    after_leaving = set(file.inside)
    await file.go("w3")
    await file.come("r2")

    assert all(each.cancelled() for each in (first, reader, writer))
    assert (after_leaving, file.inside) == ({"w3"}, {"r2"})


async def test_a_writer_that_gives_up_its_commit_lets_readers_in() -> None:
    """Readers behind a commit that is given up wait for it no more."""
    file = File()
    (_, writer) = await file.come("r1", "w1")
    await file.commit("w1")
    await file.come("r2")

    writer.cancel()
    await settled()

    assert file.inside == {"r1", "r2"}
    assert not file.committed
