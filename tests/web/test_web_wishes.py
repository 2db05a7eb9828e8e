"""The options of an import: folded on the form, sent along with one address or many, each fault beside its field."""

import re
from decimal import Decimal

import pytest
from pydantic import SecretStr

from cartage.model.batch import OnDuplicate
from cartage.model.pricing import Markup
from cartage.model.product import Money, Product
from cartage.model.wishes import Render, Wishes
from cartage.settings import Settings
from cartage.web.installation import Installation
from cartage.web.wishes import terms_of
from tests.web.conftest import SHOP, Web, text_of

ASKED = {"render": "first", "language": "ar", "tags": "spring, sale", "multiplier": "2,5"}
BOUNDED = ASKED | {"max_cost": "0,05"}
READ = Wishes(render=Render.FIRST, language="ar", tags=("spring", "sale"), own_rule=Markup(multiplier=Decimal("2.5")))


async def test_options_go_along_with_an_address(web: Web) -> None:
    """What the fold asks is kept with the import; untouched, it is done as usual."""
    await web.mine.post("/import", url=f"{SHOP}/a", **BOUNDED)
    await web.mine.post("/import", url=f"{SHOP}/b", render="auto", language="", tags=" ", multiplier="", max_cost=" ")

    usual, asked = await web.imports.imports(web.mine.merchant_id)
    assert asked.wishes == READ.model_copy(update={"max_cost_usd": Decimal("0.05")})
    assert usual.wishes == Wishes()
    for path in (f"/import/status/{asked.product_id}", f"/imports/{asked.id}"):
        assert "may cost $0.05 at most" in text_of(await web.mine.get(path))


async def test_nothing_may_be_spent(web: Web) -> None:
    """0 is a bound like any other, of an address as of a list."""
    await web.mine.post("/import", url=f"{SHOP}/a", **(BOUNDED | {"max_cost": "0"}))

    (asked,) = await web.imports.imports(web.mine.merchant_id)
    assert asked.wishes.max_cost_usd == 0
    assert "may cost $0.00 at most" in text_of(await web.mine.get(f"/import/status/{asked.product_id}"))
    assert terms_of({"max_cost": "0"}).max_cost == 0


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"language": "no language"}, "language", "tag such as ar"),
        ({"tags": "x" * 61}, "tags", "at most 60 characters"),
        ({"fixed": "much"}, "own_rule", "A rule has numbers"),
        ({"render": "twice"}, "render", "first of all"),
        ({"max_cost": "0.0000001"}, "max_cost", "a number of dollars, such as"),
        ({"max_cost": "-1"}, "max_cost", "a number of dollars, such as"),
        ({"max_cost": "nan"}, "max_cost", "a number of dollars, such as"),
        ({"max_cost": "a lot"}, "max_cost", "a number of dollars, such as"),
    ],
)
async def test_a_wrong_option_is_told_beside_its_field(web: Web, fields: dict[str, str], name: str, said: str) -> None:
    """The form comes back unfolded with all that was typed, the fault beside the field; nothing is queued."""
    reply = await web.mine.post("/import", url=f"{SHOP}/typed", **ASKED | fields)

    told = re.search(rf'id="{name}-error" role="alert">([^<]*)', reply.text)
    assert reply.status_code == 422
    assert told
    assert said in told[1]
    assert '<details class="fold options" id="options" open>' in reply.text
    assert f'aria-describedby="{name}-error"' in reply.text
    assert f"{SHOP}/typed" in reply.text
    assert all(f'value="{value}"' in reply.text for field, value in fields.items() if field == "max_cost")
    assert web.engine.sent == []


async def test_the_options_are_folded_until_one_is_chosen(web: Web) -> None:
    """A form that nobody filled in shows them folded, with the browser where there is one."""
    page = (await web.mine.get("/import")).text

    assert '<details class="fold options" id="options">' in page
    assert {"render", "language", "tags", "multiplier", "max_cost"} <= set(re.findall(r'name="(\w+)"', page))


async def test_options_go_along_with_a_list(web: Web) -> None:
    """A list keeps them, what it may spend, and that known products are imported again."""
    known = await web.imported(Product(name="Mug"))
    url = (await web.imports.product(web.mine.merchant_id, known)).source_url
    check = (await web.mine.post("/import/many", addresses=f"{url}\n{SHOP}/a\nwrong")).headers["location"]
    path = check.partition("?")[0]

    wrong = await web.mine.post(path, form="lines", action="start", max_cost="nan", **ASKED)
    mended = await web.mine.post(path, form="lines", action="check", row_3=f"{SHOP}/c", max_cost="2.5", **ASKED)
    again = await web.mine.get(mended.headers["location"])
    shown = {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', again.text) if name != "csrf"}
    asked = ASKED | {"max_cost": "2.5", "on_duplicate": "refresh"}
    await web.mine.post(mended.headers["location"].partition("?")[0], place="0", action="start", **asked)

    assert wrong.status_code == 422
    assert "A list may spend a number of dollars" in text_of(wrong)
    assert (shown["max_cost"], shown["tags"], shown["multiplier"]) == ("2.5", "spring, sale", "2,5")
    (batch,) = await web.store.batches.batches(web.mine.merchant_id)
    assert (batch.wishes, batch.max_cost, batch.on_duplicate) == (READ, 2_500_000, OnDuplicate.REFRESH)


async def test_a_bound_is_kept_where_the_address_is_known(web: Web) -> None:
    """What was typed stands on the form that imports it again, and a product's bound stays unless another is typed."""
    known = await web.imported(Product(name="Mug"))
    url = (await web.imports.product(web.mine.merchant_id, known)).source_url

    led = (await web.mine.post("/import", url=url, max_cost="0.05")).headers["location"]
    form = (await web.mine.get(led)).text
    wrong = await web.mine.post(f"/import/status/{known}/retry", max_cost="nought", render="auto", language="")
    await web.mine.post(f"/import/status/{known}/retry", max_cost="0.05", render="auto", language="")

    assert re.search(r'name="max_cost" value="0.05"', form)
    assert (wrong.status_code, "a number of dollars" in wrong.text) == (422, True)
    again, _ = await web.imports.imports(web.mine.merchant_id)
    assert again.wishes.max_cost_usd == Decimal("0.05")


async def test_what_a_list_costs_at_most_is_told_before_it_starts(web: Web) -> None:
    """Nothing where nobody is paid; else what the budgets allow, and nothing where none bounds it."""
    check = (await web.mine.post("/import/many", addresses=f"{SHOP}/a\n{SHOP}/b")).headers["location"]
    paid = Installation(Settings.model_construct(zyte_key=SecretStr("key"), budget_import=Decimal("0.10")))
    boundless = Installation(Settings.model_construct(budget_import=None, budget_batch=None))

    page = text_of(await web.mine.get(check))

    assert "It costs nothing." in page
    assert paid.most_of(3, asks_model=False) == Money(amount=Decimal("0.30"), currency="USD")
    assert paid.most_of(1000, asks_model=False) == Money(amount=Decimal(20), currency="USD")
    assert boundless.most_of(3, asks_model=True) is None


async def test_an_import_is_copied_as_it_was_wished(web: Web) -> None:
    """What is offered to copy asks for the same; a list's pages say how a program hands one in."""
    await web.mine.post("/import", url=f"{SHOP}/a", **ASKED)
    (asked,) = await web.imports.imports(web.mine.merchant_id)

    status = text_of(await web.mine.get(f"/import/status/{asked.product_id}"))
    paste = text_of(await web.mine.get("/import/many"))

    assert f"cartage add {SHOP}/a --render=first --language=ar --tag=spring --tag=sale" in status
    assert '"language": "ar"' in status
    assert "--data-binary @list.csv" in paste
