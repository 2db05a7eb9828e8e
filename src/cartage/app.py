"""The composition root: the only module that sees contracts and adapters, and binds them once."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartage.accounts.service import Accounts
from cartage.engine import Engine
from cartage.exports.feeds import Feeds
from cartage.exports.maker import Maker
from cartage.exports.renewing import Renewer
from cartage.exports.service import Exports
from cartage.fetching.address import canonical_url
from cartage.fetching.client import Fetcher
from cartage.fetching.signing import Signer
from cartage.imports.acting import Actor
from cartage.imports.batch import Batches
from cartage.imports.batch_check import Outlook, Pace
from cartage.imports.enhance_workflow import EnhanceWorkflow
from cartage.imports.enhancement import Enhancing
from cartage.imports.feeding import Feeder
from cartage.imports.ledgers import ImportLedger, RunLedger
from cartage.imports.measures import Measures
from cartage.imports.pictures import Curator
from cartage.imports.presence import Presence
from cartage.imports.reconciler import Reconciler
from cartage.imports.refreshing import Refresher
from cartage.imports.releasing import Releaser
from cartage.imports.reserve import free_bytes
from cartage.imports.service import Imports
from cartage.imports.sweeping import Sweeper
from cartage.imports.tracing import Tracer, make_tracer
from cartage.imports.trial import Trial
from cartage.imports.workflow import ImportWorkflow
from cartage.imports.works import Works
from cartage.model.catalogue import Import
from cartage.model.errors import ImportFailed
from cartage.model.page import Page, PageRequest
from cartage.model.product import Product
from cartage.parts import (
    in_millionths,
    make_bounds,
    make_browser,
    make_caps,
    make_curator,
    make_engine,
    make_fetcher,
    make_filler,
    make_language_model,
    make_providers,
    make_reserve,
    make_signer,
)
from cartage.providers.browser import Browser
from cartage.providers.direct import Direct
from cartage.scraping.plan import RetryPreset
from cartage.settings import Settings, read_settings
from cartage.store import Store
from cartage.stores.memory import MemoryStore
from cartage.stores.memory_turns import MemoryTurns
from cartage.webhooks.postman import Postman

LIBRARY_MERCHANT = "mer_library"
BATCH_AHEAD = 2  # imports of a merchant's batches under way for each place


@dataclass(frozen=True, slots=True)
class App:
    """Hold one installation's parts, wired; `trial` asks the language model; `model_off` says why there is none."""

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
    releaser: Releaser
    actor: Actor
    measures: Measures
    tracer: Tracer
    postman: Postman
    maker: Maker
    presence: Presence
    curator: Curator | None = None
    signer: Signer | None = None
    trial: Trial | None = None
    model_off: str = ""

    @property
    def outlook(self) -> Outlook:
        """Give what lists are foretold by."""
        pace = Pace(self.settings.concurrency, self.settings.host_spacing_seconds)
        return Outlook(pace, make_bounds(self.settings, asks_model=self.trial is not None))

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
            if self.trial:
                await self.trial.model.aclose()
            await self.fetcher.aclose()
            await self.store.close()

    def _watches(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield from (each.watch() for each in self.reconcilers)
        if self.settings.engine != "elsewhere":
            yield self.presence.watch()
            yield self.feeder.watch()
            yield self.postman.watch()
            yield self.refresher.watch()
            yield self.releaser.watch()
            yield self.actor.watch()
            yield Sweeper(self.store).watch()
            yield self.maker.watch()
            yield Renewer(Feeds(self.store, self.settings.public_site)).watch()
            if self.curator:
                yield self.curator.watch()


def build(
    settings: Settings, *, shop_address: tuple[str, int] | None = None, free: Callable[[Path], int] = free_bytes
) -> App:
    """Wire an installation.

    `shop_address` is the demo shop's own, the one loopback address that may be fetched; `free` says how many bytes
    are free on a folder's disk.
    """
    from cartage.stores.sql import SqlStore

    store = SqlStore(settings.store_url)
    return _wired(settings, store, shop_address, free)


async def prepare_database(settings: Settings) -> None:
    """Bring SQLite in the data folder to the newest schema; a named database waits for `cartage db upgrade`."""
    from cartage.stores.sql import upgrade

    if not settings.database_url:
        await upgrade(settings.store_url)


async def import_product(url: str) -> Product:
    """Run the whole import of one address in this process, keeping nothing; raises `ImportFailed`."""
    settings = read_settings(engine="inline", pictures="off", disk_reserve_mb=0)
    async with _wired(settings, MemoryStore(), None).running() as app:
        submission = await app.imports.submit(LIBRARY_MERCHANT, url)
        product = await app.imports.product(LIBRARY_MERCHANT, submission.product.id)
    if product.facts is None or product.failure:
        raise ImportFailed(product.failure) if product.failure else AssertionError(product.status)
    return product.facts


async def fetch_page(url: str) -> Page:
    """Bring the page at an address, as the `direct` provider does; raises that provider's errors."""
    fetcher = make_fetcher(read_settings(), MemoryTurns())
    try:
        request = PageRequest(url=canonical_url(url), merchant_id=LIBRARY_MERCHANT)
        return await Direct(fetcher).get(request)
    finally:
        await fetcher.aclose()


def _wired(
    settings: Settings,
    store: Store,
    shop_address: tuple[str, int] | None,
    free: Callable[[Path], int] = free_bytes,
) -> App:
    fetcher = make_fetcher(settings, store.turns, shop_address, signer := make_signer(settings))
    browser = make_browser(settings, fetcher)
    retry = RetryPreset(attempts=settings.retry_attempts, first_delay_seconds=settings.retry_first_delay_seconds)
    curator = make_curator(settings, store, fetcher)
    model, model_off = make_language_model(settings)

    async def then(import_: Import) -> None:
        await enhancing.after(import_)  # which knows the engine, which knows the workflow

    workflow = ImportWorkflow(
        store,
        make_providers(settings, store, fetcher, browser),
        retry,
        make_caps(settings),
        in_millionths(settings.assumed_cost),
        tracer=make_tracer(settings.otel_endpoint),
        curator=curator,
        then=then,
        filler=make_filler(settings, store, fetcher, model),
        fill_when=settings.fill,
    )
    enhance = EnhanceWorkflow(store, model, workflow.purse, retry, workflow.measures, workflow.tracer)
    works = Works(workflow, enhance)
    engine = make_engine(settings, works, retry)
    enhancing = Enhancing(store, engine, model_off)
    imports = Imports(store, engine, fetcher.rules, make_reserve(settings, free), bool(curator), bool(browser))
    window = BATCH_AHEAD * settings.concurrency
    return App(
        settings=settings,
        store=store,
        fetcher=fetcher,
        browser=browser,
        engine=engine,
        imports=imports,
        accounts=Accounts(store),
        reconcilers=tuple(
            Reconciler(each, engine, works) for each in (ImportLedger(store.catalogue), RunLedger(store))
        ),
        enhancing=enhancing,
        batches=Batches(store, imports),
        feeder=Feeder(store, imports, window),
        refresher=Refresher(store, imports, window),
        releaser=Releaser(store, imports, window),
        actor=Actor(store, imports, window),
        measures=workflow.measures,
        tracer=workflow.tracer,
        postman=Postman(store, fetcher),
        maker=Maker(Exports(store, settings.public_site)),
        presence=Presence(store, works.workload, settings.engine),
        curator=curator,
        signer=signer,
        trial=Trial(model, workflow.purse) if model else None,
        model_off=model_off,
    )
