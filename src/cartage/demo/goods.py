"""What a demo page is about: a thing for sale, the storefront that sells it, and how that storefront writes it down."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Markup(StrEnum):
    """Name the way in which a page states its product to machines."""

    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    JSON_LD = "json_ld"
    GRAPH = "graph"
    GROUP = "group"
    MICRODATA = "microdata"
    OPEN_GRAPH = "open_graph"
    TITLE_ONLY = "title_only"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Words:
    """Hold the words of a storefront's furniture in its language."""

    language: str = "en"
    home: str = "Home"
    search: str = "Search"
    basket: str = "Basket"
    add: str = "Add to cart"
    sold_out: str = "Sold out"
    notify: str = "Tell me when it is back"
    in_stock: str = "In stock, ships in 1–2 days"
    out_of_stock: str = "Out of stock"
    quantity: str = "Quantity"
    description: str = "Description"
    details: str = "Details"
    related: str = "You may also like"
    delivery: str = "Free delivery on larger orders and 30 days to change your mind."
    letter: str = "Our letter comes once a month at most: new things first, no noise, and leaving takes one click."
    help: tuple[str, ...] = ("Delivery", "Returns", "Contact", "Privacy")

    @property
    def direction(self) -> str:
        """Give the direction of writing."""
        return "rtl" if self.language == "ar" else "ltr"


@dataclass(frozen=True, slots=True)
class Storefront:
    """Describe a shop's looks: its name, departments, colours and letters."""

    name: str
    notice: str
    departments: tuple[str, ...]
    accent: str = "#1f4d3f"
    paper: str = "#ffffff"
    ink: str = "#1c1c1a"
    serif: bool = False
    words: Words = Words()


@dataclass(frozen=True, slots=True)
class Price:
    """Hold an amount and the way the page shows it; `was` is the price before a sale."""

    amount: Decimal
    currency: str
    shown: str
    was: Decimal | None = None
    was_shown: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Name another thing of the same storefront, with a price that is not the page's own."""

    name: str
    shown: str
    picture: str


@dataclass(frozen=True, slots=True)
class Form:
    """Describe one buyable form: its options in the order of the axes, and what differs."""

    options: tuple[str, ...]
    sku: str
    amount: Decimal
    was: Decimal | None = None
    in_stock: bool = True
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """Describe one thing for sale, as its page tells it."""

    path: str
    label: str
    name: str
    brand: str
    price: Price
    pictures: tuple[str, ...]
    description: tuple[str, ...]
    crumbs: tuple[str, ...]
    store: Storefront
    markup: Markup
    neighbours: tuple[Neighbour, ...]
    details: tuple[tuple[str, str], ...] = ()
    sku: str = ""
    gtin: str = ""
    in_stock: bool = True
    axes: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    number: int = 1
    rating: tuple[str, int] | None = None

    @property
    def slug(self) -> str:
        """Give the last part of the path."""
        return self.path.strip("/").rpartition("/")[2]

    def values(self, axis: int) -> list[str]:
        """List the values of one axis in the shop's order."""
        return list(dict.fromkeys(form.options[axis] for form in self.forms))


@dataclass(frozen=True, slots=True)
class Link:
    """Point at one page of the demo shop, with what is special about it; `misbehaves` where the page does."""

    path: str
    label: str
    misbehaves: bool = False
