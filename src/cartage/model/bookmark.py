"""A bookmark: by what to ask a site whether a product's page has changed, and what was read of it then."""

from cartage.model.evidence import Verdict
from cartage.model.page import Validators
from cartage.model.product import Value


class Bookmark(Value):
    """Keep what stands while a page does not change, as the version `reader` of Cartage read it.

    `page_id` and `extraction_id` name stored artifacts. `language` is what the site was asked for.
    """

    validators: Validators
    reader: str
    page_id: str
    extraction_id: str
    verdict: Verdict | None = None
    missing: tuple[str, ...] = ()
    language: str | None = None
