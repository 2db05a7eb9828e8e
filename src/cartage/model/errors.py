"""Everything that can go wrong, named for what happened, under parents named for what to do next.

CartageError
├── Permanent       nobody should try this address again
├── TryAnother      this provider failed, the next may not
├── TryLater        the same provider may succeed in a while
├── Misconfigured   the operator must act
└── Refused         the caller's request cannot be met
"""

from cartage.model.failure import CartageError, Failure, Misconfigured, Origin, Permanent, Refused, TryAnother, TryLater

# --- the address itself


class UrlInvalid(Permanent):
    """The text is not a web address; `reason` names the rule it breaks."""

    code = "url_invalid"
    origin = Origin.YOU
    advice = "Paste the full address of one product's page, starting with https://."

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class SchemeUnsupported(Permanent):
    """The address is not http or https."""

    code = "url_scheme_unsupported"
    origin = Origin.YOU
    advice = "Only http and https addresses can be imported."


class UrlNotAllowed(Permanent):
    """The address leads into a private network or to a refused port; `reason` is for the operator's log."""

    code = "url_not_allowed"
    origin = Origin.YOU
    advice = "Addresses inside a private network cannot be imported. Paste the page's HTML instead."

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class HostNotFound(Permanent):
    """The host's name does not exist, or has no address."""

    code = "dns_not_found"
    origin = Origin.YOU
    advice = "Check the address for a typing mistake."


class RedirectRefused(Permanent):
    """The site redirects to an address that cannot be followed; `reason` names the rule it breaks."""

    code = "bad_redirect"
    origin = Origin.SITE
    advice = "Open the page in your browser and paste the address you land on."

    def __init__(self, detail: str, reason: str = "bad_redirect") -> None:
        super().__init__(detail)
        self.reason = reason


class TooManyRedirects(Permanent):
    """The site keeps redirecting."""

    code = "too_many_redirects"
    origin = Origin.SITE
    advice = "Open the page in your browser and paste the address you land on."


# --- the site's answer


class PageNotFound(Permanent):
    """The page is gone."""

    code = "not_found"
    origin = Origin.SITE
    advice = "Check the address, or look for the product's new page."


class LoginRequired(Permanent):
    """The page is behind a login or a password."""

    code = "login_required"
    origin = Origin.SITE
    advice = "Log in with your browser and paste the page's HTML instead."


class UnsupportedContentType(Permanent):
    """The address does not answer with an HTML page."""

    code = "unsupported_content_type"
    origin = Origin.SITE
    advice = "Paste the address of the product's page, not of a file."


class UnsupportedEncoding(Permanent):
    """The answer is compressed in a way we do not read."""

    code = "unsupported_encoding"
    origin = Origin.SITE
    advice = "Paste the page's HTML instead."


class PageTooLarge(Permanent):
    """The answer is larger than we read."""

    code = "body_too_large"
    origin = Origin.SITE
    advice = "Check that the address is a product's page, or paste the page's HTML instead."


class DecompressionBomb(Permanent):
    """The answer unpacks to far more than it should."""

    code = "decompression_bomb"
    origin = Origin.SITE
    advice = "Paste the page's HTML instead."


class PageTooComplex(Permanent):
    """The page is nested or repeated beyond what can be read."""

    code = "page_too_complex"
    origin = Origin.SITE
    advice = "Check that the address is one product's page."


class BadResponse(Permanent):
    """The site's answer is not valid HTTP."""

    code = "bad_response"
    origin = Origin.SITE
    advice = "Try again later, or paste the page's HTML instead."


class TlsFailed(Permanent):
    """The site's certificate or encryption is not valid."""

    code = "tls_error"
    origin = Origin.SITE
    advice = "The shop must fix its certificate. Paste the page's HTML instead."


class UpstreamError(Permanent):
    """The site answered with an error that repeating will not fix."""

    code = "upstream_error"
    origin = Origin.SITE
    advice = "Open the page in your browser, and paste its HTML if it opens there."


class NotAProductPage(Permanent):
    """The page is not about one product."""

    code = "not_a_product_page"
    origin = Origin.SITE
    advice = "Open one product on that page and paste its address."


class NoProductFound(Permanent):
    """The page holds no product that we can read."""

    code = "no_product_found"
    origin = Origin.SITE
    advice = "Check the address, or paste the page's HTML from your browser instead."


class AccessDenied(TryAnother):
    """The site refuses us."""

    code = "access_denied"
    origin = Origin.SITE
    advice = "Open the page in your browser and paste its HTML instead."


class BotChallenge(TryAnother):
    """The site asks for a captcha or another proof of being a person."""

    code = "bot_challenge"
    origin = Origin.SITE
    advice = "We do not get around such checks. Open the page in your browser and paste its HTML instead."


class NeedsBrowser(TryAnother):
    """The page is an empty shell that a browser fills."""

    code = "needs_browser"
    origin = Origin.SITE
    advice = "Open the page in your browser and paste its HTML instead."


class NotThisPlatform(TryAnother):
    """The shop does not speak the platform's own API."""

    code = "not_this_platform"
    origin = Origin.SITE
    advice = "The page itself is read instead."


class RateLimited(TryLater):
    """The site asks us to slow down."""

    code = "rate_limited"
    origin = Origin.SITE
    advice = "Try again later."


class UpstreamUnavailable(TryLater):
    """The site has a problem of its own."""

    code = "upstream_unavailable"
    origin = Origin.SITE
    advice = "Try again when the site works in your browser."


class EmptyPage(TryLater):
    """The site answered with nothing."""

    code = "empty_page"
    origin = Origin.SITE
    advice = "Try again later, or paste the page's HTML instead."


class BodyTruncated(TryLater):
    """The answer broke off."""

    code = "body_truncated"
    origin = Origin.SITE
    advice = "Try again later."


class BadEncoding(TryLater):
    """The answer's compression is corrupt."""

    code = "bad_encoding"
    origin = Origin.SITE
    advice = "Try again later, or paste the page's HTML instead."


class DeadlineExceeded(TryLater):
    """The site did not answer in time."""

    code = "deadline_exceeded"
    origin = Origin.SITE
    advice = "Try again later, or paste the page's HTML instead."


class DnsFailed(TryLater):
    """The host's name leads nowhere."""

    code = "dns_failed"
    origin = Origin.SITE
    advice = "Check the address for a typing mistake."


class ConnectFailed(TryLater):
    """The host cannot be reached."""

    code = "connect_failed"
    origin = Origin.SITE
    advice = "Check that the site opens in your browser, and try again."


class ConnectTimeout(ConnectFailed):
    """The host does not take the connection in time."""

    code = "connect_timeout"


class ConnectionReset(TryLater):
    """The connection was cut while the page was on its way."""

    code = "connection_reset"
    origin = Origin.SITE
    advice = "Try again later."


# --- our own side


class Cancelled(Permanent):
    """A person stopped the import."""

    code = "cancelled"
    origin = Origin.YOU
    advice = "Retry it when you want it."


class Internal(Permanent):
    """A bug or a broken machine on our side."""

    code = "internal"


class EngineUnreachable(TryLater):
    """The server that runs imports did not answer."""

    code = "engine_unreachable"
    origin = Origin.US
    advice = "The import goes on by itself when that server answers again."


class ImportLost(Permanent):
    """The engine lost the import, or stopped it without saying why."""

    code = "import_lost"
    advice = "Retry it."


class SchemaOutdated(Misconfigured):
    """The database is older than the program."""

    code = "schema_outdated"
    advice = "Run `cartage db upgrade`, then start again."


class SchemaTooNew(Misconfigured):
    """The database is newer than the program."""

    code = "schema_too_new"
    advice = "Start the newer version of Cartage, or go back with its `cartage db downgrade`."


class DatabaseUnreachable(TryLater):
    """The database does not answer."""

    code = "database_unreachable"
    origin = Origin.US
    advice = "Check CARTAGE_DATABASE_URL, and that the database runs; `cartage doctor` looks."


class EngineTaken(Misconfigured):
    """Another process already runs the embedded engine on this data folder."""

    code = "engine_taken"
    advice = "Stop the other process, or give this one its own CARTAGE_DATA_DIR."


class PortTaken(Misconfigured):
    """The address to listen on is another program's, or not this machine's."""

    code = "port_taken"
    advice = "Choose another port with --port, or stop the other program."


class ImportFailed(CartageError):
    """An import ended in failure; `reason` says why, with the failing side and advice."""

    def __init__(self, reason: Failure) -> None:
        super().__init__(reason.detail)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)

    def failure(self) -> Failure:
        """Give the reason itself."""
        return self.reason


# --- the caller's request


class NotFound(Refused):
    """There is no such thing for this merchant."""

    code = "not_found_here"
    advice = "Check the id."


class Conflict(Refused):
    """The thing is in a state that does not allow this."""

    code = "conflict"
    advice = "Look at its current state first."


class NotAuthenticated(Refused):
    """The caller is not known."""

    code = "not_authenticated"
    advice = "Log in, or send `Authorization: Bearer` with a token from `cartage token create`."


class InvalidInput(Refused):
    """The request's fields are not as they should be; `pointer` names the field."""

    code = "invalid_input"
    advice = "Fix the field and send it again."

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.pointer = pointer
