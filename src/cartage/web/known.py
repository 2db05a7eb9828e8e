"""The page of an address that is there already: open its product, refresh it, or import it again in another way."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request, Response

from cartage.imports.service import FromStep, Imports
from cartage.imports.wishes import changed_wishes
from cartage.model.catalogue import CatalogueProduct
from cartage.web.language import language_of, speaking
from cartage.web.pauses import paused_among
from cartage.web.rendering import page
from cartage.web.session import Posted
from cartage.web.wishes import USUAL, OptionsDesk, enhance_of, wishes_of_one

ASKED_AGAIN = ("render", "language")
KEPT = (*ASKED_AGAIN, "max_cost", "enhance", "enhance_asked")
STEPS: Mapping[str, FromStep] = {"extract": "extract", "pictures": "pictures"}


@dataclass(frozen=True, slots=True)
class KnownPage:
    """Offer what can be done with an address whose product is there, with the options that were asked for."""

    imports: Imports
    desk: OptionsDesk

    async def shown(
        self,
        request: Request,
        product: CatalogueProduct,
        fields: Mapping[str, str],
        status: int = 200,
        *,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        """Make the page, with what is `wrong` with the options beside them."""
        with speaking(language_of(request)):
            options = await self.desk.options(product.merchant_id, fields, wrong)
        import_ = await self.imports.import_(product.merchant_id, product.import_id)
        paused_ids = await paused_among(self.imports.store, request.state.visitor, [product])
        told = {"product": product, "import_": import_, "options": options, "paused_ids": paused_ids}
        return page(request, "known.html", status, **told)

    async def again(self, posted: Posted, product_id: str) -> None:
        """Import a product again as a form asks; as before where it does not say otherwise.

        Raises `InvalidInput` for options that cannot be, and `Conflict` while an import is under way.
        """
        step = STEPS.get(posted.fields.get("from_step", ""), "fetch")
        asked = wishes_of_one(posted.fields)
        changed = {name: getattr(asked, name) for name in ASKED_AGAIN if name in posted.fields}
        changed |= {} if asked.max_cost_usd is None else {"max_cost_usd": asked.max_cost_usd}
        wishes = await changed_wishes(self.imports.store, posted.merchant_id, product_id, changed)
        enhance = enhance_of(posted.fields)
        imports = self.imports.by(posted.asked_by)
        await imports.retry(posted.merchant_id, product_id, from_step=step, enhance=enhance, wishes=wishes)


def known_query(fields: Mapping[str, str]) -> str:
    """Give the end of the address that says that a product was there, and what was asked for."""
    asked = {name: fields[name] for name in KEPT if fields.get(name, "") not in {"", USUAL.get(name)}}
    return f"?{urlencode({'known': '1', **asked})}"
