"""What settings make of each replaceable part of an installation."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from cartage.engine import Engine, Workflow
from cartage.engines.elsewhere import Elsewhere
from cartage.engines.inline import Inline
from cartage.fetching.client import Fetcher
from cartage.fetching.guard import resolve_as_written, resolve_by_system
from cartage.fetching.outlet import Outlet, read_proxy
from cartage.fetching.signing import Signer, read_signer
from cartage.fetching.turns import Manners, Turns
from cartage.imports.batch_check import Bounds
from cartage.imports.filling import Filler
from cartage.imports.photos import Photographer
from cartage.imports.pictures import MEBIBYTE, Curator
from cartage.imports.reserve import Reserve
from cartage.language_model import LanguageModel
from cartage.language_models.endpoint import Endpoint, Rates, find_endpoint
from cartage.model.errors import Misconfigured
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, Caps, millionths
from cartage.pictures.workshop import Workshop
from cartage.provider import Provider
from cartage.providers.apify import Apify
from cartage.providers.browser import Browser, Terms, find_chromium
from cartage.providers.direct import Direct
from cartage.providers.firecrawl import Firecrawl
from cartage.providers.kept import Kept
from cartage.providers.oxylabs import Oxylabs
from cartage.providers.pasted import Pasted
from cartage.providers.shop_api import ShopApi
from cartage.providers.zyte import Zyte
from cartage.scraping.plan import RetryPreset
from cartage.settings import Settings
from cartage.store import Store

KEPT_FOR_PEOPLE = 2  # places that batches leave free


def make_fetcher(
    settings: Settings, turns: Turns, shop_address: tuple[str, int] | None = None, signer: Signer | None = None
) -> Fetcher:
    """Make the door to the network; `shop_address` is the one loopback address that it may lead to."""
    exceptions = frozenset([shop_address] if shop_address else [])
    proxy = settings.proxy.get_secret_value()
    return Fetcher(
        deadline_seconds=settings.fetch_deadline_seconds,
        extra_ports=settings.extra_ports,
        exceptions=exceptions,
        dial=Outlet(read_proxy(proxy), beside=exceptions) if proxy else None,
        manners=Manners(turns, robots=settings.robots == "obey", spacing_seconds=settings.host_spacing_seconds),
        contact=settings.contact,
        signer=signer,
    )


def make_providers(settings: Settings, store: Store, fetcher: Fetcher, browser: Browser | None) -> dict[str, Provider]:
    """Make every provider that this installation can ask, by name."""
    own = (
        ShopApi(fetcher),
        Direct(fetcher),
        Pasted(store.artifacts),
        Kept(store.artifacts),
        *([browser] if browser else []),
    )
    return {provider.name: provider for provider in (*own, *_hosted(settings, fetcher))}


def make_signer(settings: Settings) -> Signer | None:
    """Read the operator's key for Web Bot Auth, where one is named."""
    path = settings.signing_key_file
    return read_signer(path, settings.site_url) if path else None


def make_reserve(settings: Settings, free: Callable[[Path], int]) -> Reserve:
    """Make what keeps room on the disk, where the data is on this machine's."""
    folder = settings.disk_folder
    return Reserve(folder, settings.disk_reserve_mb * MEBIBYTE, free) if folder else Reserve()


def make_curator(settings: Settings, store: Store, fetcher: Fetcher) -> Curator | None:
    """Make what keeps copies of products' images, unless pictures are off."""
    if settings.pictures == "off":
        return None
    return Curator(
        store,
        fetcher,
        Workshop(),
        per_product=settings.pictures_per_product,
        space=settings.pictures_space_mb * MEBIBYTE,
        seconds=settings.fetch_deadline_seconds,
    )


def make_filler(settings: Settings, store: Store, fetcher: Fetcher, model: LanguageModel | None) -> Filler | None:
    """Make what asks a language model about pages with gaps, where there is one; it looks at pictures as well."""
    if model is None:
        return None
    return Filler(store, model, Photographer(store, fetcher, Workshop(), settings.fetch_deadline_seconds))


def make_language_model(settings: Settings) -> tuple[LanguageModel | None, str]:
    """Make the model that settings name, or say why there is none."""
    if not settings.model:
        return None, "CARTAGE_MODEL names no language model."
    endpoint = find_endpoint(settings.model, settings.model_url)
    if endpoint.needs_key and not settings.model_key.get_secret_value():
        return None, "CARTAGE_MODEL_KEY is not set."
    try:
        return _asked_model(settings, endpoint), ""
    except ModuleNotFoundError:
        return None, "`pip install 'cartage[ai]'` is missing."


def _asked_model(settings: Settings, endpoint: Endpoint) -> LanguageModel:
    from cartage.language_models.asking import AskedModel

    # What leads to the operator's own server leads nowhere else, and no page is fetched through it.
    fetcher = Fetcher(exceptions=endpoint.door, resolve=resolve_as_written if endpoint.own else resolve_by_system)
    return AskedModel(
        endpoint,
        settings.model_key.get_secret_value(),
        fetcher,
        seconds=settings.model_deadline_seconds,
        rates=_rates(settings),
    )


def _rates(settings: Settings) -> Rates | None:
    if settings.model_price_in is None or settings.model_price_out is None:
        return None
    return Rates(settings.model_price_in, settings.model_price_out, settings.model_price_cached)


def make_browser(settings: Settings, fetcher: Fetcher) -> Browser | None:
    """Find the installed Chromium; raises `Misconfigured` where a named one is missing."""
    executable = find_chromium(settings.browser)
    if executable:
        looked_at = bool(settings.model) and settings.fill != "off"
        return Browser(fetcher, executable, Terms(settings.fetch_deadline_seconds, portraits=looked_at))
    if settings.browser in {"auto", "off"}:
        return None
    raise Misconfigured("CARTAGE_BROWSER names no program, or `pip install 'cartage[browser]'` is missing.")


def _hosted(settings: Settings, fetcher: Fetcher) -> Iterator[Provider]:
    if key := settings.zyte_key.get_secret_value():
        yield Zyte(fetcher, key, price=_price(settings.zyte_price))
    if key := settings.firecrawl_key.get_secret_value():
        yield Firecrawl(fetcher, key, price=_price(settings.firecrawl_price), url=settings.firecrawl_url)
    if key := settings.oxylabs_key.get_secret_value():
        yield Oxylabs(fetcher, key, price=_price(settings.oxylabs_price))
    if key := settings.apify_key.get_secret_value():
        yield Apify(fetcher, key, actor=settings.apify_actor, price=_price(settings.apify_price))


def make_bounds(settings: Settings, *, asks_model: bool) -> Bounds:
    """Say how much imports may cost, each and all of a list; nothing is paid without a key and a language model."""
    keys = (settings.zyte_key, settings.firecrawl_key, settings.oxylabs_key, settings.apify_key)
    paid = asks_model or any(key.get_secret_value() for key in keys)
    return Bounds(settings.budget_import, settings.budget_batch, paid)


def make_caps(settings: Settings) -> Caps:
    """Read the caps on spending, in millionths of a dollar."""
    named = {
        "per_import": settings.budget_import,
        "per_batch": settings.budget_batch,
        "per_merchant_and_day": settings.budget_merchant_day,
        "per_day": settings.budget_day,
    }
    return Caps(**{name: None if cap is None else in_millionths(cap) for name, cap in named.items()})


def _price(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=DOLLAR)


def in_millionths(amount: Decimal) -> int:
    """Write an amount of dollars in millionths."""
    return millionths(Money(amount=amount, currency=DOLLAR))


def make_engine(settings: Settings, workflow: Workflow, retry: RetryPreset) -> Engine:
    """Make the engine that settings name; raises `Misconfigured` where it can not be had."""
    match settings.engine:
        case "inline":
            return Inline(workflow, retry)
        case "elsewhere":
            return Elsewhere(settings.data_dir)
        case "embedded":
            from cartage.engines.embedded import Embedded
            from cartage.engines.embedded.turnstile import Limits

            limits = Limits(
                total=settings.concurrency,
                bulk=max(1, settings.concurrency - KEPT_FOR_PEOPLE),
                per_merchant=settings.merchant_concurrency,
                per_host=settings.host_concurrency,
            )
            return Embedded(settings.data_dir, workflow, limits, retry)
        case "inngest":
            return _inngest(settings, workflow, retry)


def _inngest(settings: Settings, workflow: Workflow, retry: RetryPreset) -> Engine:
    try:
        from cartage.engines.inngest import InngestEngine
    except ModuleNotFoundError as error:
        raise Misconfigured("CARTAGE_ENGINE is inngest, which needs `pip install 'cartage[inngest]'`.") from error
    from cartage.engines.inngest.terms import InngestTerms

    dev = settings.inngest_dev.strip()
    terms = InngestTerms(
        url=dev if "://" in dev else settings.inngest_url,
        serve_url=settings.inngest_serve_url or settings.site_url,
        public_url=settings.site_url,
        listens_on=settings.host,
        dev=dev.lower() not in {"", "0", "false"},
        event_key=settings.inngest_event_key,
        signing_key=settings.inngest_signing_key,
        concurrency=settings.concurrency,
        per_merchant=settings.merchant_concurrency,
        per_host=settings.host_concurrency,
        retry=retry,
    )
    terms.check()
    return InngestEngine(workflow, terms)
