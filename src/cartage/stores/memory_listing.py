"""Products and imports by a filter, in memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from cartage.listing import PICTURES, Ended, Fetched, Progress, Queue, Sort, Tried
from cartage.model.batch import Batch
from cartage.model.catalogue import Attempt, CatalogueProduct, Import, ImportState, Status, Step, StepState
from cartage.model.filtering import EVERYTHING, Archived, Change, Filter, Standing, Term, Word
from cartage.model.span import end_of, is_age, moment_of
from cartage.model.traits import traits_of
from cartage.model.upkeep import Sighting
from cartage.stores.memory_upkeep import MemoryHistory

ORDERS: Mapping[Sort, tuple[Callable[[CatalogueProduct], Any], bool]] = {
    Sort.NEWEST: (lambda product: product.id, True),
    Sort.OLDEST: (lambda product: product.id, False),
    Sort.NAME: (lambda product: traits_of(product).name_key, False),
    Sort.CHEAPEST: (lambda product: _amount(product, float("inf")), False),
    Sort.DEAREST: (lambda product: _amount(product, float("-inf")), True),
    Sort.UPDATED: (lambda product: product.updated_at, True),
}


class Kept(Protocol):
    """Be the catalogue in memory, as its lists see it."""

    history: MemoryHistory

    def all_products(self) -> Sequence[CatalogueProduct]:
        """List everybody's products."""
        ...

    def all_imports(self) -> Sequence[Import]:
        """List everybody's imports."""
        ...

    def kept_product(self, product_id: str) -> CatalogueProduct:
        """Get anybody's product."""
        ...

    def kept_import(self, import_id: str) -> Import:
        """Get anybody's import."""
        ...

    def is_paused(self, import_: Import) -> bool:
        """Tell whether an import's merchant paused it, or its site."""
        ...

    async def steps(self, import_id: str) -> Sequence[Step]:
        """List anybody's steps."""
        ...

    async def attempts(self, import_id: str) -> Sequence[Attempt]:
        """List anybody's attempts."""
        ...


class KeptBatches(Protocol):
    """Be the batches in memory, as lists see them."""

    def kept(self) -> Sequence[Batch]:
        """List everybody's batches."""
        ...

    def products_of(self, batch_id: str) -> set[str]:
        """Name the products of a batch's rows."""
        ...


class MemoryListing:
    """List what a merchant has, in memory."""

    def __init__(self, catalogue: Kept, batches: KeptBatches) -> None:
        self._catalogue = catalogue
        self._batches = batches

    async def products(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        sort: Sort = Sort.NEWEST,
        before: str = "",
        limit: int = 50,
    ) -> Sequence[CatalogueProduct]:
        """List products in an order."""
        key, falling = ORDERS[sort]
        newest_first = sorted(self.fitting(merchant_id, wanted), key=lambda each: each.id, reverse=True)
        ordered = sorted(newest_first, key=key, reverse=falling)
        place = next((place for place, each in enumerate(ordered, 1) if each.id == before), None)
        return ordered[place or 0 :][:limit] if place or not before else []

    async def product_ids(
        self, merchant_id: str, wanted: Filter = EVERYTHING, *, after: str = "", limit: int = 1000
    ) -> Sequence[str]:
        """List the ids alone, oldest first."""
        return sorted(each.id for each in self.fitting(merchant_id, wanted) if each.id > after)[:limit]

    async def count_products(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count products."""
        return len(list(self.fitting(merchant_id, wanted)))

    async def imports(
        self,
        merchant_id: str,
        wanted: Filter = EVERYTHING,
        *,
        before: str = "",
        after: str = "",
        among: Sequence[str] = (),
        limit: int = 50,
    ) -> Sequence[Import]:
        """List imports, newest first."""
        found = [each for each in self._imports(merchant_id, wanted) if each.id > after]
        found = [each for each in found if not among or each.id in among]
        fitting = (each for each in found if not before or each.id < before)
        return sorted(fitting, key=lambda each: each.id, reverse=True)[:limit]

    async def progress(self, merchant_id: str, import_ids: Sequence[str]) -> Mapping[str, Progress]:
        """Tell how far imports came."""
        own = [each.id for each in self._catalogue.all_imports() if each.merchant_id == merchant_id]
        told: dict[str, Progress] = {}
        for import_id in (each for each in own if each in import_ids):
            steps, attempts = await self._catalogue.steps(import_id), await self._catalogue.attempts(import_id)
            if steps or attempts:
                told[import_id] = Progress(steps=tuple(steps), attempts=tuple(attempts))
        return told

    async def count_imports(self, merchant_id: str, wanted: Filter = EVERYTHING) -> int:
        """Count imports."""
        return len(list(self._imports(merchant_id, wanted)))

    async def queue(self, merchant_id: str, *, before: Import | None = None) -> Queue:
        """Tell of the merchant's imports that wait."""
        own = [each for each in self._catalogue.all_imports() if each.merchant_id == merchant_id]
        if before:
            earlier = [each for each in own if not each.state.over and not each.held and _goes_before(each, before)]
            own = [each for each in earlier if not await self._catalogue.steps(each.id)]
        else:
            queued = (each for each in own if each.state is ImportState.QUEUED)
            own = [each for each in queued if not self._catalogue.is_paused(each)]
        return Queue(waiting=len(own), since=min((each.created_at for each in own), default=None))

    async def ended(self, merchant_id: str, since: datetime, seconds: int) -> Sequence[Ended]:
        """Count imports that ended since a moment."""
        counted: dict[int, Counter[ImportState]] = {}
        for each in self._catalogue.all_imports():
            if each.merchant_id == merchant_id and each.finished_at and each.finished_at >= since:
                counted.setdefault(int(each.finished_at.timestamp()) // seconds * seconds, Counter())[each.state] += 1
        return [
            Ended(
                at=datetime.fromtimestamp(start, UTC),
                succeeded=states[ImportState.SUCCEEDED],
                failed=states[ImportState.FAILED],
            )
            for start, states in sorted(counted.items())
        ]

    async def tried(self, merchant_id: str, provider: str, since: datetime) -> Tried:
        """Count the tries of one provider, and their time."""
        own = [each.id for each in self._catalogue.all_imports() if each.merchant_id == merchant_id]
        steps = [step for import_id in own for step in await self._catalogue.steps(import_id)]
        named = [each for each in steps if each.name.startswith(f"try {provider} ") and each.started_at >= since]
        made = [each for each in named if each.state is not StepState.SKIPPED]
        took = [each.finished_at - each.started_at for each in made if each.finished_at]
        return Tried(tries=len(took), seconds=int(sum(took, timedelta()).total_seconds()))

    async def fetched(self, merchant_id: str, since: datetime, *, batch_id: str = "") -> Sequence[Fetched]:
        """Sum up what tries fetched, by provider, and what pictures took."""
        own = [each for each in self._catalogue.all_imports() if each.merchant_id == merchant_id]
        asked = [each for each in own if not batch_id or each.batch_id == batch_id]
        made = [try_ for each in asked for try_ in await self._catalogue.attempts(each.id) if try_.started_at >= since]
        sizes: dict[str, list[int | None]] = {}
        for each in made:
            sizes.setdefault(each.provider, []).append(each.fetched_bytes)
        summed = [
            Fetched(provider=name, tries=len(told), unknown=told.count(None), bytes=sum(each or 0 for each in told))
            for name, told in sorted(sizes.items())
        ]
        taken = [each.picture_bytes for each in asked if each.picture_bytes is not None and each.created_at >= since]
        return [
            *summed,
            *([Fetched(provider=PICTURES, tries=len(taken), unknown=0, bytes=sum(taken))] if taken else []),
        ]

    async def choices(self, merchant_id: str, limit: int = 100) -> Mapping[Word, Sequence[str]]:
        """Give what there is to filter by."""
        traits = [traits_of(each) for each in self.fitting(merchant_id, EVERYTHING)]
        batches = sorted((each.id for each in self._batches.kept() if each.merchant_id == merchant_id), reverse=True)
        return {
            Word.SITE: _frequent((each.site for each in traits), limit),
            Word.BRAND: _frequent((each.brand for each in traits), limit),
            Word.ERROR: _frequent((each.error for each in traits), limit),
            Word.BATCH: batches[:limit],
        }

    def fitting(self, merchant_id: str, wanted: Filter) -> Iterable[CatalogueProduct]:
        """Give the products that a filter wants, in no order."""
        asked = wanted.asks(Word.ARCHIVED)
        for product in self._catalogue.all_products():
            import_ = self._catalogue.kept_import(product.import_id)
            fits = self._fits(wanted, product, import_, whole=True)
            if product.merchant_id == merchant_id and fits and (asked or product.archived_at is None):
                yield product

    def _imports(self, merchant_id: str, wanted: Filter) -> Iterable[Import]:
        for import_ in self._catalogue.all_imports():
            product = self._catalogue.kept_product(import_.product_id)
            if import_.merchant_id == merchant_id and self._fits(wanted, product, import_, whole=False):
                yield import_

    def _fits(self, wanted: Filter, product: CatalogueProduct, import_: Import, *, whole: bool) -> bool:
        def any_fits(term: Term) -> bool:
            return any(self._has(term.word, value, wanted.at, product, import_, whole=whole) for value in term.values)

        return all(any_fits(term) is not term.turned for term in wanted.terms)

    def _has(
        self, word: Word, value: str, at: datetime, product: CatalogueProduct, import_: Import, *, whole: bool
    ) -> bool:
        traits = traits_of(product)
        match word:
            case Word.STATUS:
                return _stands(value, product, import_, whole=whole, paused=self._catalogue.is_paused(import_))
            case Word.BATCH if whole:
                return product.id in self._batches.products_of(value)
            case Word.ERROR | Word.BATCH | Word.ACTION:
                return value in _names(word, product, import_, whole=whole)
            case Word.SINCE | Word.UNTIL:
                came_in = (product if whole else import_).created_at
                return came_in >= moment_of(value, at) if word is Word.SINCE else came_in < end_of(value, at)
            case Word.CHANGED:
                return _changed(value, at, self._catalogue.history.sightings.get(product.id, []))
            case _:
                return {
                    Word.TAG: value.casefold() in traits.tag_keys,
                    Word.ID: product.id == value,
                    Word.EXTERNAL_ID: product.external_id == value,
                    Word.ARCHIVED: value == Archived.ANY or (value == Archived.YES) is bool(product.archived_at),
                    Word.SITE: f".{traits.site}".endswith(f".{value}"),
                    Word.BRAND: traits.brand_key == value.casefold(),
                    Word.MISSING: value in traits.lacks,
                    Word.REVIEW: traits.review == value,
                    Word.PICTURES: traits.pictured == value,
                    Word.TEXT: value.casefold() in traits.searched,
                }[word]


def _names(word: Word, product: CatalogueProduct, import_: Import, *, whole: bool) -> tuple[str | None, ...]:
    """Give what a word may name of an import, or of a whole product."""
    failure = product.failure if whole else import_.failure
    match word:
        case Word.ERROR:
            return (failure.code if failure else "",)
        case Word.ACTION:
            return (import_.action_id, product.archived_by if whole else None)
        case _:
            return (import_.batch_id,)


def _stands(value: str, product: CatalogueProduct, import_: Import, *, whole: bool, paused: bool) -> bool:
    standing = Standing(value)
    under_way = not product.status.settled if whole else not import_.state.over
    succeeded = product.status.settled and product.status is not Status.FAILED
    match standing:
        case Standing.IMPORTING:
            return under_way
        case Standing.QUEUED | Standing.RUNNING | Standing.PAUSED:
            waits = paused and import_.state is ImportState.QUEUED
            return under_way and (waits if standing is Standing.PAUSED else import_.state.value == value)
        case Standing.ENHANCED:
            return product.status is Status.ENHANCED and product.import_id == import_.id
        case Standing.SUCCEEDED:
            return succeeded if whole else import_.state is ImportState.SUCCEEDED
        case Standing.IMPORTED:
            return product.status is Status.IMPORTED if whole else import_.state is ImportState.SUCCEEDED
        case Standing.FAILED:
            return product.status is Status.FAILED if whole else import_.state is ImportState.FAILED


def _changed(value: str, at: datetime, seen: Sequence[Sighting]) -> bool:
    if is_age(value):
        return any(each.at >= moment_of(value, at) for each in seen[1:])
    stated = [each.price if value == Change.PRICE.value else each.availability for each in seen]
    return any(before != after for before, after in pairwise(stated))


def _amount(product: CatalogueProduct, otherwise: float) -> float:
    amount = traits_of(product).amount
    return otherwise if amount is None else amount


def _frequent(names: Iterable[str], limit: int) -> Sequence[str]:
    counted = Counter(name for name in names if name)
    return sorted(counted, key=lambda name: (-counted[name], name))[:limit]


def _goes_before(one: Import, other: Import) -> bool:
    return (one.bulk, one.id) < (other.bulk, other.id)
