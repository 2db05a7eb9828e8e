"""Settings that tell of the whole: true values, no secret and no place, for admins, and the business's own name."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from cartage.model.access import Role
from cartage.model.product import Money, Product
from cartage.model.spending import CostLine
from cartage.settings import Settings
from cartage.web.installation import MODEL, NETWORK, SHOWN, Installation
from tests.web.conftest import PASSWORD, Web, text_of

TOLD = ("/settings/network", "/settings/providers", "/settings/models", "/settings/about")
SECRET = "sk-very-secret"
SET = Settings.model_construct(
    robots="ignore",
    zyte_key=SecretStr(SECRET),
    zyte_price=Decimal("0.002"),
    oxylabs_key=SecretStr(SECRET),
    model_key=SecretStr(SECRET),
    model_url="http://10.0.0.7:11434",
    signing_key_file=Path("/etc/keys/ours.pem"),
    extra_ports=frozenset({8443}),
    budget_day=None,
    database_url="postgresql+psycopg://user:secret@db/cartage",
)


def test_values_are_the_installations_own_and_secrets_are_not_told() -> None:
    """Each setting has its value and whether it was changed; of keys and places only whether they are set."""
    installation = Installation(SET)

    rows = {row.variable: row for row in installation.rows(SHOWN)}

    assert (rows["CARTAGE_ROBOTS"].value, rows["CARTAGE_ROBOTS"].by_default) == ("ignore", False)
    assert (rows["CARTAGE_HOST_SPACING_SECONDS"].value, rows["CARTAGE_HOST_SPACING_SECONDS"].by_default) == ("1", True)
    assert rows["CARTAGE_EXTRA_PORTS"].value == "8443"
    assert rows["CARTAGE_BUDGET_DAY"].value == ""
    hidden = [rows[f"CARTAGE_{name}"] for name in ("MODEL_KEY", "MODEL_URL", "SIGNING_KEY_FILE")]
    assert [(row.value, row.is_set) for row in hidden] == [(None, True)] * 3
    told = repr(installation.rows(SHOWN)) + installation.database
    assert [secret for secret in (SECRET, "10.0.0.7", "ours.pem", "user:") if secret in told] == []
    assert installation.database == "Postgres"


def test_providers_stand_in_the_order_they_are_asked() -> None:
    """Those in use first, by the plan's own order with their prices; then what is not there, and why."""
    line = CostLine(name="zyte", attempts=3, unknown=0, known_cost=Money(amount=Decimal("0.006"), currency="USD"))

    offers = Installation(SET, browser=True).offers([line])
    without = Installation(SET).offers([])

    assert [(each.name, each.standing) for each in offers] == [
        ("shop_api", "used"),
        ("direct", "used"),
        ("browser", "used"),
        ("zyte", "used"),
        ("oxylabs", "used"),
        ("apify", "no_key"),
        ("firecrawl", "no_key"),
    ]
    assert (offers[3].price, offers[3].line, offers[4].price, offers[1].free) == (
        Money(amount=Decimal("0.002"), currency="USD"), line, None, True,
    )  # fmt: skip
    assert ("browser", "no_browser") in [(each.name, each.standing) for each in without]


@pytest.mark.parametrize("path", TOLD)
async def test_admins_see_how_it_is_set_up_and_others_do_not(web: Web, path: str) -> None:
    """The pages show their rows to admins; a colleague who only looks learns nothing of the installation."""
    secret = await web.accounts.invite(web.mine.merchant_id, role=Role.VIEWER)
    await web.stranger.post(f"/join/{secret}", data={"email": "v@shop.example", "password": PASSWORD, "business": ""})

    mine, theirs = text_of(await web.mine.get(path)), text_of(await web.stranger.get(path))

    assert "is for admins of" not in mine
    assert "is for admins of" in theirs
    assert "CARTAGE_" not in theirs


async def test_a_business_is_renamed(web: Web) -> None:
    """The new name holds everywhere at once; an empty one is refused and the old one stays."""
    reply = await web.mine.post("/settings/general", name="  Kiln   & Co ")
    refused = await web.mine.post("/settings/general", name=" ")

    shown = await web.mine.get("/settings/general")
    assert (reply.status_code, refused.status_code) == (303, 422)
    assert 'title="Kiln &amp; Co"' in shown.text
    assert (await web.accounts.merchant(web.theirs.merchant_id)).name != "Kiln & Co"
    assert "Changed the general settings" in text_of(await web.mine.get("/settings/audit"))


async def test_the_page_about_it_tells_what_is_not_well(web: Web) -> None:
    """Without anything that runs imports the page says so, with what to do; the rest is well."""
    web.engine.seen_at = None

    shown = text_of(await web.mine.get("/settings/about"))

    assert "Nothing runs imports." in shown
    assert "cartage worker" in shown


def test_every_setting_of_the_pages_exists() -> None:
    """The pages name no setting that there is not, and none twice."""
    assert set(SHOWN) <= set(Settings.model_fields)
    assert len(set(SHOWN)) == len(SHOWN) == len(NETWORK) + len(MODEL) + 5


async def test_the_operator_gives_a_site_a_time_between_visits_of_its_own(web: Web) -> None:
    """What an admin of the first business sets stands on the page with who set it, and can be removed again."""
    set_ = await web.mine.post("/settings/network/spacings", site="https://www.shop.example/p", seconds="5,5")
    shown = text_of(await web.mine.get(set_.headers["location"]))

    (kept,) = await web.store.turns.spacings()
    assert (kept.site, kept.seconds) == ("shop.example", 5.5)
    assert "Saved. It holds from the next visit on." in shown
    assert f"5.5 s · set by {kept.set_by}" in shown
    await web.mine.post("/settings/network/spacings/remove", site="shop.example")
    assert await web.store.turns.spacings() == []


@pytest.mark.parametrize(
    ("site", "seconds", "told"),
    [
        ("shop.example", "3601", "The time between visits has 0 to 3600 seconds."),
        ("shop.example", "nan", "The time between visits has 0 to 3600 seconds."),
        ("shop.example", "soon", "The time between visits is a number of seconds."),
        ("not a host", "5", "aria-invalid"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_and_stays_in_the_form(
    web: Web, site: str, seconds: str, told: str
) -> None:
    """The page says what is wrong, and what was typed is still there."""
    refused = await web.mine.post("/settings/network/spacings", site=site, seconds=seconds)

    assert refused.status_code == 422
    assert told in refused.text
    assert f'value="{site}"' in refused.text
    assert await web.store.turns.spacings() == []


async def test_other_businesses_neither_see_nor_set_what_concerns_all(web: Web) -> None:
    """An admin of another business than the first is refused, and is not shown which sites have a time."""
    await web.mine.post("/settings/network/spacings", site="shop.example", seconds="5")

    refused = await web.theirs.post("/settings/network/spacings", site="shop.example", seconds="0")

    assert refused.status_code == 403
    assert [each.seconds for each in await web.store.turns.spacings()] == [5]
    assert "shop.example" not in text_of(await web.theirs.get("/settings/network"))


async def test_a_business_chooses_its_currency_and_units(web: Web) -> None:
    """Each form changes what it has; forms begin with the currency, and what cannot be is refused and shown again."""
    await web.mine.post("/settings/general", currency="chf", units="us")
    refused = await web.mine.post("/settings/general", currency="franc", units="us")
    renamed = await web.mine.post("/settings/general", name="Kiln")

    merchant = await web.accounts.merchant(web.mine.merchant_id)
    assert (refused.status_code, renamed.status_code) == (422, 303)
    assert (merchant.name, merchant.currency, merchant.units) == ("Kiln", "CHF", "us")
    assert 'value="franc"' in refused.text
    assert 'name="currency" value="CHF"' in (await web.mine.get("/settings/pricing")).text
    assert (
        'name="currency" value="CHF"'
        in (await web.mine.get(f"/products/{await web.imported(Product(name='Mug'))}/edit")).text
    )
