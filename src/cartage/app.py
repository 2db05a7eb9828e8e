"""The composition root: the only module that sees contracts and adapters, and binds them once."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cartage.accounts.service import Accounts
from cartage.engine import Engine, Workflow
from cartage.engines.elsewhere import Elsewhere
from cartage.engines.inline import Inline
from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.fetching.address import canonical_url
from cartage.fetching.client import Fetcher
from cartage.fetching.guard import resolve_as_written, resolve_by_system
from cartage.fetching.signing import Signer, read_signer
from cartage.fetching.turns import Manners, Turns
from cartage.imports.batch import Batches
from cartage.imports.enhance_workflow import EnhanceWorkflow
from cartage.imports.enhancement import Enhancing
from cartage.imports.feeding import Feeder
from cartage.imports.filling import Filler
from cartage.imports.ledgers import ImportLedger, RunLedger
from cartage.imports.measures import Measures
from cartage.imports.pictures import MEBIBYTE, Curator
from cartage.imports.reconciler import Reconciler
from cartage.imports.refreshing import Refresher
from cartage.imports.service import Imports
from cartage.imports.tracing import Tracer, make_tracer
from cartage.imports.workflow import ImportWorkflow
from cartage.imports.works import Works
from cartage.language_model import LanguageModel
from cartage.language_models.endpoint import Endpoint, Rates, find_endpoint
from cartage.model.catalogue import Import
from cartage.model.errors import ImportFailed, Misconfigured
from cartage.model.page import Page, PageRequest
from cartage.model.product import Money, Product
from cartage.model.spending import DOLLAR, Caps, millionths
from cartage.pictures.workshop import Workshop
from cartage.provider import Provider
from cartage.providers.apify import Apify
from cartage.providers.browser import Browser, Terms, find_chromium
from cartage.providers.direct import Direct
from cartage.providers.firecrawl import Firecrawl
from cartage.providers.oxylabs import Oxylabs
from cartage.providers.pasted import Pasted
from cartage.providers.shop_api import ShopApi
from cartage.providers.zyte import Zyte
from cartage.scraping.plan import RetryPreset
from cartage.settings import Settings, read_settings
from cartage.store import Store
from cartage.stores.memory import MemoryStore
from cartage.stores.memory_turns import MemoryTurns
from cartage.webhooks.postman import Postman

LIBRARY_MERCHANT = "mer_library"
KEPT_FOR_PEOPLE = 2  # places that batches leave free
BATCH_AHEAD = 2  # imports of a merchant's batches under way for each place


@dataclass(frozen=True, slots=True)
class App:
    """Hold one installation's parts, wired; `model_off` says why there is no language model, where there is none."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    browser: Browser | None
    engine: Engine
    imports: Imports
    accounts: Accounts
    reconcilers: tuple[Reconciler, ...]
    enhancing: Enhancing
    batches: Batches
    feeder: Feeder
    refresher: Refresher
    measures: Measures
    tracer: Tracer
    postman: Postman
    maker: Maker
    curator: Curator | None = None
    signer: Signer | None = None
    language_model: LanguageModel | None = None
    model_off: str = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator["App"]:
        """Open the store, start the engine, re-queue what an earlier process left, and close all at the end."""
        await self.store.open()
        try:
            await self.engine.start()
            watching = [asyncio.create_task(each) for each in self._watches()]
            try:
                yield self
            finally:
                for task in watching:
                    task.cancel()
                await asyncio.gather(*watching, return_exceptions=True)
                await self.engine.stop()
                await asyncio.to_thread(self.tracer.close)
        finally:
            if self.browser:
                await self.browser.aclose()
            if self.language_model:
                await self.language_model.aclose()
            await self.fetcher.aclose()
            await self.store.close()

    def _watches(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield from (each.watch() for each in self.reconcilers)
        if self.settings.engine != "elsewhere":
            yield self.feeder.watch()
            yield self.postman.watch()
            yield self.refresher.watch()
            yield self.maker.watch()
            if self.curator:
                yield self.curator.watch()


def build(settings: Settings, *, shop_address: tuple[str, int] | None = None) -> App:
    """Wire an installation; `shop_address` is the demo shop's own, the one loopback address that may be fetched."""
    from cartage.stores.sql import SqlStore

    store = SqlStore(settings.store_url)
    return _wired(settings, store, shop_address)


async def prepare_database(settings: Settings) -> None:
    """Bring SQLite in the data folder to the newest schema; a named database waits for `cartage db upgrade`."""
    from cartage.stores.sql import upgrade

    if not settings.database_url:
        await upgrade(settings.store_url)


async def import_product(url: str) -> Product:
    """Run the whole import of one address in this process, keeping nothing; raises `ImportFailed`."""
    settings = read_settings(engine="inline", pictures="off")
    async with _wired(settings, MemoryStore(), None).running() as app:
        submission = await app.imports.submit(LIBRARY_MERCHANT, url)
        product = await app.imports.product(LIBRARY_MERCHANT, submission.product.id)
    if product.facts is None or product.failure:
        raise ImportFailed(product.failure) if product.failure else AssertionError(product.status)
    return product.facts


async def fetch_page(url: str) -> Page:
    """Bring the page at an address, as the `direct` provider does; raises that provider's errors."""
    settings = read_settings()
    fetcher = Fetcher(
        deadline_seconds=settings.fetch_deadline_seconds,
        extra_ports=settings.extra_ports,
        manners=_manners(settings, MemoryTurns()),
        contact=settings.contact,
    )
    try:
        request = PageRequest(url=canonical_url(url), merchant_id=LIBRARY_MERCHANT)
        return await Direct(fetcher).get(request)
    finally:
        await fetcher.aclose()


def _wired(settings: Settings, store: Store, shop_address: tuple[str, int] | None) -> App:
    signer = _signer(settings)
    fetcher = Fetcher(
        deadline_seconds=settings.fetch_deadline_seconds,
        extra_ports=settings.extra_ports,
        exceptions=frozenset([shop_address] if shop_address else []),
        manners=_manners(settings, store.turns),
        contact=settings.contact,
        signer=signer,
    )
    browser = _browser(settings, fetcher)
    own = (ShopApi(fetcher), Direct(fetcher), Pasted(store.artifacts), *([browser] if browser else []))
    providers: dict[str, Provider] = {provider.name: provider for provider in (*own, *_hosted(settings, fetcher))}
    retry = RetryPreset(attempts=settings.retry_attempts, first_delay_seconds=settings.retry_first_delay_seconds)
    curator = _curator(settings, store, fetcher)
    model, model_off = _language_model(settings)

    async def then(import_: Import) -> None:
        await enhancing.after(import_)  # which knows the engine, which knows the workflow

    workflow = ImportWorkflow(
        store,
        providers,
        retry,
        _caps(settings),
        _millionths(settings.assumed_cost),
        tracer=make_tracer(settings.otel_endpoint),
        curator=curator,
        then=then,
        filler=Filler(store, model) if model else None,
        fill_when=settings.fill,
    )
    enhance = EnhanceWorkflow(store, model, workflow.purse, retry, workflow.measures, workflow.tracer)
    works = Works(workflow, enhance)
    engine = _engine(settings, works, retry)
    enhancing = Enhancing(store, engine, model_off)
    imports = Imports(store, engine, fetcher.rules)
    return App(
        settings=settings,
        store=store,
        fetcher=fetcher,
        browser=browser,
        engine=engine,
        imports=imports,
        accounts=Accounts(store),
        reconcilers=(
            Reconciler(ImportLedger(store.catalogue), engine, works),
            Reconciler(RunLedger(store), engine, works),
        ),
        enhancing=enhancing,
        batches=Batches(store, imports),
        feeder=Feeder(store, imports, window=BATCH_AHEAD * settings.concurrency),
        refresher=Refresher(store, imports, window=BATCH_AHEAD * settings.concurrency),
        measures=workflow.measures,
        tracer=workflow.tracer,
        postman=Postman(store, fetcher),
        maker=Maker(Exports(store)),
        curator=curator,
        signer=signer,
        language_model=model,
        model_off=model_off,
    )


def _signer(settings: Settings) -> Signer | None:
    path = settings.signing_key_file
    return read_signer(path, settings.site_url) if path else None


def _curator(settings: Settings, store: Store, fetcher: Fetcher) -> Curator | None:
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


def _language_model(settings: Settings) -> tuple[LanguageModel | None, str]:
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


def _browser(settings: Settings, fetcher: Fetcher) -> Browser | None:
    executable = find_chromium(settings.browser)
    if executable:
        return Browser(fetcher, executable, Terms(deadline_seconds=settings.fetch_deadline_seconds))
    if settings.browser in {"auto", "off"}:
        return None
    raise Misconfigured("CARTAGE_BROWSER names no program, or `pip install 'cartage[browser]'` is missing.")


def _manners(settings: Settings, turns: Turns) -> Manners:
    return Manners(turns, robots=settings.robots == "obey", spacing_seconds=settings.host_spacing_seconds)


def _hosted(settings: Settings, fetcher: Fetcher) -> Iterator[Provider]:
    if key := settings.zyte_key.get_secret_value():
        yield Zyte(fetcher, key, price=_price(settings.zyte_price))
    if key := settings.firecrawl_key.get_secret_value():
        yield Firecrawl(fetcher, key, price=_price(settings.firecrawl_price), url=settings.firecrawl_url)
    if key := settings.oxylabs_key.get_secret_value():
        yield Oxylabs(fetcher, key, price=_price(settings.oxylabs_price))
    if key := settings.apify_key.get_secret_value():
        yield Apify(fetcher, key, actor=settings.apify_actor, price=_price(settings.apify_price))


def _caps(settings: Settings) -> Caps:
    named = {
        "per_import": settings.budget_import,
        "per_batch": settings.budget_batch,
        "per_merchant_and_day": settings.budget_merchant_day,
        "per_day": settings.budget_day,
    }
    return Caps(**{name: None if cap is None else _millionths(cap) for name, cap in named.items()})


def _price(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=DOLLAR)


def _millionths(amount: Decimal) -> int:
    return millionths(Money(amount=amount, currency=DOLLAR))


def _engine(settings: Settings, workflow: Workflow, retry: RetryPreset) -> Engine:
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
