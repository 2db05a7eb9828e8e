"""How an import is asked for, and what follows from it: a product's first import, or another one."""

from dataclasses import dataclass
from datetime import datetime

from cartage.imports.progress import now
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.edit import Edit
from cartage.model.ids import new_id
from cartage.model.locks import handed_in
from cartage.model.wishes import AS_USUAL, Wishes


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold how an import is asked for; `given` is what was handed in with its address, as an edit by hand.

    Of another import, `enhance` and `wishes` are those of the one before where they are None.
    """

    by: str = ""
    batch_id: str | None = None
    action_id: str | None = None
    enhance: bool | None = None
    wishes: Wishes | None = None
    given: Edit | None = None
    look: str | None = None
    pasted_page_id: str | None = None
    kept_page_id: str | None = None
    resumes: str | None = None
    planned_at: datetime | None = None
    pictures_for: Status | None = None

    def first(self, merchant_id: str, source_url: str) -> tuple[CatalogueProduct, Import]:
        """Make a new product and its first import."""
        at, product_id, wishes = now(), new_id("prd"), self.wishes or AS_USUAL
        import_ = Import(
            id=new_id("imp"),
            product_id=product_id,
            merchant_id=merchant_id,
            source_url=source_url,
            number=1,
            batch_id=self.batch_id,
            enhance=self.enhance,
            pasted_page_id=self.pasted_page_id,
            wishes=wishes,
            given=self.given,
            asked_by=self.by,
            created_at=at,
        )
        product = CatalogueProduct(
            id=product_id,
            merchant_id=merchant_id,
            import_id=import_.id,
            source_url=source_url,
            status=Status.IMPORTING,
            tags=wishes.tags,
            own_rule=wishes.own_rule,
            created_at=at,
            updated_at=at,
        )
        return handed_in(product, self.given, at), import_

    def again(self, product: CatalogueProduct, previous: Import) -> Import:
        """Make another import of a product.

        What was handed in before goes with it as long as no page was read for the product: after that it is there.
        """
        before = previous.given if product.facts is None else None
        return Import(
            id=new_id("imp"),
            product_id=product.id,
            merchant_id=product.merchant_id,
            source_url=product.source_url,
            number=previous.number + 1,
            pasted_page_id=self.pasted_page_id,
            batch_id=self.batch_id,
            resumes=self.resumes,
            enhance=previous.enhance if self.enhance is None else self.enhance,
            scheduled=self.planned_at is not None,
            pictures_for=self.pictures_for,
            action_id=self.action_id,
            kept_page_id=self.kept_page_id,
            wishes=(self.wishes or previous.wishes).model_copy(update={"look": self.look}),
            given=self.given or before,
            asked_by=self.by,
            created_at=now(),
        )
