"""The status page while an import runs: its stream of events, and the log."""

import re

from cartage.model.catalogue import StepState
from tests.web.conftest import Web


async def test_events_bring_the_steps_and_the_end(web: Web) -> None:
    """The stream sends the steps as HTML, and ends by saying how the import ended."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)

    reply = await web.mine.client.get(f"/import/status/{product.id}/events")

    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "event: progress" in reply.text
    assert "try direct 1" in reply.text
    assert reply.text.strip().endswith("event: settled\ndata: FAILED")


async def test_events_go_on_after_the_last_one_seen(web: Web) -> None:
    """Each names the newest event that it shows; who had that one already is sent the end alone."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)
    address = f"/import/status/{product.id}/events"

    shown = re.findall(r"^id: (\d+)$", (await web.mine.client.get(address)).text, re.MULTILINE)
    before = await web.mine.client.get(address, headers={"Last-Event-ID": str(int(shown[-1]) - 1)})
    after = await web.mine.client.get(address, headers={"Last-Event-ID": shown[-1]})

    newest = await web.store.catalogue.newest_sequence(product.merchant_id)
    assert shown == [str(newest)]
    assert (before.text.count("event: progress"), after.text.count("event: progress")) == (1, 0)
    assert "event: settled" in after.text


async def test_events_bring_only_the_lines_of_the_log_that_are_new(web: Web) -> None:
    """Whoever has a page is sent what came after it, each line once."""
    product = await web.importing()
    for name in ("try shop_api 1", "try direct 1"):
        await web.step(product, name, StepState.RUNNING)
    page = (await web.mine.get(f"/import/status/{product.id}")).text
    after = re.findall(r'data-after="(\d+)"', page)[0]
    await web.step(product, "save", StepState.RUNNING)
    await web.imports.cancel(product.merchant_id, product.id)

    news = (await web.mine.client.get(f"/import/status/{product.id}/events?after={after}")).text

    shown, fresh = (re.findall(r'<span id="(e\d+)">', text) for text in (page, news))
    assert shown[-1] == f"e{after}"
    assert (len(shown), len(fresh)) == (3, 2)
    assert not {*shown} & {*fresh}
    assert 'data-append="log-text"' in news


async def test_the_log_is_text_in_order(web: Web) -> None:
    """What happened stands line by line on the page and in the stream, without any script."""
    product = await web.importing()
    await web.step(product, "try direct 1", StepState.RUNNING)
    await web.step(product, "try direct 1", StepState.FAILED)

    page = await web.mine.get(f"/import/status/{product.id}")
    one = await web.mine.get(f"/imports/{product.import_id}")

    for reply in (page, one):
        log = re.search(r'<pre class="log"[^>]*>(.*?)</pre>', reply.text, re.DOTALL)
        assert log
        lines = re.sub(r"</?span[^>]*>", "", log[1]).splitlines()
        told = [line.split("Z  ")[1].split("  ")[0] for line in lines]
        assert told == ["product/scrape.requested", "try direct 1", "try direct 1"]
