"""What whoever follows an import on a terminal is told while it waits."""

import asyncio

import pytest

from cartage.cli.following import follow_import
from cartage.client import AsyncClient

SAFETY_NET_SECONDS = 60


class Told:
    """Gather what is written on standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.text = ""

    async def until(self, wanted: str) -> None:
        """Wait until something was written."""
        async with asyncio.timeout(SAFETY_NET_SECONDS):
            while wanted not in self.text:
                await asyncio.sleep(0.01)
                self.text += self._capsys.readouterr().err


async def test_a_pause_that_begins_meanwhile_is_told(client: AsyncClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, with who paused and how it goes on; then that it goes on; and the import is followed to its end."""
    told = Told(capsys)
    submitted = await client.imports.create("https://shop.example/new")
    following = asyncio.create_task(follow_import(client, submitted.id))

    await client.pauses.pause("all")
    await told.until(f"{submitted.id} waits: importing is paused since ")
    await client.pauses.resume("all")
    await told.until(f"{submitted.id} goes on.")
    await client.imports.cancel(submitted.id)
    ended = await following

    assert "Let it go on: cartage resume\n" in told.text
    assert told.text.count(" waits: ") == 1
    assert ended.error
    assert ended.error.code == "cancelled"
