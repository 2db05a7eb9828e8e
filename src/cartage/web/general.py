"""Pages of settings about the whole: the merchant's own, and the installation's providers and health."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage import __version__
from cartage.accounts.service import Accounts
from cartage.imports.enhancement import Enhancing
from cartage.imports.service import Imports
from cartage.imports.spending import SHOWN_DAYS, Costs
from cartage.imports.upkeep import Upkeep
from cartage.model.errors import CartageError, InvalidInput
from cartage.model.machine_errors import DiskLow
from cartage.model.merchant import Merchant, MerchantChange
from cartage.pricing.service import Pricing
from cartage.web.answers import go
from cartage.web.installation import BUDGETS, Installation
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

HERE = "/settings/general"
NO_WORKER = "Nothing runs imports."
AMISS = {"currency": "A currency is its code, such as EUR.", "units": "There are no such units."}
START_ONE = "Start one with `cartage worker`, or run `cartage serve`."


@dataclass(frozen=True, slots=True)
class Check:
    """Hold one thing that was looked at: `advice` is empty when it is well."""

    name: str
    detail: str = ""
    advice: str = ""


def add_general(
    router: APIRouter, imports: Imports, accounts: Accounts, enhancing: Enhancing, sessions: Sessions
) -> None:
    """Add the page of what is the merchant's own: its name, its currency and units, what happens by itself."""

    async def shown(request: Request, visitor: Visitor, status: int = 200, **told: Any) -> Response:
        merchant_id, upkeep = visitor.merchant_id, Upkeep(imports.store)
        return page(
            request,
            "general.html",
            status,
            fields=told.get("fields") or fields_of(visitor.merchant),
            error=told.get("error", ""),
            kept=told.get("kept", False),
            rules=await Pricing(imports.store).rules(merchant_id),
            schedule=await upkeep.schedule(merchant_id),
            retention=await upkeep.retention(merchant_id),
            enhance=await enhancing.settings(merchant_id),
            model_off=enhancing.off,
        )

    @router.get(HERE)
    async def show_general(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        return await shown(request, visitor, kept=bool(kept))

    @router.post(HERE)
    async def change(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        try:
            await accounts.change_merchant(posted.merchant_id, change_of(posted.fields))
        except InvalidInput as error:
            fields = fields_of(posted.visitor.merchant) | posted.fields
            return await shown(request, posted.visitor, 422, fields=fields, error=error.detail)
        return go(f"{HERE}?kept=1")


def fields_of(merchant: Merchant) -> dict[str, str]:
    """Give the forms' fields of what a merchant is called and prefers."""
    return {"name": merchant.name, "currency": merchant.currency or "", "units": merchant.units or ""}


def change_of(fields: Mapping[str, str]) -> MerchantChange:
    """Read one of the forms: what it has is changed; raises `InvalidInput`."""
    given: dict[str, Any] = {name: fields[name].strip() for name in MerchantChange.model_fields if name in fields}
    if "currency" in given:
        given["currency"] = given["currency"].upper() or None
    if "units" in given:
        given["units"] = given["units"] or None
    try:
        return MerchantChange(**given)
    except ValidationError as error:
        raise InvalidInput(AMISS[str(error.errors()[0]["loc"][0])]) from error


def add_installation(router: APIRouter, imports: Imports, installation: Installation, sessions: Sessions) -> None:
    """Add the pages of what the operator set, and of how this Cartage is."""
    costs = Costs(imports.store)

    @router.get("/settings/providers")
    async def show_providers(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        lines = await costs.of(visitor.merchant_id, "provider")
        offers, budgets = installation.offers(lines), installation.rows(BUDGETS)
        return page(request, "providers.html", offers=offers, budgets=budgets, days=SHOWN_DAYS)

    @router.get("/settings/about")
    async def show_about(request: Request, _: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        revision, checks = await _looked(imports)
        about = {"version": __version__, "installation": installation, "engine": installation.settings.engine}
        return page(request, "about.html", revision=revision, checks=checks, **about)


async def _looked(imports: Imports) -> tuple[str, list[Check]]:
    """Look at the database, the disk and what runs imports; give the schema's revision, too."""
    revision, database = "", Check("database")
    try:
        revision = await imports.store.check()
    except CartageError as error:
        database = Check("database", error.detail, error.advice)
    low = DiskLow.advice if imports.reserve.low else ""
    stopped = await imports.worker_stopped()
    worker = Check("worker", NO_WORKER, START_ONE) if stopped else Check("worker")
    return revision, [database, Check("disk", DiskLow.__doc__ or "" if low else "", low), worker]
