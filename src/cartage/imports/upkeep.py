"""Keeping products up to date: a merchant's schedule, edits by hand, and the history of price and stock."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.imports.edits import check_edit, tidied
from cartage.imports.progress import now
from cartage.imports.readings import last_stated
from cartage.model.arrangement import MOST_PLACED, Placed, check_placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.locks import with_uploads
from cartage.model.option_edit import check_options
from cartage.model.picture import KeptPicture, own_url
from cartage.model.product import Product
from cartage.model.refresh_policy import RefreshPolicy
from cartage.model.review import Review, with_review
from cartage.model.stated import Stated, touched
from cartage.model.upkeep import LONGEST_PERIOD_HOURS, Retention, Schedule, Sighting
from cartage.model.variant_edit import check_variants
from cartage.store import Store

HISTORY_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Keep merchants' products up to date."""

    store: Store

    async def schedule(self, merchant_id: str) -> Schedule | None:
        """Get a merchant's schedule; None where products are not refreshed by themselves."""
        kept = await self.store.upkeep.schedules(merchant_id)
        return kept[0] if kept else None

    async def set_schedule(self, merchant_id: str, every_hours: int | None) -> Schedule | None:
        """Refresh a merchant's products every so many hours, or no more; raises `InvalidInput`.

        The same schedule again changes nothing.
        """
        if every_hours is not None and not 1 <= every_hours <= LONGEST_PERIOD_HOURS:
            raise InvalidInput(f"A schedule has 1 to {LONGEST_PERIOD_HOURS} hours.", "/every_hours")
        kept = await self.schedule(merchant_id)
        if every_hours == (kept and kept.every_hours):
            return kept
        schedule = every_hours and Schedule(merchant_id=merchant_id, every_hours=every_hours, updated_at=now())
        await self.store.upkeep.set_schedule(merchant_id, schedule or None)
        return schedule or None

    async def retention(self, merchant_id: str) -> Retention:
        """Get how long a merchant's pages and events are kept: for good, until it is set."""
        return (await self.store.upkeep.retentions()).get(merchant_id, Retention())

    async def set_retention(self, merchant_id: str, retention: Retention) -> Retention:
        """Keep a merchant's pages and events for so many days; what is older is deleted within the hour."""
        await self.store.upkeep.set_retention(merchant_id, retention)
        return retention

    async def policy(self, merchant_id: str) -> RefreshPolicy:
        """Get what another import may change of a merchant's products, and what becomes of those that are gone."""
        return await self.store.upkeep.policy(merchant_id)

    async def set_policy(self, merchant_id: str, policy: RefreshPolicy) -> RefreshPolicy:
        """Say what another import may change, from the next one on."""
        await self.store.upkeep.set_policy(merchant_id, policy)
        return policy

    async def edit(
        self,
        merchant_id: str,
        product_id: str,
        edit: Edit,
        versions: frozenset[str] | None = None,
        *,
        uploaded: Sequence[KeptPicture] = (),
    ) -> CatalogueProduct:
        """Set fields of a product by hand, or leave them to its page again; `uploaded` pictures may be placed.

        What is left to the page is what the page stated last, as far as that is kept; the site is not asked. Raises
        `NotFound`, `InvalidInput`, or `Stale` for a product in none of the `versions` that are given.
        """
        product = await self.store.catalogue.product(merchant_id, product_id)
        if edit.empty:
            raise InvalidInput("The edit names no field.")
        wanted, at = tidied(edit, product.source_url, [own_url(each.id) for each in uploaded]), now()
        check_edit(wanted)
        named = {*edit.unlock, *(("variants",) if edit.options or edit.option_order else ())}
        lacking = named & set(product.locked) - set(product.stated.known if product.stated else ())
        read = await last_stated(self.store, product) if lacking else None

        def edited(kept: CatalogueProduct) -> CatalogueProduct:
            facts = kept.facts or Product()
            check_placed(facts, wanted.images)
            check_variants(facts, wanted.variants)
            check_options(facts, wanted.options, wanted.deletes_variants, wanted.option_order)
            known = (kept.stated or Stated()).over(read.only(touched(lacking))) if read else kept.stated
            return with_uploads(kept.model_copy(update={"stated": known}), wanted, uploaded, at)

        return await self.store.catalogue.change_product(merchant_id, product_id, edited, versions)

    async def hang(
        self,
        merchant_id: str,
        product_id: str,
        uploaded: Sequence[KeptPicture],
        alt: str = "",
        *,
        first: bool = False,
        dry_run: bool = False,
    ) -> CatalogueProduct:
        """Show uploaded pictures with a product, behind its others or before them; those that it has stay in place.

        With `dry_run` the product stays as it is, and only what would be raised is. Raises `NotFound`, `InvalidInput`
        where the product has as many as it may, and `Conflict` for a product that no page was read for yet.
        """
        at = now()

        def shown(kept: CatalogueProduct) -> CatalogueProduct:
            images = (kept.facts or Product()).images
            known = {image.url for image in images}
            urls = [url for url in dict.fromkeys(own_url(each.id) for each in uploaded) if url not in known]
            if len(images) + len(urls) > MOST_PLACED:
                raise InvalidInput(f"A product has at most {MOST_PLACED} pictures.", "/files")
            old = [Placed(url=image.url, alt=image.alt) for image in images]
            new = [Placed(url=url, alt=alt or None, add=True) for url in urls]
            placed = Edit(images=tuple(new + old if first else old + new))
            return with_uploads(kept, placed, uploaded, at) if new else kept

        if dry_run:
            product = await self.store.catalogue.product(merchant_id, product_id)
            shown(product)
            return product
        return await self.store.catalogue.change_product(merchant_id, product_id, shown)

    async def review(
        self, merchant_id: str, product_id: str, review: Review, versions: frozenset[str] | None = None
    ) -> CatalogueProduct:
        """Decide on fields of a draft; raises as `edit`, and `Conflict` for a field that is not to be looked at."""
        await self.store.catalogue.product(merchant_id, product_id)
        if len(set(review.pointers)) < len(review.pointers):
            raise InvalidInput("A field is decided on twice.")
        if not review.pointers:
            raise InvalidInput("The review names no field.")
        at = now()

        def decided(kept: CatalogueProduct) -> CatalogueProduct:
            if unknown := [pointer for pointer in review.pointers if pointer not in kept.unverified]:
                raise Conflict(f"{unknown[0]} does not wait for a review.")
            return with_review(kept, review, at)

        return await self.store.catalogue.change_product(merchant_id, product_id, decided, versions)

    async def history(self, merchant_id: str, product_id: str, limit: int = HISTORY_SHOWN) -> Sequence[Sighting]:
        """List what the shop asked for a product and whether it had it, newest first; raises `NotFound`."""
        await self.store.catalogue.product(merchant_id, product_id)
        return await self.store.upkeep.history(merchant_id, product_id, limit)
