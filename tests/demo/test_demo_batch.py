"""A batch of the demo shop's pages, on the durable engine, over loopback."""

import asyncio
import csv
import io
from pathlib import Path

from cartage.app import build
from cartage.demo import create_shop
from cartage.demo.shop import GOODS
from cartage.imports.batch_file import open_batch
from cartage.imports.watching import Subject, Watching
from cartage.model.batch import BatchState
from cartage.settings import read_settings
from cartage.stores.sql import upgrade
from tests.demo.test_demo_imports import MERCHANT
from tests.serving import serving

GOOD = [good.path for good in GOODS][:8]


async def test_a_list_is_imported_beside_a_single_address(tmp_path: Path) -> None:
    """Every row ends, one row out for each row in, and a single import meanwhile does not wait for the list."""
    settings = read_settings(
        data_dir=tmp_path, engine="embedded", database_url="", retry_first_delay_seconds=0.01, retry_attempts=1
    )
    await upgrade(settings.store_url)
    async with serving(create_shop(slow_seconds=0.3)) as port:
        origin = f"http://127.0.0.1:{port}"
        paths = [*GOOD, GOOD[0], "/no-such-page", *(f"/slow/desk-lamp?copy={n}" for n in range(12))]
        text = "sku,url\n" + "".join(f"K-{n},{origin}{path}\n" for n, path in enumerate(paths)) + "K-x,nonsense here\n"
        async with asyncio.timeout(240), build(settings, shop_address=("127.0.0.1", port)).running() as app:
            batch = await app.batches.submit(MERCHANT, open_batch(io.BytesIO(text.encode())))
            await asyncio.sleep(1)
            single = await app.imports.submit(MERCHANT, f"{origin}{GOODS[-1].path}")
            async for _ in Watching(app.imports).watch(MERCHANT, Subject(single.product.id), 0):
                pass
            unfinished = [each for each in await app.batches.counts(MERCHANT, batch.id) if not each.over]
            while any(not each.over for each in await app.batches.counts(MERCHANT, batch.id)):  # noqa: ASYNC110 - polled as clients do
                await asyncio.sleep(0.1)
            await app.feeder.feed()
            present = await app.batches.batch(MERCHANT, batch.id)
            result = "".join([piece async for piece in app.batches.result_file(present, "https://cartage.example")])

    head, *rows = csv.reader(io.StringIO(result))
    statuses = [row[head.index("import_status")] for row in rows]
    assert present.state is BatchState.FED
    assert [row[0] for row in rows] == [*(f"K-{n}" for n in range(len(paths))), "K-x"]
    assert statuses == ["imported"] * 8 + ["duplicate", "failed"] + ["imported"] * 12 + ["invalid"]
    assert unfinished
