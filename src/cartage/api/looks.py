"""Refreshes over HTTP, and looks before them: what a refresh would change, told before it does."""

from typing import Any

from fastapi import APIRouter, Response

from cartage.api.callers import Asker
from cartage.imports.differences import Difference
from cartage.imports.look import look, would_change
from cartage.imports.service import Imports
from cartage.wire.catalogue import ImportOut
from cartage.wire.looks import DifferenceOut, DifferencesOut, RefreshBody


def add_looks(router: APIRouter, imports: Imports, merchant: Any) -> None:
    """Add refreshing one product, and what a look at its page saw."""

    @router.post("/v1/products/{product_id}/refresh", status_code=202, tags=["products"])
    async def refresh_product(
        product_id: str,
        response: Response,
        asked_by: Asker,
        body: RefreshBody | None = None,
        *,
        merchant_id: str = merchant,
    ) -> ImportOut:
        """Import a product again, or with `apply` none only look at its page; 409 while an import is under way.

        What a look saw is at `/v1/imports/{id}/differences` when it is over; a retry of it with `from_step` extract
        applies it without asking the site again.
        """
        own = imports.by(asked_by)
        looks = body is not None and body.apply == "none"
        begun = await (look(own, merchant_id, product_id) if looks else own.retry(merchant_id, product_id))
        response.headers["Location"] = f"/v1/imports/{begun.import_.id}"
        return ImportOut.of(begun.import_)

    @router.get("/v1/imports/{import_id}/differences", tags=["imports"])
    async def list_import_differences(import_id: str, *, merchant_id: str = merchant) -> DifferencesOut:
        """List what a refresh would change, by what a look saw; 409 for an import that is none, or is not over.

        Nothing of the product was changed. `kept` says why a refresh would leave a field as it is, null where it would
        not.
        """
        import_ = await imports.import_(merchant_id, import_id)
        found = [_shown(each) for each in await would_change(imports.store, import_)]
        return DifferencesOut(import_id=import_.id, product_id=import_.product_id, differences=found)


def _shown(each: Difference) -> DifferenceOut:
    kept = "edited" if each.kept else "policy" if each.left else None
    return DifferenceOut(field=each.field, kind=each.kind, before=each.before, after=each.after, kept=kept)
