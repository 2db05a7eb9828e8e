"""Pages of feeds: making one, its address, what it holds and who fetched it, and what is wanted of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from cartage.exports.feeds import Fed, Feeds, feed_targets
from cartage.exports.known import target_named
from cartage.model.errors import Conflict, InvalidInput, NotFound
from cartage.model.export import LinkTemplateMissing, TargetSettings
from cartage.model.feed import LONGEST_NAME, FeedTerms
from cartage.web.answers import go
from cartage.web.mending import picked_by, ways_for_all, ways_of
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.web.target_choices import CHOICES

HERE = "/exports/feeds"
PERIODS = {1: "every hour", 6: "every 6 hours", 24: "once a day", 168: "once a week"}
UNUSABLE = "A feed needs a name, and a number of hours."


@dataclass(frozen=True, slots=True)
class FeedPages:
    """Show feeds; their addresses begin with `site_url`, if that is known."""

    feeds: Feeds
    site_url: str

    def new(self, request: Request, fields: Mapping[str, str], status: int = 200, **told: Any) -> Response:
        """Show the form of a new feed with what was written in it."""
        told = {"error": None, "needs_link": False} | told
        return page(request, "feed_new.html", status, fields=fields, targets=feed_targets(), **_form(), **told)

    def one(self, request: Request, fed: Fed, status: int = 200, **told: Any) -> Response:
        """Show a feed, with its address to those who may change it."""
        site = self.site_url or str(request.base_url).rstrip("/")
        ways = {"ways_of": ways_of, "ways_for_all": ways_for_all, "picked": picked_by(fed.newest)}
        told = {"error": None, "kept": False, "fields": _written(fed.feed.terms)} | ways | told
        target = target_named(fed.feed.target)
        address = f"{site}/feeds/{fed.file}" if request.state.visitor.may("editor") else ""
        own = [(name, TargetSettings.model_fields[name].description) for name in target.settings]
        return page(request, "feed.html", status, fed=fed, target=target, address=address, own=own, **_form(), **told)


def add_feeds(router: APIRouter, feeds: Feeds, sessions: Sessions, site_url: str) -> None:
    """Add the pages of feeds and their forms."""
    pages = FeedPages(feeds, site_url)
    _add_new(router, pages, sessions)
    _add_one(router, pages, sessions)
    _add_acts(router, feeds, sessions)


def _add_new(router: APIRouter, pages: FeedPages, sessions: Sessions) -> None:
    @router.get(f"{HERE}/new")
    async def new_feed(
        request: Request, _: Annotated[Visitor, Depends(sessions.visitor)], target: str = ""
    ) -> Response:
        return pages.new(request, {"target": target})

    @router.post(HERE)
    async def add_feed(request: Request, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        target = posted.fields.get("target", "")
        try:
            made = await pages.feeds.add(posted.merchant_id, target, _terms(posted.fields, target))
        except LinkTemplateMissing as error:
            return pages.new(request, posted.fields, 422, error=error.failure(), needs_link=True)
        except (Conflict, InvalidInput, NotFound) as error:
            return pages.new(request, posted.fields, 422, error=error.failure())
        return go(f"{HERE}/{made.feed.id}")


def _add_one(router: APIRouter, pages: FeedPages, sessions: Sessions) -> None:
    @router.get(f"{HERE}/{{feed_id}}")
    async def show_feed(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], feed_id: str, kept: str = ""
    ) -> Response:
        return pages.one(request, await pages.feeds.feed(visitor.merchant_id, feed_id), kept=bool(kept))

    @router.post(f"{HERE}/{{feed_id}}")
    async def change_feed(
        request: Request, feed_id: str, posted: Annotated[Posted, Depends(sessions.posted)]
    ) -> Response:
        fed = await pages.feeds.feed(posted.merchant_id, feed_id)
        try:
            await pages.feeds.change(posted.merchant_id, feed_id, _terms(posted.fields, fed.feed.target))
        except (InvalidInput, LinkTemplateMissing) as error:
            return pages.one(request, fed, 422, error=error.failure(), fields=posted.fields)
        return go(f"{HERE}/{feed_id}?kept=1")


def _add_acts(router: APIRouter, feeds: Feeds, sessions: Sessions) -> None:
    @router.post(f"{HERE}/{{feed_id}}/make")
    async def make_feed(feed_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await feeds.make(posted.merchant_id, feed_id)
        return go(f"{HERE}/{feed_id}")

    @router.post(f"{HERE}/{{feed_id}}/rotate")
    async def rotate_feed(feed_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await feeds.rotate(posted.merchant_id, feed_id)
        return go(f"{HERE}/{feed_id}")

    @router.post(f"{HERE}/{{feed_id}}/remove")
    async def remove_feed(feed_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await feeds.remove(posted.merchant_id, feed_id)
        return go("/exports#feeds-title")


def _form() -> dict[str, Any]:
    return {"choices": CHOICES, "periods": PERIODS, "longest": LONGEST_NAME}


def _terms(fields: Mapping[str, str], target: str) -> FeedTerms:
    """Read a form; a setting that is left empty is as it is for all exports; raises `InvalidInput`."""
    names = target_named(target).settings
    own = {name: value.strip() for name in names if (value := fields.get(f"own_{name}", "")).strip()}
    told = {"name": fields.get("name", "").strip(), "filter": fields.get("filter", "").strip(), "settings": own}
    try:
        return FeedTerms.model_validate(
            told | {"every_hours": fields.get("every_hours", 6), "sound_only": "sound_only" in fields}
        )
    except ValidationError as error:
        raise InvalidInput(UNUSABLE, f"/{error.errors()[0]['loc'][0]}") from error


def _written(terms: FeedTerms) -> dict[str, str]:
    """Write terms as the form has them."""
    told = {"name": terms.name, "filter": terms.filter, "every_hours": str(terms.every_hours)}
    told |= {"sound_only": "yes"} if terms.sound_only else {}
    return told | {f"own_{name}": value for name, value in terms.settings.items()}
