"""Photos for a language model to look at: kept copies of a page's images, else fetched and encoded anew."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cartage.imports.pictures import FRESH_FOR, ImageSource
from cartage.imports.progress import now
from cartage.model.catalogue import Import
from cartage.model.errors import NotFound, Permanent, TryAnother, TryLater
from cartage.model.language import Photo
from cartage.model.picture import MEDIA_TYPE, Size
from cartage.pictures.workshop import Workshop
from cartage.store import Store


@dataclass(frozen=True, slots=True)
class Photographer:
    """Bring the images of a page in the form that pictures are kept in, in so many seconds together."""

    store: Store
    source: ImageSource
    workshop: Workshop
    seconds: float = 60.0

    async def photos(self, import_: Import, urls: Sequence[str], page_url: str) -> Sequence[Photo | None]:
        """Bring each picture, bounded in size; None for one that cannot be had."""
        found = await self._kept(import_, urls)
        if left := [url for url in dict.fromkeys(urls) if url not in found]:
            with contextlib.suppress(TimeoutError):
                await self._fetch(left, page_url, found)
        return [found.get(url) for url in urls]

    async def _kept(self, import_: Import, urls: Iterable[str]) -> dict[str, Photo]:
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        since, wanted = now() - FRESH_FOR, set(urls)
        found: dict[str, Photo] = {}
        for picture in product.pictures:
            if picture.id and picture.url in wanted and not picture.problem and picture.fetched_at > since:
                with contextlib.suppress(NotFound):
                    content = await self.store.gallery.get(import_.merchant_id, picture.id, Size.FULL)
                    found[picture.url] = Photo(media_type=MEDIA_TYPE, content=content)
        return found

    async def _fetch(self, urls: Sequence[str], page_url: str, found: dict[str, Photo]) -> None:
        async with self.source.images(self.seconds, page_url=page_url) as get, self.workshop.bench() as bench:
            for url in urls:
                with contextlib.suppress(Permanent, TryAnother, TryLater):
                    found[url] = Photo(media_type=MEDIA_TYPE, content=(await bench.develop(await get(url))).full)
