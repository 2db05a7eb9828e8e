"""Pages that list products, in the forms in which shops write them."""

import json
from collections.abc import Callable, Iterable
from typing import Any

SHOP = "https://shop.example.com"
NAMES = ("Copper Kettle", "Linen Apron", "Oak Board", "Steel Whisk", "Clay Pot", "Bread Knife")
HEADER = (
    '<header><a href="/">Shop</a><nav><a href="/c/kitchen">Kitchen from €5</a><a href="/c/garden">Garden from €9</a>'
    '<a href="/c/bath">Bath from €7</a></nav></header>'
)
PAGES = (
    '<ul class="pages"><li><a href="?page=2">2</a></li><li><a href="/c/kitchen/page/3">3</a></li>'
    '<li><a href="/c/kitchen?page=4">Next</a></li></ul>'
)
FOOTER = '<footer><a href="/terms">Terms</a><a href="/shipping">Free above €50</a></footer>'


def slug(name: str) -> str:
    """Write a name as addresses have it."""
    return name.lower().replace(" ", "-")


def listing(body: str, head: str = "") -> str:
    """Write a page of the shop's kitchen things."""
    title = f"<title>Kitchen</title>{head}"
    return f"<!doctype html><html lang=en><head>{title}</head><body>{HEADER}<main><h1>Kitchen</h1>{body}</main>{PAGES}{FOOTER}</body></html>"


def cards(card: Callable[[int, str], str], names: Iterable[str] = NAMES) -> str:
    """Write one card for each name."""
    return "".join(card(number, name) for number, name in enumerate(names, 1))


def ld(*things: Any) -> str:
    """Write things as one block of JSON-LD."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    return f'<script type="application/ld+json">{json.dumps(graph)}</script>'


def a_list(entry: Callable[[int, str], Any], **more: Any) -> dict[str, Any]:
    """State a list with an entry for each name."""
    return {"@type": "ItemList", "itemListElement": [entry(n, name) for n, name in enumerate(NAMES, 1)], **more}


def place(number: int, **told: Any) -> dict[str, Any]:
    """State a place in a list."""
    return {"@type": "ListItem", "position": number, **told}


def product(name: str, **told: Any) -> dict[str, Any]:
    """State a product of the list."""
    return {"@type": "Product", "name": name, "offers": {"@type": "Offer", "price": "9.90"}, **told}


TRAIL = {
    "@type": "BreadcrumbList",
    "itemListElement": [place(1, name="Home", item=f"{SHOP}/home"), place(2, name="Kitchen", item=f"{SHOP}/all")],
}
STATED = {
    "an address in each place": a_list(lambda n, name: place(n, name=name, url=f"/p/{slug(name)}")),
    "a product with its address in each place": a_list(
        lambda n, name: place(n, item=product(name, url=f"{SHOP}/p/{slug(name)}"))
    ),
    "a product with an identifier alone": a_list(
        lambda n, name: place(n, item=product(name, **{"@id": f"{SHOP}/p/{slug(name)}#product"}))
    ),
    "an item that is an address": a_list(lambda n, name: place(n, name=name, item=f"{SHOP}/p/{slug(name)}")),
    "an address beside the product": a_list(lambda n, name: place(n, url=f"{SHOP}/p/{slug(name)}", item=product(name))),
    "the address of the offer": a_list(
        lambda _, name: {"@type": "Product", "name": name, "offers": {"@type": "Offer", "url": f"/p/{slug(name)}"}}
    ),
    "a list within a collection": {
        "@type": "CollectionPage",
        "url": f"{SHOP}/c/kitchen",
        "mainEntity": a_list(lambda n, name: place(n, name=name, url=f"/p/{slug(name)}")),
    },
}


def storefront(number: int, name: str) -> str:
    """Write a card whose link holds the price, beside a button that adds to the cart."""
    return (
        f'<li class="post-{number} product {"first" if number == 1 else ""}"><a class="loop-link" href="{SHOP}/product/{slug(name)}/">'
        f'<img src="/i/{number}.jpg" alt=""><h2>{name}</h2><span class="price"><bdi>{number}9,90&nbsp;<span>€</span></bdi></span></a>'
        f'<a class="button" href="?add-to-cart={number}" rel="nofollow">Add to cart</a></li>'
    )


def collection(number: int, name: str) -> str:
    """Write a card of a hosted shop: the collection in the address, a quick view, and swatches of its colours."""
    own = f"/collections/kitchen/products/{slug(name)}"
    swatches = "".join(
        f'<a href="{own}?variant={number}{each}">{colour}</a>' for each, colour in enumerate(("Red", "Blue"))
    )
    return (
        f'<div class="grid__item"><div class="card-wrapper"><div class="card"><a href="{own}?_pos={number}&_sid=9f2&_ss=r"><img src="/i/{number}.jpg" alt="{name}, from above"></a>'
        f'<a class="quick-view" href="#">Quick view</a></div><div class="card__content"><h3><a href="{own}">{name}</a></h3>'
        f'<div class="price"><s>Regular price $3{number}.00 USD</s><span>$2{number}.00 USD</span></div>{swatches}</div></div></div>'
    )


def catalogue_script(number: int, name: str) -> str:
    """Write a card of a shop whose pages are one script."""
    to = f"index.php?route=product/product&amp;path=20&amp;product_id={40 + number}"
    return (
        f'<div class="product-layout"><div class="image"><a href="{to}"><img src="i.jpg"></a></div><div class="caption"><h4><a href="{to}">{name}</a></h4>'
        f'<p class="price">${number}12.00 <span class="price-tax">Ex Tax: ${number}00.00</span></p></div><a href="index.php?route=product/compare">Compare</a></div>'
    )


def branded(number: int, name: str) -> str:
    """Write a card whose price stands beside its maker's link, in a row of its own."""
    return (
        f'<div class="row"><div class="tile"><a href="/p/{slug(name)}/ref=sr_{number}/261?qid=9"><img src="/i/{number}.jpg" alt="{name}"></a>'
        f'<div class="info"><a class="brand" href="/brands/nordhem">Nordhem</a><a class="title" href="/p/{slug(name)}/ref=sr_t{number}">{name}</a>'
        f'<div class="p"><span>{number}4</span><sup>95</sup> <span>zł</span></div></div></div></div>'
    )


def wrapped(number: int, name: str) -> str:
    """Write a card that is one link around a picture without words, a badge, a name and a price."""
    return f'<a href="/p/{slug(name)}"><img src="i.jpg" alt=""><span>New</span><p>{name}</p><p>£{number}.00</p></a>'


def unlabelled(number: int, name: str) -> str:
    """Write a card whose names say nothing and whose price says its currency in Arabic."""
    return f'<div><div><div><a href="/منتج/{slug(name)}"><span>{name}</span></a></div><div><p>{number}50 ر.س</p></div></div></div>'


CARDED = {
    "a storefront": f'<ul class="products">{cards(storefront)}</ul>',
    "a link around all of it": f"<div>{cards(wrapped)}</div>",
    "a hosted shop's collection": f"<div class=grid>{cards(collection)}</div>",
    "rows with makers": f"<div class=list>{cards(branded)}</div>",
    "names that say nothing": f"<div>{cards(unlabelled)}</div>",
    "a storefront beside a shelf of what was seen last": f"<aside><ul>{cards(storefront, ('Tin Cup', 'Tea Towel', 'Salt Pig'))}</ul></aside>"
    f'<ul class="products">{cards(storefront)}</ul>',
}
NO_LISTS = {
    "a page of words": "<p>We have been making kettles since 1911, from €49.</p>" * 9,
    "plans of a service": '<div><p>€9 a month</p><a href="/signup?plan=1">Choose</a></div><div><p>€19 a month</p><a href="/signup?plan=2">Choose</a></div>',
    "ranges of prices to choose from": '<ul><li><a href="/c/kitchen?price=0-10">€0 – €10</a></li><li><a href="/c/kitchen?price=10-20">€10 – €20</a></li><li><a href="/c/kitchen?price=20-30">€20 – €30</a></li></ul>',
    "other shops' products": cards(
        lambda n, name: f'<div><a href="https://other.example/p/{n}">{name}</a><b>€{n}.00</b></div>'
    ),
    "rewards of one project": cards(
        lambda n, _: f'<div><b>€{n}0</b><a href="/trust?ref=reward{n}">About pledges</a></div>'
    ),
}
