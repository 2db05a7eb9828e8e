"""A page with gaps: what reading it did not find, what it shows, and the extraction once a model was asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.extraction.depicting import Depiction, draft_of, pictured, seen_in
from cartage.extraction.document import parse
from cartage.extraction.fields import Context
from cartage.extraction.filling import Filling, wanted_of
from cartage.extraction.grounding import ground
from cartage.extraction.reader import context_of, extraction_of, outline
from cartage.extraction.shown import Shown, shown
from cartage.model.evidence import Drop, Evidence, Extraction, Source, Verdict
from cartage.model.page import Page, PageKind
from cartage.model.product import Product

WORDLESS = 200
KIND, COLOUR = "Kind", "Colour"
POINTED = "A language model pointed at what the page states of its product."
DESCRIBED = "A language model described the pictures of a page without words."


@dataclass(frozen=True, slots=True)
class Gaps:
    """Hold a page that lacks something: what was read of it, what it shows, and the fields that are wanted."""

    base: Extraction
    shown: Shown
    wanted: tuple[str, ...]
    context: Context

    @property
    def wordless(self) -> bool:
        """Tell whether the page shows pictures and next to no text."""
        return _wordless(self.base, self.shown)


def gaps_of(page: Page, extraction: Extraction) -> Gaps:
    """Look at an HTML page for what an extraction of it, or of the same product, lacks."""
    document = parse(page.body, page.url)
    facts, evidence = outline(document)
    # What is no product by itself may become one: it starts with the page's address and language alone.
    base = extraction if extraction.product else extraction.model_copy(update={"evidence": evidence})
    sight = shown(document)
    product = extraction.product or Product(**facts)
    base = base.model_copy(update={"product": product})
    return Gaps(base, sight, wanted_of(product, sight), context_of(document))


def is_wordless(page: Page, extraction: Extraction) -> bool:
    """Tell whether a page that reads as empty shows pictures all the same."""
    if page.kind is not PageKind.HTML or extraction.verdict is not Verdict.EMPTY:
        return False
    return _wordless(extraction, shown(parse(page.body, page.url)))


def filled(gaps: Gaps, filling: Filling) -> tuple[Extraction, Sequence[Drop]]:
    """Put into an extraction what a model found on the page, as far as it stands there, and say what was dropped."""
    grounded = ground(filling, gaps.wanted, gaps.shown, gaps.context)
    product = _product(gaps).model_copy(update=grounded.facts)
    return _finished(gaps, product, {**gaps.base.evidence, **grounded.evidence}, POINTED), grounded.drops


def depicted(gaps: Gaps, depiction: Depiction) -> tuple[Extraction, Sequence[Drop]]:
    """Make a draft of what a model says pictures show; each of its values is unverified, and none is a price."""
    if not depiction.product:
        return gaps.base.model_copy(update={"product": None, "evidence": {}}), ()
    draft = draft_of(depiction)
    pictures = pictured(depiction, gaps.shown.pictures)
    facts, evidence, unverified = dict[str, object](), dict(gaps.base.evidence), list[str]()
    for name in ("name", "description"):
        if (value := draft.values.get(name)) and not getattr(_product(gaps), name):
            facts[name], evidence[f"/{name}"] = value, (seen_in(pictures, value),)
            unverified.append(f"/{name}")
    attributes = list(_product(gaps).attributes)
    for name, title in (("kind", KIND), ("colour", COLOUR)):
        if value := draft.values.get(name):
            attributes.append((title, value))
            evidence[f"/attributes/{title}"] = (seen_in(pictures, value),)
            unverified.append(f"/attributes/{title}")
    if not _product(gaps).images:
        facts["images"] = tuple(picture.image for picture in pictures)
        for place, picture in enumerate(pictures):
            shown_at = Evidence(source=Source.VISIBLE, where=picture.where, raw=picture.image.url[:300])
            evidence[f"/images/{place}"] = (shown_at,)
    product = _product(gaps).model_copy(update={**facts, "attributes": tuple(attributes)})
    drafted = _finished(gaps, product, evidence, DESCRIBED).model_copy(update={"unverified": tuple(unverified)})
    return drafted, draft.drops


def _wordless(extraction: Extraction, sight: Shown) -> bool:
    named = extraction.product is not None and extraction.product.name
    return not named and bool(sight.pictures) and sight.length < WORDLESS


def _product(gaps: Gaps) -> Product:
    return gaps.base.product or Product()


def _finished(gaps: Gaps, product: Product, evidence: dict[str, tuple[Evidence, ...]], reason: str) -> Extraction:
    whole = bool(product.name and product.images and (product.price or product.availability))
    if not product.name:
        return gaps.base.model_copy(update={"product": None, "evidence": {}}) if _was_nothing(gaps) else gaps.base
    verdict = Verdict.PRODUCT if whole else Verdict.THIN
    return extraction_of(product, verdict, reason, evidence)


def _was_nothing(gaps: Gaps) -> bool:
    return gaps.base.verdict not in (Verdict.PRODUCT, Verdict.THIN)
