"""What may be done about an import that failed."""

from enum import StrEnum


class Remedy(StrEnum):
    """Name what may be done: import what a page lists, go on beyond a budget, try again, or give the page's HTML."""

    IMPORT_LISTED = "import_listed"
    CONTINUE = "continue"
    RETRY_IN_BROWSER = "retry_in_browser"
    RETRY = "retry"
    PASTE_HTML = "paste_html"
