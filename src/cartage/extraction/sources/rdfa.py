"""RDFa Lite: schema.org's terms in `property` attributes."""

from cartage.extraction.claims import Statement
from cartage.extraction.document import Document
from cartage.extraction.sources import annotated


def read(document: Document) -> list[Statement]:
    """Read the products and the trail that RDFa annotates."""
    return annotated.read(document, annotated.RDFA)
