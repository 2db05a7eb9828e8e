"""What can go wrong while we visit a shop politely, by a proxy, with a browser, or for its pictures."""

from cartage.model.failure import Origin, Permanent, TryAnother, TryLater

# --- politeness


class RobotsDisallowed(Permanent):
    """The site's robots.txt asks programs not to read the page; `rule` is the line that says so."""

    code = "robots_disallowed"
    origin = Origin.SITE
    advice = (
        "Open the page in your browser and paste its HTML instead. "
        "Whoever runs this installation, and may read the site all the same, can set CARTAGE_ROBOTS=ignore."
    )

    def __init__(self, detail: str, rule: str = "") -> None:
        super().__init__(detail)
        self.rule = rule


class RobotsUnreachable(TryLater):
    """The site's robots.txt cannot be read, so that nobody knows what the site allows."""

    code = "robots_unreachable"
    origin = Origin.SITE
    advice = "Try again when the site works in your browser, or paste the page's HTML instead."


class HostBusy(TryLater):
    """Other imports are visiting the site; they go one at a time."""

    code = "host_busy"
    advice = "It goes on by itself."


# --- the way to the site


class ProxyFailed(TryLater):
    """The proxy that sites are reached through opens no way to the site."""

    code = "proxy_failed"
    origin = Origin.US
    advice = "Whoever runs Cartage should check CARTAGE_PROXY, and what the proxy allows."


# --- pages that stand in the way


class NothingSent(Permanent):
    """The site answered that there is nothing to show."""

    code = "empty_page"
    origin = Origin.SITE
    advice = "Open the page in your browser, and paste its HTML if it opens there."


class ConsentWall(TryAnother):
    """The site shows its page only to those who agree to something, or say how old they are."""

    code = "consent_wall"
    origin = Origin.SITE
    advice = "Open the page in your browser, answer the question, and paste the page's HTML."


class GeoBlocked(TryAnother):
    """The site does not serve the country that we ask from."""

    code = "geo_blocked"
    origin = Origin.SITE
    advice = "Open the page in your browser and paste its HTML instead."


class ProductsListed(Permanent):
    """The page lists products and is about none of them."""

    code = "products_listed"
    origin = Origin.SITE
    advice = "Import the products that it lists, or paste the address of one of them."


# --- the browser


class BrowserMissing(TryAnother):
    """There is no browser to open the page with."""

    code = "browser_missing"
    advice = "Install Chromium and `pip install 'cartage[browser]'`, or name it in CARTAGE_BROWSER."


class BrowserCrashed(TryLater):
    """The page brought the browser down."""

    code = "browser_crashed"
    origin = Origin.SITE
    advice = "Paste the page's HTML instead."


class BrowserOutOfMemory(TryAnother):
    """The page takes more memory than it may."""

    code = "browser_oom"
    origin = Origin.SITE
    advice = "Paste the page's HTML instead."


class PageHangs(TryAnother):
    """The page keeps the browser busy for ever."""

    code = "deadline_exceeded"
    origin = Origin.SITE
    advice = "Paste the page's HTML instead."


# --- pictures


class PictureRefused(Permanent):
    """A picture cannot be kept; `reason` says why in one word."""

    code = "picture_refused"
    origin = Origin.SITE
    advice = "The product is kept without this picture."

    def __init__(self, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


def no_space(space: int) -> PictureRefused:
    """Say that a merchant's pictures may take no more than so many bytes."""
    return PictureRefused(f"Your business's space for pictures is used up ({space // 2**20} MB).", "space")
