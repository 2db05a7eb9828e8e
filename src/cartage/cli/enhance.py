"""`cartage enhance`: have a language model write of a product, look at its texts, accept and reject them."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.cli.outcome import ExitCode
from cartage.cli.record import AS_USUAL, Form, write_all
from cartage.cli.shown import ENHANCEMENT
from cartage.client import AsyncClient
from cartage.model.enhancement import EnhancementState, RunState, Task
from cartage.wire.enhancement import EnhancementsOut

LOOK_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Wish:
    """Say what is asked of a product: tasks to write, or decisions; `show` only looks."""

    tasks: Sequence[str]
    accept: Sequence[str]
    reject: Sequence[str]
    accept_all: bool
    show: bool
    wait: bool

    @property
    def writes(self) -> bool:
        """Tell whether something is to be written."""
        return not (self.show or self.accept_all or self.accept or self.reject)


def enhance(
    product: str,
    /,
    *,
    task: Sequence[str] = (),
    language: Sequence[str] = (),
    accept: Sequence[str] = (),
    reject: Sequence[str] = (),
    accept_all: bool = False,
    show: bool = False,
    wait: bool = True,
    form: Form = AS_USUAL,
    where: Where = ANYWHERE,
) -> int:
    """Have a language model write of a product, and write its texts as records, each with its source.

    Without --task and --language, all is written that the settings choose. Texts are proposals until they are
    accepted. Exit 1 where a task failed.

    Parameters
    ----------
    product
        The product's id.
    task
        What to write: title, description, seo, bullets or translation:ar. May be repeated.
    language
        Translate into this language, such as ar. May be repeated.
    accept
        Accept the text with this id, and write nothing. May be repeated.
    reject
        Reject the text with this id, and write nothing. May be repeated.
    accept_all
        Accept all that is proposed, and write nothing.
    show
        Only show what is written.
    wait
        --no-wait only asks, for a running Cartage to write.
    """
    tasks = (*task, *(f"{Task.TRANSLATION.value}:{each}" for each in language))
    wish = Wish(tasks, accept, reject, accept_all, show, wait)
    shown = asyncio.run(_enhance(product, wish, where))
    write_all(shown.enhancements, form, ENHANCEMENT)
    failure = shown.run.error if shown.run and wish.writes else None
    if failure:
        sys.stderr.write(f"cartage: {failure.code}: {failure}\n")
    return ExitCode.FAILED if failure else ExitCode.OK


async def _enhance(product_id: str, wish: Wish, where: Where) -> EnhancementsOut:
    async with connected(where, working=wish.wait and wish.writes) as client:
        if wish.writes:
            await client.enhancement.create(product_id, wish.tasks)
            return await _written(client, product_id, wait=wish.wait)
        known = await client.enhancement.of(product_id)
        proposed = [each.id for each in known.enhancements if each.status == EnhancementState.PROPOSED]
        accept = [*wish.accept, *(proposed if wish.accept_all else [])]
        if accept or wish.reject:
            return await client.enhancement.decide(product_id, accept=accept, reject=wish.reject)
        return known


async def _written(client: AsyncClient, product_id: str, *, wait: bool) -> EnhancementsOut:
    while True:
        shown = await client.enhancement.of(product_id)
        if not wait or shown.run is None or RunState(shown.run.status).over:
            return shown
        await asyncio.sleep(LOOK_SECONDS)
