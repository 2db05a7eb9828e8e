"""What a page lists: each product's address once, on the page's own site, with its name where the page says it."""

import pytest

from cartage.extraction.document import parse
from cartage.extraction.listed import listed_products
from cartage.model.listed import MOST_LISTED, Listed
from tests.extraction.listings import (
    CARDED,
    NAMES,
    NO_LISTS,
    SHOP,
    STATED,
    TRAIL,
    a_list,
    cards,
    catalogue_script,
    collection,
    ld,
    listing,
    place,
    slug,
    storefront,
)

HERE = f"{SHOP}/c/kitchen"


def listed(html: str, url: str = HERE) -> tuple[Listed, ...]:
    """Read what a page lists."""
    return listed_products(parse(html, url))


@pytest.mark.parametrize("name", STATED)
def test_a_list_that_the_data_states_is_read_in_its_order(name: str) -> None:
    """Wherever the data writes the addresses, every product comes with its name, and the trail's steps are none."""
    found = listed(listing("", ld(TRAIL, STATED[name])))

    assert [(each.name, each.url) for each in found] == [(name, f"{SHOP}/p/{slug(name)}") for name in NAMES]


def test_products_in_microdata_are_a_list() -> None:
    """Items of a page without a list around them are what it lists; its trail is not."""
    trail = (
        '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li itemprop="itemListElement" itemscope '
        'itemtype="https://schema.org/ListItem"><a itemprop="item" href="/all"><span itemprop="name">All</span></a></li></ol>'
    )
    items = cards(
        lambda n, name: (
            '<article itemprop="itemListElement" itemscope itemtype="http://schema.org/Product">'
            f'<meta itemprop="position" content="{n}"><a itemprop="url" href="/{n}-{slug(name)}.html"><h5 itemprop="name">{name}</h5></a></article>'
        )
    )

    found = listed(listing(trail + items))

    assert [(each.name, each.url) for each in found] == [
        (name, f"{SHOP}/{n}-{slug(name)}.html") for n, name in enumerate(NAMES, 1)
    ]


@pytest.mark.parametrize("name", CARDED)
def test_cards_with_prices_are_a_list(name: str) -> None:
    """Cards of one kind give the products, without makers, carts, other kinds of cards, pages to turn or menus."""
    found = listed(listing(CARDED[name]))

    assert [each.name for each in found] == list(NAMES)
    assert [each.url.rstrip("/").rpartition("/")[2] for each in found] == [slug(name) for name in NAMES]


def test_a_product_in_several_variants_and_collections_is_one() -> None:
    """Swatches, positions in a search and the collection's name make no other product, and are left out."""
    found = listed(listing(cards(collection) + cards(collection)), f"{SHOP}/collections/kitchen")

    assert [each.url for each in found] == [f"{SHOP}/products/{slug(name)}" for name in NAMES]


def test_products_of_one_script_are_told_apart_by_the_query() -> None:
    """Where all pages have one path, what the query says makes the product."""
    found = listed(listing(cards(catalogue_script)), f"{SHOP}/index.php?route=product/category&path=20")

    assert [each.url.rpartition("=")[2] for each in found] == [str(40 + n) for n in range(1, len(NAMES) + 1)]


def test_data_that_states_a_few_of_many_gives_way_to_the_cards() -> None:
    """A list of two in the data does not hide the six that the page shows."""
    few = a_list(lambda n, name: place(n, name=name, url=f"/product/{slug(name)}/"))
    few["itemListElement"] = few["itemListElement"][:2]

    assert len(listed(listing(CARDED["a storefront"], ld(few)))) == len(NAMES)


def test_lists_of_other_things_are_left_out() -> None:
    """Articles and reviews that the data lists are no products."""
    articles = a_list(lambda n, name: place(n, item={"@type": "Article", "name": name, "url": f"/blog/{slug(name)}"}))

    assert listed(listing("", ld(articles))) == ()


@pytest.mark.parametrize("name", NO_LISTS)
def test_a_page_without_products_lists_none(name: str) -> None:
    """Prices and links alone make no list."""
    assert listed(listing(NO_LISTS[name])) == ()


def test_the_longest_list_is_cut() -> None:
    """A page gives no more products than anyone looks through."""
    names = [f"Cup {number}" for number in range(MOST_LISTED + 20)]

    assert len(listed(listing(f"<ul>{cards(storefront, names)}</ul>"))) == MOST_LISTED


@pytest.mark.parametrize(
    "href", ["http://[shop", "javascript:alert(1)", "mailto:a@shop.example.com", "//", "", "/c/kitchen/"]
)
def test_links_that_lead_nowhere_are_left_out(href: str) -> None:
    """An address that is none, or leads back, is not listed, and takes nothing else with it."""
    entry = place(9, name="Nothing", url=href)
    of_all = a_list(lambda n, name: place(n, name=name, url=f"/p/{slug(name)}"))
    of_all["itemListElement"].append(entry)

    assert [each.name for each in listed(listing("", ld(of_all)))] == list(NAMES)


ENDLESS = {
    "cards in one place": "".join(f"<div><a href='/p/{n}'>Cup {n}</a><b>$5.0{n % 10}</b></div>" for n in range(8000)),
    "prices apart from links": "".join(f"<div><a href='/p/{n}'>Cup</a></div><b>${n}</b>" for n in range(8000)),
    "all of it deep inside": "<div>" * 300 + "".join(f"<b>$5</b><a href='/p/{n}'>Cup</a>" for n in range(8000)),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ENDLESS)
def test_a_list_without_an_end_is_read_in_one_go(name: str) -> None:
    """What is read grows with the page and not with its square: thousands of cards end within seconds."""
    assert len(listed(listing(ENDLESS[name]))) <= MOST_LISTED
