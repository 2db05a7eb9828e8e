"""Pages of exports: choosing a target, what was found, the files, and each product as a target has it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from cartage.api.exports import sent
from cartage.exports.feeds import Feeds
from cartage.exports.known import TARGETS, target_named
from cartage.exports.preview import preview_of
from cartage.exports.service import Exports, changed_settings
from cartage.exports.target import Target, Terms
from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import InvalidInput
from cartage.model.export import LinkTemplateMissing, TargetSettings
from cartage.model.pricing import PricingRules
from cartage.model.product import Money
from cartage.pricing.products import ProductPrices, prices_of
from cartage.web.answers import go
from cartage.web.feeds import PERIODS
from cartage.web.mending import alike, picked_by, ways_for_all, ways_of
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.web.target_choices import CHOICES

LISTED = 20
USUAL = ("shopify", "google")  # of a merchant who has set none up


def add_exports(router: APIRouter, exports: Exports, sessions: Sessions) -> None:
    """Add the exports, their files, the settings of targets, and previews."""
    _add_form(router, exports, sessions)
    _add_export(router, exports, sessions)
    _add_settings(router, exports, sessions)
    _add_preview(router, exports, sessions)


async def selling_of(exports: Exports, product: CatalogueProduct) -> dict[str, Any]:
    """Gather what a product's page shows of selling it: its prices with their steps, and each target's verdict."""
    merchant_id = product.merchant_id
    rules = await exports.store.selling.pricing(merchant_id) or PricingRules()
    settings = await exports.store.selling.target_settings(merchant_id)
    terms = {name: Terms(settings.get(name, TargetSettings()), rules, exports.site) for name in TARGETS}
    previews = [preview_of(product, target, terms[name]) for name, target in TARGETS.items()]
    prices = prices_of(product, rules)
    names = [" / ".join(each.options.values()) for each in product.facts.variants] if product.facts else []
    priced = list(zip(names or [""], prices.sold(), strict=True))
    named = settings.keys() & TARGETS.keys() or set(USUAL)
    usual = [preview for preview in previews if preview.target.name in named]
    return {
        "previews": previews,
        "usual": usual,
        "priced": priced,
        "sells": sells_for(product, prices),
        "prices": prices,
    }


def sells_for(product: CatalogueProduct, prices: ProductPrices) -> tuple[Money, Money] | None:
    """Give the lowest and the highest price at which a product sells, where that is not the one that it states."""
    asked = [each.price for each in prices.sold() if each.price]
    own = product.facts and product.facts.price
    if not asked or len({each.currency for each in asked}) > 1 or all(each == own for each in asked):
        return None
    return min(asked, key=lambda each: each.amount), max(asked, key=lambda each: each.amount)


def _add_form(router: APIRouter, exports: Exports, sessions: Sessions) -> None:
    async def shown(request: Request, visitor: Visitor, wanted: str, target: str, error: str = "") -> Response:
        listed = await exports.exports(visitor.merchant_id, limit=LISTED)
        context: dict[str, Any] = {"filter": wanted, "chosen": target, "error": error, "exports": listed}
        context |= {"feeds": await Feeds(exports.store, exports.site).feeds(visitor.merchant_id), "periods": PERIODS}
        return page(request, "exports.html", 422 if error else 200, targets=TARGETS, **context)

    @router.get("/exports")
    async def list_exports(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        written: Annotated[str, Query(alias="filter")] = "",
        target: str = "shopify",
    ) -> Response:
        return await shown(request, visitor, written, target)

    @router.post("/exports")
    async def submit(request: Request, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        wanted, target = posted.fields.get("filter", "").strip(), posted.fields.get("target", "")
        check_only = posted.fields.get("do") == "check"
        try:
            export = await exports.submit(posted.merchant_id, target, wanted, check_only=check_only)
        except LinkTemplateMissing:
            return go(f"/settings/exports/{target}?needed=1")
        except InvalidInput as error:
            return await shown(request, posted.visitor, wanted, target, error.detail)
        return go(f"/exports/{export.id}")


def _add_export(router: APIRouter, exports: Exports, sessions: Sessions) -> None:
    @router.get("/exports/{export_id}")
    async def show_export(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], export_id: str
    ) -> Response:
        export = await exports.export(visitor.merchant_id, export_id)
        ways = {"ways_of": ways_of, "ways_for_all": ways_for_all, "picked": picked_by(export)}
        return page(request, "export.html", export=export, target=target_named(export.target), **ways)

    @router.get("/exports/{export_id}/download")
    async def download(visitor: Annotated[Visitor, Depends(sessions.visitor)], export_id: str) -> Response:
        return await sent(exports, visitor.merchant_id, export_id)


def _add_settings(router: APIRouter, exports: Exports, sessions: Sessions) -> None:
    def shown(request: Request, target: Target, values: Mapping[str, str], status: int = 200, **told: Any) -> Response:
        fields = [
            (name, TargetSettings.model_fields[name].description, values.get(name, "")) for name in target.settings
        ]
        context = {"error": "", "kept": False, "needed": False} | told
        return page(
            request, "target.html", status, target=target, targets=TARGETS, fields=fields, choices=CHOICES, **context
        )

    @router.get("/settings/exports/{target}")
    async def show_target(
        request: Request,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        target: str,
        kept: str = "",
        needed: str = "",
    ) -> Response:
        settings = await exports.settings(visitor.merchant_id, target)
        return shown(request, target_named(target), _written(settings), kept=bool(kept), needed=bool(needed))

    @router.post("/settings/exports/{target}")
    async def set_target(
        request: Request, target: str, posted: Annotated[Posted, Depends(sessions.administered)]
    ) -> Response:
        known = target_named(target)
        given = {name: posted.fields[name] for name in known.settings if name in posted.fields}
        try:
            settings = changed_settings(known, await exports.settings(posted.merchant_id, target), given)
        except InvalidInput as error:
            return shown(request, known, given, 422, error=error.detail)
        await exports.store.selling.set_target_settings(posted.merchant_id, target, settings)
        return go(f"/settings/exports/{target}?kept=1")


def _add_preview(router: APIRouter, exports: Exports, sessions: Sessions) -> None:
    @router.get("/products/{product_id}/exports/{target}")
    async def show_preview(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], product_id: str, target: str
    ) -> Response:
        product = await exports.store.catalogue.product(visitor.merchant_id, product_id)
        known = target_named(target)
        preview = preview_of(product, known, await exports.terms(visitor.merchant_id, known))
        told = {"preview": preview, "groups": alike(preview.findings), "targets": TARGETS, "ways_of": ways_of}
        return page(request, "preview.html", product=product, **told)


def _written(settings: TargetSettings) -> dict[str, str]:
    told = settings.model_dump(mode="json", exclude={"tags"})
    plain = {
        name: str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        for name, value in told.items()
    }
    return plain | {"tags": ", ".join(settings.tags)}
