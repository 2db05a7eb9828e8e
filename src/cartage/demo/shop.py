"""The demo shop as an ASGI application: whole pages, platform documents, pictures and moods."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.types import ASGIApp, Receive, Scope, Send

from cartage.demo import moods, shopify, woocommerce
from cartage.demo.assortment import GOODS_AT_HOME, ORGANISER, SHIRT, TERRARIUM
from cartage.demo.assortment_abroad import CLOCK, FAN, GOODS_ABROAD, GOODS_OF_MOODS, LAMP, TEAPOT
from cartage.demo.goods import Good, Link, Markup, Storefront
from cartage.demo.pictures import picture
from cartage.demo.storefronts import LUMEN
from cartage.demo.structured import json_ld

GOODS = (*GOODS_AT_HOME, *GOODS_ABROAD)
LINKS: tuple[Link, ...] = (
    *(Link(good.path, good.label) for good in GOODS),
    *(Link(good.path, good.label, misbehaves=True) for good in GOODS_OF_MOODS),
    Link("/gone/old-kettle", "Gone for good", misbehaves=True),
    Link("/captcha/brass-kettle", "Asks for proof of being human", misbehaves=True),
    Link("/category/home", "A list, not a product", misbehaves=True),
    Link("/endless/feed", "A page that never ends", misbehaves=True),
    Link("/login-wall", "Members only", misbehaves=True),
)
LOGIN_TEXT = (
    "This collection is for members. Log in with the e-mail address you signed up with to see it. "
    "Not a member yet? Ask for an invitation in any of our shops, or write to us, and we will send you one."
)
GONE_TEXT = (
    "The page you are looking for no longer exists. The thing it showed may have sold out for good, or moved when we "
    "tidied our shelves. Search for it by name above, or start again from the front page."
)
# Shaped like Shopify's, which it is not: the shop's API is asked for in vain before the slow page.
SLOW_SHOPIFY_PATH = "/slow/products/desk-lamp"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
TEMPLATES = Environment(
    loader=PackageLoader("cartage.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@dataclass(frozen=True, slots=True)
class HitCounter:
    """Count the requests to each path before passing them on."""

    app: ASGIApp
    hits: Counter[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and pass on."""
        if scope["type"] == "http":
            self.hits[scope["path"]] += 1
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Card:
    """Show one thing on a shelf."""

    path: str
    name: str
    line: str
    picture: str


@dataclass(slots=True)
class DemoShop:
    """Answer the shop's requests."""

    slow_seconds: float
    patience: moods.Patience = field(default_factory=moods.Patience)

    def add_to(self, app: FastAPI) -> None:
        """Bind every page to its path."""
        for good in GOODS:
            app.get(good.path, response_class=HTMLResponse)(_page_of(good))
        routes = {
            "/": self.front,
            "/category/home": self.listing,
            SHIRT.path + ".json": self.shopify_json,
            SHIRT.path + ".js": self.shopify_js,
            "/cart.js": self.cart,
            "/wp-json/wc/store/v1/products": self.store_api,
            "/images/{name}.png": self.image,
            "/cdn/shop/files/{name}.png": self.image,
            LAMP.path: self.slow,
            SLOW_SHOPIFY_PATH: self.slow,
            FAN.path: self.flaky,
            TEAPOT.path: self.busy,
            CLOCK.path: self.down,
            "/captcha/{slug}": self.captcha,
            "/endless/feed": self.endless,
            "/login-wall": self.login_wall,
            "/account/login": self.login,
            "/robots.txt": self.robots,
        }
        for path, answer in routes.items():
            app.get(path, response_model=None)(answer)

    async def front(self) -> Response:
        """Show what the shop has: the front page."""
        cards = [Card(good.path, good.name, good.label, good.pictures[0]) for good in (*GOODS, *GOODS_OF_MOODS)]
        links = [link for link in LINKS if link.misbehaves]
        return _shelf("The demo shop", "Every page imitates one way in which real shops differ.", cards, links)

    async def listing(self) -> Response:
        """List what there is for the home, none of which is the page's own."""
        cards = [Card(good.path, good.name, good.price.shown, good.pictures[0]) for good in GOODS_AT_HOME]
        return _shelf("For the home", f"{len(cards)} products", cards, [])

    async def shopify_json(self, request: Request) -> Response:
        """Answer Shopify's `/products/<handle>.json`."""
        return JSONResponse(shopify.product_json(SHIRT, _origin(request)))

    async def shopify_js(self) -> Response:
        """Answer Shopify's `/products/<handle>.js`."""
        return JSONResponse(shopify.product_js(SHIRT))

    async def cart(self) -> Response:
        """Answer Shopify's `/cart.js`."""
        return JSONResponse(shopify.cart_js(SHIRT.price.currency))

    async def store_api(self, request: Request) -> Response:
        """Answer WooCommerce's list of products, by slug or by parent."""
        asked, origin = request.query_params, _origin(request)
        if asked.get("slug") == ORGANISER.slug:
            return JSONResponse([woocommerce.store_product(ORGANISER, origin)])
        if asked.get("type") == "variation" and asked.get("parent") == str(ORGANISER.number):
            return JSONResponse(woocommerce.store_variations(ORGANISER, origin))
        return JSONResponse([])

    async def image(self, name: str) -> Response:
        """Show a picture."""
        drawn = picture(name)
        if drawn is None:
            raise HTTPException(404)
        return Response(drawn, media_type="image/png", headers=FOREVER)

    async def slow(self, request: Request) -> Response:
        """Send a good page, piece by piece, over the configured seconds."""
        content = product_page(LAMP, _origin(request)).encode()
        return StreamingResponse(moods.slowly(content, self.slow_seconds), media_type="text/html; charset=utf-8")

    async def flaky(self, request: Request) -> Response:
        """Fail with 503 twice, then answer."""
        return self._sooner_or_later(FAN, moods.FLAKY_ANSWERS, request)

    async def down(self, request: Request) -> Response:
        """Fail with 503 for as long as an import tries, then answer."""
        return self._sooner_or_later(CLOCK, moods.DOWN_ANSWERS, request)

    async def busy(self, request: Request) -> Response:
        """Ask to slow down, saying for how long, then answer."""
        if self.patience.refuses(TEAPOT.path, moods.BUSY_ANSWERS):
            text = "You are asking faster than we can brew. Please try again in a moment."
            retry_after = {"Retry-After": str(moods.BUSY_SECONDS)}
            return _message("Too many requests", text, status=429, headers=retry_after)
        return HTMLResponse(product_page(TEAPOT, _origin(request)))

    async def captcha(self) -> Response:
        """Ask for proof that a person is looking."""
        return HTMLResponse(TEMPLATES.get_template("challenge.html").render(), 403)

    async def endless(self) -> Response:
        """Begin a page that never ends."""
        return StreamingResponse(moods.endlessly(), media_type="text/html; charset=utf-8")

    async def login_wall(self) -> Response:
        """Send everyone to the login."""
        return RedirectResponse("/account/login?return_to=/login-wall", 302)

    async def login(self) -> Response:
        """Show the login, which nobody passes."""
        return _message("Log in", LOGIN_TEXT, fields=True)

    async def robots(self) -> Response:
        """Allow everything."""
        return PlainTextResponse("User-agent: *\nDisallow:\n")

    def _sooner_or_later(self, good: Good, refusals: int, request: Request) -> Response:
        if self.patience.refuses(good.path, refusals):
            return _message("Back in a moment", "Our shop is taking a breath. Please try again shortly.", status=503)
        return HTMLResponse(product_page(good, _origin(request)))


def create_shop(*, slow_seconds: float = 20.0) -> FastAPI:
    """Make a demo shop; `slow_seconds` is how long its slow page takes.

    `app.state.hits` counts the requests to each path, as `/hits` does.
    """
    app = FastAPI(title="Cartage demo shop", docs_url=None, redoc_url=None, openapi_url=None)
    hits: Counter[str] = Counter()
    app.state.hits = hits
    DemoShop(slow_seconds).add_to(app)

    @app.get("/hits")
    async def count() -> dict[str, int]:
        return dict(hits)

    @app.exception_handler(404)
    async def gone(request: Request, error: Exception) -> Response:
        del request, error
        return _message("Page not found", GONE_TEXT, status=404)

    app.add_middleware(HitCounter, hits=hits)
    return app


def product_page(good: Good, origin: str) -> str:
    """Write the whole page of one thing for sale."""
    shopify_like = good.markup is Markup.SHOPIFY
    return TEMPLATES.get_template("product.html").render(
        good=good,
        store=good.store,
        origin=origin,
        pictures="/cdn/shop/files" if shopify_like else "/images",
        stamp="?v=1" if shopify_like else "",
        json_ld=json_ld(good, origin),
        shown=woocommerce.shown,
        variations=woocommerce.page_variations(good, origin) if good.markup is Markup.WOOCOMMERCE else [],
    )


def _page_of(good: Good) -> Any:
    async def show(request: Request) -> HTMLResponse:
        return HTMLResponse(product_page(good, _origin(request)))

    return show


def _shelf(heading: str, intro: str, cards: list[Card], links: list[Link]) -> Response:
    page = TEMPLATES.get_template("shelf.html")
    return HTMLResponse(page.render(store=LUMEN, heading=heading, intro=intro, cards=cards, links=links))


def _message(
    heading: str,
    text: str,
    *,
    status: int = 200,
    store: Storefront = TERRARIUM.store,
    fields: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    page = TEMPLATES.get_template("message.html").render(store=store, heading=heading, text=text, fields=fields)
    return HTMLResponse(page, status, headers)


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")
