"""The workers as a merchant sees them: which of the merchant's own imports each runs, and who has fallen silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cartage.imports.service import Imports
from cartage.model.catalogue import Import
from cartage.model.filtering import Filter, Term, Word
from cartage.model.worker import FORGOTTEN_AFTER, Worker

RUNNING = Filter(terms=(Term(word=Word.STATUS, values=("running",)),))


@dataclass(frozen=True, slots=True)
class Hand:
    """Hold one worker as a merchant sees it: which of their own imports it runs, and whether it has fallen silent."""

    worker: Worker
    own: Sequence[Import]
    silent: bool


async def hands_of(imports: Imports, merchant_id: str, at: datetime, most: int) -> list[Hand]:
    """List the workers that a moment knows of, the longest running first, among the newest `most` running imports."""
    workers = await imports.store.workers.seen(at - FORGOTTEN_AFTER)
    running: Sequence[Import] = ()
    if any(worker.running for worker in workers):
        running = await imports.imports(merchant_id, RUNNING.model_copy(update={"at": at}), limit=most)
    own = {import_.id: import_ for import_ in running}
    return [
        Hand(worker, [own[each] for each in worker.running if each in own], worker.silent(at)) for worker in workers
    ]
