"""Which failures last: what failed so would fail again, however often it is tried."""

from cartage.model.errors import (
    BotChallenge,
    LoginRequired,
    NotAProductPage,
    PageNotFound,
    SchemeUnsupported,
    UnsupportedContentType,
    UrlInvalid,
    UrlNotAllowed,
)
from cartage.model.visit_errors import ProductsListed
from cartage.model.wishes import Render

WALLED = frozenset({BotChallenge.code, LoginRequired.code})
LASTING = frozenset(
    kind.code
    for kind in (
        LoginRequired,
        NotAProductPage,
        PageNotFound,
        ProductsListed,
        SchemeUnsupported,
        UnsupportedContentType,
        UrlInvalid,
        UrlNotAllowed,
    )
)


def lasting_codes(render: Render | None) -> frozenset[str]:
    """Give the codes of what would fail again; a browser that is asked first of all may get past a captcha."""
    return LASTING if render is Render.FIRST else LASTING | WALLED
