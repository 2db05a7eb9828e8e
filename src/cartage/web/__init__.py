"""The HTML door: pages for people, over the use cases."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response

from cartage.accounts.service import Accounts
from cartage.exports.feeds import Feeds
from cartage.exports.service import Exports
from cartage.imports.batch import Batches
from cartage.imports.batch_check import Pace
from cartage.imports.bulk import BulkActions
from cartage.imports.enhancement import Enhancing
from cartage.imports.pausing import Pausing
from cartage.imports.pictures import Curator
from cartage.imports.service import Imports
from cartage.imports.spacing import Spacings
from cartage.imports.spending import Costs
from cartage.imports.trial import Trial
from cartage.imports.upkeep import Upkeep
from cartage.imports.uploads import Uploads
from cartage.pricing.service import Pricing
from cartage.web.accounts import add_join, add_login, add_passwords
from cartage.web.answers import PageRoute, UnknownPage, unknown_page
from cartage.web.arranging import Arranging, add_arranging
from cartage.web.assets import serve_asset
from cartage.web.batches import add_batches
from cartage.web.browser_page import add_browser_page
from cartage.web.browsing import ImportList, add_lists_by_filter
from cartage.web.bulk import BulkPages, add_bulk
from cartage.web.catalogue import add_imports, add_look, add_products
from cartage.web.costs import CostsPage, add_costs
from cartage.web.editing import add_choosing, add_editing
from cartage.web.enhancement import add_enhancement
from cartage.web.exports import add_exports
from cartage.web.feeds import add_feeds
from cartage.web.general import add_general, add_installation
from cartage.web.importing import FormPage, add_actions, add_form, add_status
from cartage.web.installation import Installation
from cartage.web.known import KnownPage
from cartage.web.listings import add_listings
from cartage.web.lists import ListPages, add_lists
from cartage.web.models import ModelPage, add_models
from cartage.web.network import add_network
from cartage.web.pauses import add_pauses
from cartage.web.pictures import add_pictures
from cartage.web.pricing import add_pricing
from cartage.web.reference import add_reference
from cartage.web.refreshing import add_refreshing
from cartage.web.review import add_review
from cartage.web.session import LARGEST_BODY, Sessions
from cartage.web.settings import SettingsPage, add_settings
from cartage.web.switching import add_language
from cartage.web.upkeep import add_retention
from cartage.web.variants import add_variants
from cartage.web.webhooks import add_webhooks
from cartage.web.wishes import OptionsDesk
from cartage.webhooks.service import Webhooks

UNHURRIED = Pace()


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Say what the pages offer: links to try (label, address), a login to fill in, and cookies for HTTPS only.

    `site_url` is where people reach this site, for links that leave it; the request's own address if empty. `pace`
    is how fast lists may go, for estimates. `model` names the language model that is asked; where there is none,
    `model_off` says why. `trial` asks it one question. `curator` keeps pictures that are uploaded.
    `installation` is what the operator set, for the pages that tell of it, and `public_site` where shops reach it.
    """

    demo_links: tuple[tuple[str, str], ...] = ()
    demo_login: tuple[str, str] | None = None
    secure_cookies: bool = False
    site_url: str = ""
    public_site: str = ""
    pace: Pace = UNHURRIED
    model: str = ""
    model_off: str = ""
    trial: Trial | None = None
    curator: Curator | None = None
    installation: Installation = field(default_factory=Installation)

    def exports(self, imports: Imports) -> Exports:
        """Give what exports products to shops."""
        return Exports(imports.store, self.public_site)


def create_web(imports: Imports, accounts: Accounts, options: WebOptions) -> APIRouter:
    """Make the pages' routes over the use cases."""
    sessions = Sessions(accounts, options.secure_cookies)
    router = APIRouter(route_class=PageRoute, include_in_schema=False, max_body_size=LARGEST_BODY)
    add_login(router, accounts, sessions, options.demo_login)
    add_join(router, accounts, sessions)
    add_passwords(router, accounts, sessions)
    add_settings(router, SettingsPage(accounts, options.site_url), sessions)
    add_webhooks(router, Webhooks(imports.store, imports.rules), sessions)
    enhancing = Enhancing(imports.store, imports.engine, options.model_off)
    desk = OptionsDesk(imports, enhancing)
    add_form(router, FormPage(imports, desk, options.demo_links), sessions)
    add_browser_page(router, imports, sessions, options.site_url)
    known_page = KnownPage(imports, desk)
    add_status(router, known_page, sessions)
    add_actions(router, known_page, sessions)
    batches = Batches(imports.store, imports)
    add_lists(router, ListPages(batches, options.pace, desk, options.installation, bool(options.model)), sessions)
    add_batches(router, batches, sessions, options.site_url)
    add_listings(router, batches, sessions)
    add_lists_by_filter(router, imports, sessions)
    add_products(router, imports, options.exports(imports), enhancing, sessions)
    add_enhancement(router, enhancing, sessions)
    add_pictures(router, imports, sessions)
    add_look(router, imports, sessions)
    add_imports(router, imports, sessions)
    add_arranging(router, sessions, Arranging(imports, Uploads(options.curator), bool(options.public_site)))
    add_editing(router, Upkeep(imports.store), sessions)
    add_choosing(router, Upkeep(imports.store), sessions)
    add_variants(router, Upkeep(imports.store), sessions)
    add_review(router, Upkeep(imports.store), sessions)
    add_general(router, imports, accounts, enhancing, sessions)
    add_installation(router, imports, options.installation, sessions)
    add_pauses(router, Pausing(imports.store), sessions, ImportList(imports))
    add_network(router, Spacings(imports.store), accounts, options.installation, sessions)
    models = ModelPage(Costs(imports.store), options.installation, options.model_off, options.trial)
    add_models(router, models, sessions)
    add_refreshing(router, Upkeep(imports.store), sessions)
    add_retention(router, Upkeep(imports.store), sessions)
    model = options.trial and options.trial.model
    add_costs(router, CostsPage(Costs(imports.store), options.installation, model), sessions)
    add_feeds(router, Feeds(imports.store, options.public_site), sessions, options.site_url)
    add_exports(router, options.exports(imports), sessions)
    add_bulk(router, BulkPages(BulkActions(imports.store), options.installation, bool(options.model)), sessions)
    add_pricing(router, Pricing(imports.store), sessions)

    add_language(router, secure=options.secure_cookies)
    add_reference(router, sessions)

    @router.get("/static/{name:path}")
    async def static(request: Request, name: str) -> Response:
        return serve_asset(request, name)

    router.add_api_route("/{path:path}", unknown_page, route_class_override=UnknownPage)
    return router
