"""The curator: makes the images of a product's page our own; one that cannot be had is told of and fails nothing."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from cartage.fetching.client import GetImage
from cartage.fetching.meter import metering
from cartage.imports.extractions import extraction_of
from cartage.imports.hanging import Hanging
from cartage.imports.progress import ToldSteps, now
from cartage.imports.rounds import going_on
from cartage.model.arrangement import IMAGES
from cartage.model.catalogue import Attempt, Import
from cartage.model.errors import (
    AccessDenied,
    CartageError,
    DeadlineExceeded,
    Failure,
    Permanent,
    RateLimited,
    TryAnother,
    TryLater,
)
from cartage.model.picture import Collection, KeptPicture, Picture, addresses_of, is_own
from cartage.model.product import Product
from cartage.model.visit_errors import HostBusy, PictureRefused
from cartage.pictures.workshop import Bench, Workshop
from cartage.store import Store

FRESH_FOR = timedelta(days=7)
UNWANTED_AFTER = timedelta(days=1)
SWEEP_SECONDS = 6 * 3600.0
MEBIBYTE = 1024 * 1024

logger = logging.getLogger("cartage.imports")


class ImageSource(Protocol):
    """Bring images from the web, as the fetcher does."""

    def images(self, seconds: float, *, page_url: str = "") -> AbstractAsyncContextManager[GetImage]:
        """Give a function that brings the image at an address."""
        ...


@dataclass(frozen=True, slots=True)
class Curator:
    """Collect pictures: at most so many of a product, in so many bytes for a merchant and seconds for a product."""

    store: Store
    source: ImageSource
    workshop: Workshop
    per_product: int = 30
    space: int = 2048 * MEBIBYTE
    seconds: float = 60.0
    tells_every: float = 0.5

    async def collect(self, import_: Import, attempt: Attempt, told: ToldSteps | None = None) -> Collection:
        """Fetch what is new among the images that an attempt found, and keep the copies there are of the others.

        Copies of a week ago count as new. Where a person arranged the images, those that they left out are none.
        Whoever watches is `told` as pictures come.
        """
        facts = (await extraction_of(self.store, import_, attempt)).product or Product()
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        if product.facts and IMAGES in product.locked:
            facts = facts.model_copy(update={"images": product.facts.images})
        since = now() - FRESH_FOR
        fresh = [each for each in product.pictures if each.id and not each.problem and each.fetched_at > since]
        return await self._collect(import_, facts, product.pictures, fresh, told=told)

    async def keep(self, merchant_id: str, content: bytes, bench: Bench) -> KeptPicture:
        """Keep an image as a picture, once for a merchant; raises `PictureRefused`."""
        gallery, content_hash = self.store.gallery, hashlib.sha256(content).hexdigest()
        if known := await gallery.find(merchant_id, content_hash, now()):
            return known
        return await gallery.put(merchant_id, await bench.develop(content), self.space, now())

    async def renew(self, import_: Import, told: ToldSteps | None = None) -> Collection:
        """Fetch all images of a product again, and keep the copies of those that cannot be had."""
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        return await self._collect(import_, product.facts or Product(), product.pictures, told=told)

    async def _collect(
        self,
        import_: Import,
        facts: Product,
        before: Sequence[Picture],
        fresh: Sequence[Picture] = (),
        *,
        told: ToldSteps | None,
    ) -> Collection:
        urls = addresses_of(facts)
        wanted = urls[: self.per_product]
        kept, copies = ({picture.url: picture for picture in some if picture.id} for some in (fresh, before))
        kept |= {url: picture for url, picture in copies.items() if is_own(url)}
        page_url = facts.url or import_.source_url
        lacking = [url for url in wanted if url not in kept and not is_own(url)]
        hanging = Hanging(told, len(wanted), len(wanted) - len(lacking), self.tells_every)
        with metering() as meter:
            fetched = await self._fetch(import_.merchant_id, lacking, page_url, hanging)
        brought = kept | {url: _renewed(picture, copies.get(url)) for url, picture in fetched.items()}
        pictures = tuple(brought[url] for url in wanted if url in brought)
        left_out, size = len(urls) - len(wanted), meter.size if lacking else None
        return Collection(pictures=pictures, left_out=left_out, fetched_bytes=size)

    async def watch(self) -> None:
        """Remove the pictures that nothing shows any more, for ever."""
        while True:
            with going_on(logger, "Removing pictures"):
                if removed := await self.store.gallery.sweep(now() - UNWANTED_AFTER):
                    logger.info("pictures removed", extra={"pictures": removed})
            await asyncio.sleep(SWEEP_SECONDS)

    async def _fetch(
        self, merchant_id: str, urls: Sequence[str], page_url: str, hanging: Hanging
    ) -> Mapping[str, Picture]:
        late = DeadlineExceeded(f"The pictures took more than {self.seconds:g} seconds together.").failure()
        found = {url: Picture(url=url, problem=late, fetched_at=now()) for url in urls}
        if urls:
            with contextlib.suppress(TimeoutError):
                async with self._round(merchant_id, page_url) as round_:
                    for some in (urls, round_.worth_another):
                        for url in sorted(some, key=_host):
                            found[url] = await round_.picture(url)
                            await hanging.come(found[url])
        return found

    @contextlib.asynccontextmanager
    async def _round(self, merchant_id: str, page_url: str) -> AsyncGenerator["_Round"]:
        async with self.source.images(self.seconds, page_url=page_url) as get, self.workshop.bench() as bench:
            yield _Round(self, merchant_id, get, bench)


@dataclass(slots=True)
class _Round:
    """Go through images once; a site that asks for rest is left alone, and so are all once there is no more space."""

    curator: Curator
    merchant_id: str
    get: GetImage
    bench: Bench
    worth_another: list[str] = field(default_factory=list[str])
    resting: dict[str, Failure] = field(default_factory=dict[str, Failure])
    full: Failure | None = None

    async def picture(self, url: str) -> Picture:
        """Make the picture of an image, or say what stood in the way."""
        problem = self.full or self.resting.get(_host(url))
        if problem is None:
            try:
                kept = await self.curator.keep(self.merchant_id, await self.get(url), self.bench)
                return _picture(url, kept)
            except (Permanent, TryAnother, TryLater) as error:
                problem = self._note(url, error)
        return Picture(url=url, problem=problem, fetched_at=now())

    def _note(self, url: str, error: CartageError) -> Failure:
        failure = error.failure()
        match error:
            case PictureRefused(reason="space"):
                self.full = failure
            case RateLimited() | HostBusy():
                self.resting[_host(url)] = failure
            case TryLater(retry_after_seconds=None) | AccessDenied() | PictureRefused(reason="truncated"):
                self.worth_another.append(url)
            case _:
                pass
        return failure


def _picture(url: str, kept: KeptPicture) -> Picture:
    return Picture(url=url, id=kept.id, width=kept.width, height=kept.height, fetched_at=now())


def _renewed(picture: Picture, earlier: Picture | None) -> Picture:
    """Keep an earlier copy where there is no new one."""
    if picture.id or earlier is None:
        return picture
    return earlier.model_copy(update={"problem": picture.problem})


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
