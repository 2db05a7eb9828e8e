"""Promises of the provider that fetches the page itself."""

import pytest

from cartage.model.errors import LoginRequired, NotAProductPage, PageNotFound
from cartage.model.page import PageKind, PageRequest
from cartage.providers.direct import Direct
from tests.providers.conftest import HTML, Shop


def asks(shop: Shop, path: str) -> PageRequest:
    """Make a request for a path of the shop."""
    return PageRequest(url=shop.origin + path, merchant_id="mer_1")


async def test_the_page_comes_as_it_was_served(shop: Shop) -> None:
    """Bytes, status and final address are the site's own."""
    shop.shows("/p/mug?c=1")

    page = await Direct(shop.fetcher).get(asks(shop, "/p/mug?c=1"))

    assert (page.body, page.status, page.kind) == (HTML, 200, PageKind.HTML)
    assert page.url == f"{shop.origin}/p/mug?c=1"


async def test_a_moved_product_is_followed(shop: Shop) -> None:
    """The page's address is where it was found in the end."""
    shop.sends_on("/p/old", "/p/new")
    shop.shows("/p/new")

    page = await Direct(shop.fetcher).get(asks(shop, "/p/old"))

    assert page.url == f"{shop.origin}/p/new"


@pytest.mark.parametrize("home", ["/", "/en/", "/de-ch"])
async def test_a_product_that_leads_home_is_gone(shop: Shop, home: str) -> None:
    """A home page is never taken for the product that used to be there."""
    shop.sends_on("/p/old", home)
    shop.shows(home)

    with pytest.raises(NotAProductPage):
        await Direct(shop.fetcher).get(asks(shop, "/p/old"))


async def test_a_home_page_may_be_asked_for(shop: Shop) -> None:
    """A shop of one product is read where it is."""
    shop.shows("/")

    assert (await Direct(shop.fetcher).get(asks(shop, "/"))).body == HTML


@pytest.mark.parametrize("login", ["/password", "/account/login?return=/p", "/users/sign_in", "/signin.php"])
async def test_a_page_behind_a_login_says_so(shop: Shop, login: str) -> None:
    """A redirect to a login is a login that is required."""
    shop.sends_on("/p/mug", login)
    shop.shows(login)

    with pytest.raises(LoginRequired):
        await Direct(shop.fetcher).get(asks(shop, "/p/mug"))


async def test_a_missing_page_is_missing(shop: Shop) -> None:
    """The fetcher's errors pass through."""
    with pytest.raises(PageNotFound):
        await Direct(shop.fetcher).get(asks(shop, "/p/none"))


async def test_a_language_is_asked_for_all_the_way(shop: Shop) -> None:
    """The site hears which language is wished, also where it sends us on; of itself Cartage asks for none."""
    shop.sends_on("/p/old", "/p/new")
    shop.shows("/p/new")

    await Direct(shop.fetcher).get(asks(shop, "/p/old").model_copy(update={"language": "pt-BR"}))
    await Direct(shop.fetcher).get(asks(shop, "/p/new"))

    assert ["accept-language: pt-br, *;q=0.5" in head for head in shop.heads] == [True, True, False]
    assert "accept-language" not in shop.heads[-1]
