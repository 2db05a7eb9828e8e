"""Pages of enhancement: new texts beside their sources, to accept or reject, and what is to be written."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.imports.enhancement import Enhancing, wanted_in
from cartage.model.catalogue import CatalogueProduct
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceSettings, Task, TextField, Wanted
from cartage.model.errors import Conflict, InvalidInput
from cartage.web import words
from cartage.web.answers import go
from cartage.web.language import gettext, spoken
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.wording.difference import Piece, difference
from cartage.wording.tasks import language_name

HERE = "/settings/enhancement"
FIRST_LANGUAGES = ("ar", "en")
APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Show an enhancement: its source and its text in pieces, with what differs; `direction` is that of its script."""

    kept: Enhancement
    title: str
    language: str
    direction: str
    before: Sequence[Piece]
    after: Sequence[Piece]


def add_enhancement(router: APIRouter, enhancing: Enhancing, sessions: Sessions) -> None:
    """Add asking for texts and deciding on them, and the settings."""

    @router.post("/products/{product_id}/enhance")
    async def enhance(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        wanted = [wanted_in(each) for each in posted.fields.get("tasks", "").split()]
        with contextlib.suppress(Conflict):  # it is under way
            await enhancing.enhance(posted.merchant_id, product_id, wanted)
        return _back(product_id)

    @router.post("/products/{product_id}/enhance/continue")
    async def go_on(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        with contextlib.suppress(Conflict):
            await enhancing.go_on(posted.merchant_id, product_id)
        return _back(product_id)

    @router.post("/products/{product_id}/enhancements")
    async def decide(product_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await enhancing.store.catalogue.product(posted.merchant_id, product_id)
        named = [posted.fields.get("id", "")]
        match posted.fields.get("decision"):
            case "all":
                await enhancing.accept_all(posted.merchant_id, product_id)
            case "accept":
                await enhancing.decide(posted.merchant_id, product_id, accept=named)
            case "reject":
                await enhancing.decide(posted.merchant_id, product_id, reject=named)
            case _:
                raise InvalidInput("A text is accepted or rejected.", "/decision")
        return _back(product_id)

    _add_settings(router, enhancing, sessions)


def _add_settings(router: APIRouter, enhancing: Enhancing, sessions: Sessions) -> None:
    def shown(request: Request, fields: dict[str, str], status: int = 200, **told: Any) -> Response:
        context = {"kept": False, "error": "", "off": enhancing.off} | told
        return page(request, "enhancement.html", status, fields=fields, tasks=list(Task), **context)

    @router.get(HERE)
    async def show_settings(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], kept: str = ""
    ) -> Response:
        settings = await enhancing.settings(visitor.merchant_id)
        return shown(request, fields_of(settings), kept=bool(kept))

    @router.post(HERE)
    async def set_settings(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        try:
            await enhancing.set_settings(settings_of(posted.merchant_id, posted.fields))
        except InvalidInput as error:
            return shown(request, posted.fields, 422, error=error.detail)
        return go(f"{HERE}?kept=1")


def fields_of(settings: EnhanceSettings) -> dict[str, str]:
    """Give the form's fields as a merchant's settings have them."""
    chosen = {f"task_{task.value}": "yes" for task in settings.tasks}
    automatic = {"automatic": "yes"} if settings.automatic else {}
    return {**chosen, **automatic, "languages": " ".join(settings.languages), "voice": settings.voice}


def settings_of(merchant_id: str, fields: dict[str, str]) -> EnhanceSettings:
    """Read the form; raises `InvalidInput`."""
    languages = [each for each in APART.split(fields.get("languages", "")) if each]
    try:
        return EnhanceSettings(
            merchant_id=merchant_id,
            automatic="automatic" in fields,
            tasks=tuple(task for task in Task if f"task_{task.value}" in fields),
            languages=tuple(dict.fromkeys(languages)),
            voice=fields.get("voice", "").replace("\r\n", "\n").strip(),
        )
    except ValidationError as error:
        place = error.errors()[0]["loc"][0]
        told = "Languages are tags such as ar or pt-BR." if place == "languages" else "That is longer than it may be."
        raise InvalidInput(told, f"/{place}") from error


async def texts_of(enhancing: Enhancing, product: CatalogueProduct) -> dict[str, Any]:
    """Give what the page of a product shows of its enhancements."""
    found = await enhancing.enhancements(product.merchant_id, product.id)
    settings = await enhancing.settings(product.merchant_id)
    return {
        "model_off": enhancing.off,
        "run": await enhancing.last_run(product.merchant_id, product.id),
        "proposals": proposals_of(product, found),
        "waiting": sum(each.state is EnhancementState.PROPOSED for each in found),
        "chosen": settings.wanted,
        "offered": _offered(settings),
    }


def proposals_of(product: CatalogueProduct, found: Sequence[Enhancement]) -> list[Proposal]:
    """Order enhancements by language and field, and set them beside their sources."""
    fields = list(TextField)
    ordered = sorted(found, key=lambda each: (each.language or "", fields.index(each.field)))
    return [_proposal(each, (product.facts and product.facts.language) or "") for each in ordered]


def _proposal(kept: Enhancement, own_language: str) -> Proposal:
    title = gettext(words.TEXT_FIELDS[kept.field])
    # Two languages have no words in common that would tell anything.
    pieces = difference(kept.source, kept.text) if kept.language is None else []
    before = [each for each in pieces if each.change != "added"] or [Piece("same", kept.source)]
    after = [each for each in pieces if each.change != "removed"] or [Piece("same", kept.text)]
    return Proposal(
        kept,
        _titled(title, kept.language) if kept.language else title,
        kept.language or own_language,
        direction_of(kept.language) if kept.language else "auto",
        before,
        after,
    )


def _titled(title: str, language: str) -> str:
    return gettext("%(title)s in %(language)s") % {"title": title, "language": language_name(language, spoken())}


def direction_of(language: str) -> str:
    """Give the direction that a language is written in; `auto` where it is not known."""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "auto"


def _offered(settings: EnhanceSettings) -> list[Wanted]:
    plain = [Wanted(task=task) for task in Task if task is not Task.TRANSLATION]
    languages = settings.languages or FIRST_LANGUAGES
    return [*plain, *(Wanted(task=Task.TRANSLATION, language=language) for language in languages)]


def _back(product_id: str) -> Response:
    return go(f"/products/{product_id}#enhancements")
