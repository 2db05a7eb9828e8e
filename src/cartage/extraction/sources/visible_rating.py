"""The shoppers' rating as the page shows it: words, labels for screen readers, or stars drawn to a width."""

import re
from decimal import Decimal, InvalidOperation

from cartage.extraction.claims import Claim, Statement
from cartage.extraction.document import LONGEST_RAW
from cartage.extraction.hints import RATING
from cartage.extraction.layout import Element, Layout
from cartage.extraction.sources.schema_org import rating_of
from cartage.extraction.sources.visible_anchors import Anchors
from cartage.model.evidence import Source
from cartage.model.product import Rating

OUT_OF = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:/|out of|von|sur|de(?:ntro de)?(?= ?\d)|su|av|af|z(?= \d)|van(?: de)?|of|из|din|מתוך|から|つ星のうち|/)\s*(5|10|100)(?:[.,]0)?(?![\d.,])",
    re.IGNORECASE,
)
STARS = re.compile(
    r"(?<![\d.,])([0-5](?:[.,]\d{1,2})?)\s*(?:[- ]?star|stjärn|stern|étoile|estrella|stelle|gwiazd|hvězd|★)",
    re.IGNORECASE,
)
COUNT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,  \s]\d{3})+|\d+)\s*(?:customer |global |verified |product |total |user |kunden|artikel)?\s*(?:reviews?|ratings?|bewertung(?:en)?|rezensionen|sternebewertungen|kundenbewertungen|avis|évaluations?|commentaires?|opinion(?:es|i|e|s)?|valoraciones|calificaciones|reseñas|avaliaç(?:ões|ão)|classificaç|recensioni|valutazioni|voti|beoordelingen|recensies|ocen|opinii|opinie|hodnocení|hodnotení|recenzí|recenzií|értékelés|vélemény|recenzii|evaluări|отзыв|оцен|відгук|omdömen|recensioner|betyg|anmeldelser|omtaler|arvostelu|yorum|değerlendirme|κριτικές|αξιολογήσεις|ביקורות|חוות דעת|תקציר|تقييم|مراجعة|評價|评价|則評論|レビュー|件の評価|리뷰|đánh giá|ulasan|votes?|vote|mnenj|recenzij|ocjena)",
    re.IGNORECASE,
)
HISTOGRAM_HINT = re.compile(r"histogram|distribution|breakdown|snapshot|filter|summary-?bar|your-?rating|write")
VALUE_NAMED = re.compile(r"^\s*(?:レビュー|評価|評分|评分|평점|★+|☆+)\s*[:：]?\s*([0-5]\.\d{1,2})(?!\d)")
STARS_SAID = re.compile(
    r"\d\s*(?:out of|von|sur|de|su|van|z|of|av|/)\s*5\b.{0,12}(?:star|stern|étoile|estrel|stell|ster|gwiazd|hvězd)",
    re.IGNORECASE,
)
VALUE_ALONE = re.compile(r"^\s*\(?([0-5][.,]\d{1,2})\s*(?:\(?\s*(\d[\d.,\s]{0,8})\s*\)?)?")
WIDTH = re.compile(r"width\s*:\s*(\d{1,3}(?:\.\d+)?)%")
STARRED = re.compile(r"star|(?<![a-z-])(?:product-)?rating(?:-(?:result|value|inner))?(?![a-z-])")
BASED_ON = re.compile(r"(?:based on|sur|aus|basato su|op basis van)\s*(\d[\d.,]*)", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(\s*(\d{1,3}(?:[.,]\d{3})+|\d{1,6})\s*(?:件|則|条|人|건|개)?\s*\)")
SCALE = re.compile(r"(?:0[.,]5|1)\D{1,4}(?:1|2)\D{1,4}(?:1[.,]5|3)\D{1,4}(?:2|4)(?!\d)")
COUNT_HINT = re.compile(
    r"(?:reviews?|votes?)-?(?:count|number|num|total|amount)\b|ratings?-?(?:count|total)\b"
    r"|\b(?:count|number|num|total)-?(?:of-?)?(?:reviews?|ratings|votes?)\b"
)
NUMBER_LAST = re.compile(r"(?:\D{1,24}[:(\s])?\(?\s*(\d{1,3}(?:[.,\s]\d{3})+|\d{1,7})\s*\)?$")
LABELS = ("aria-label", "title", "alt")
RATING_TAG = re.compile(r"rating|stars|reviews?-(?:summary|badge)")
VALUE_KEYS, COUNT_KEYS = (
    ("value", "rating", "score", "average", "data-rating"),
    ("reviews", "count", "total", "review-count", "reviews-count"),
)
DIGIT = re.compile(r"\d")
LONGEST_COUNT, LONGEST_TEXT, LARGEST, AROUND_STARS = 40, 600, 40, 12
SHORT_LINK, CLOSE = 4, 0.2
COUNT_ALONE, VALUE_SAID, VALUE_DRAWN = 0.1, 0.6, 0.45

Found = tuple[float, Rating, Element, str]


def take_rating(statement: Statement, layout: Layout, anchors: Anchors) -> None:
    """Add the ratings near the product to the visible statement, surest first."""
    found: list[Found] = []
    for element in _places(layout, anchors):
        if layout.size(element) > LARGEST or _is_apart(anchors, element):
            continue
        rating, sureness = _rating_in(layout, element)
        if rating is None or (rating.value is None and _closeness(anchors, element) < 0.1):
            continue
        score = sureness + (0.25 if rating.count is not None else 0) + _closeness(anchors, element)
        raw = (element.get("aria-label") or element.get("title") or layout.text(element))[:LONGEST_RAW]
        found.append((score, rating, element, raw))
    found += _from_own_tags(layout, anchors)
    found += _from_links(layout, anchors) if not found else []
    found.sort(key=lambda entry: -entry[0])
    for score, rating, element, raw in found[:3]:
        statement.rating.append(Claim(rating, Source.VISIBLE, element.path, raw, score))


def _places(layout: Layout, anchors: Anchors) -> list[Element]:
    """List what is named or labelled for a rating, and what holds such a thing near the title that has no text of its own."""
    said = [element for element in layout.labelled if STARS_SAID.search(element.get("aria-label"))]
    named = layout.which(RATING)
    around = [
        each.parent
        for each in (*said, *named)
        if each.parent is not None and layout.size(each) == 0 and _closeness(anchors, each) > 0
    ]
    beside = [
        each
        for each in dict.fromkeys(around)
        if layout.size(each) <= AROUND_STARS
        and (each in (element.parent for element in said) or VALUE_ALONE.match(_spaced(layout, each)))
    ]
    return list(dict.fromkeys((*named, *said, *beside)))


def _from_own_tags(layout: Layout, anchors: Anchors) -> list[Found]:
    """Read elements of a shop's own making, as `<x-rating-stars value="4.5" reviews="6">`, whose attributes say it all."""
    found: list[Found] = []
    for tag, elements in layout.tagged.items():
        if "-" not in tag or not RATING_TAG.search(tag):
            continue
        for element in elements:
            value, count = _said_by(element, VALUE_KEYS), _said_by(element, COUNT_KEYS)
            rating = rating_of(value, element.get("max"), [count] if count else [])
            if rating and not _is_apart(anchors, element):
                raw = " ".join(filter(None, (value, count)))
                score = VALUE_SAID + 0.25 + _closeness(anchors, element)
                found.append((score, rating, element, raw))
    return found


def _from_links(layout: Layout, anchors: Anchors) -> list[Found]:
    """Read links right by the title that say nothing but how many reviews there are."""
    found: list[Found] = []
    for element in layout.tagged.get("a", ()):
        if layout.size(element) > SHORT_LINK or _closeness(anchors, element) < CLOSE or _is_apart(anchors, element):
            continue
        text = layout.text(element).strip(" ()")
        if COUNT.fullmatch(text) and (count := _count(text)):
            rating = Rating(count=count)
            found.append((COUNT_ALONE + CLOSE, rating, element, text))
    return found


def _said_by(element: Element, keys: tuple[str, ...]) -> str:
    return next((said for key in keys if (said := element.get(key))), "")


def _is_apart(anchors: Anchors, element: Element) -> bool:
    if element.region is not None and anchors.excluded(element):
        return True
    return any(near.hint and HISTOGRAM_HINT.search(near.hint) for near in element.chain(3))


def _closeness(anchors: Anchors, element: Element) -> float:
    if anchors.title is None:
        return 0.0
    distance = abs(element.order - anchors.title.order)
    return 0.2 if distance < 60 else (0.1 if distance < 200 else -distance / 5000)


def _rating_in(layout: Layout, element: Element) -> tuple[Rating | None, float]:
    """Read the rating in an element, and how sure its value is: said in words, drawn as stars, or missing."""
    shown = _spaced(layout, element)
    inner = layout.within(element, 40)
    labels = [said for near in (element, *inner) for name in LABELS if (said := near.attributes.get(name))]
    text = " ".join([shown, *labels] if shown else labels)
    if not DIGIT.search(text) and _drawn((element, *inner)) is None:
        return None, 0.0
    if len(text) > LONGEST_TEXT or len({match[1] for match in STARS.finditer(text)}) > 2:
        return None, 0.0
    count = _count(OUT_OF.sub(" ", text)) or _named_count(layout, (element, *inner))
    is_scale = SCALE.search(_spaced(layout, element.parent or element)[:200])
    value, best = (None, Decimal(5)) if is_scale else _said(shown, text)
    sureness = VALUE_SAID
    if value is None and not is_scale:
        value, sureness = _drawn((element, *inner)), VALUE_DRAWN
    if value is not None and 0 < value <= best:
        return Rating(value=value, best=best, count=count), sureness
    return (Rating(count=count) if count and (is_scale or len(shown) <= LONGEST_COUNT) else None), COUNT_ALONE


def _spaced(layout: Layout, element: Element) -> str:
    """Give an element's text with a space between pieces: `4.7` and `472 reviews` may touch on the page."""
    return " ".join(" ".join(layout.pieces[element.start : element.end]).split())


def _said(shown: str, text: str) -> tuple[Decimal | None, Decimal]:
    if match := OUT_OF.search(text):
        return _decimal(match[1]), Decimal(match[2])
    match = STARS.search(text) or VALUE_ALONE.match(shown) or VALUE_NAMED.match(shown)
    return (_decimal(match[1]) if match else None), Decimal(5)


def _drawn(elements: tuple[Element, ...]) -> Decimal | None:
    for element in elements:
        hints = f"{element.hint} {element.parent.hint if element.parent else ''}"
        if STARRED.search(hints) and (match := WIDTH.search(element.get("style"))):
            return (Decimal(match[1]) / 20).quantize(Decimal("0.01"))
    return None


def _count(text: str) -> int | None:
    match = COUNT.search(text) or IN_BRACKETS.search(text) or BASED_ON.search(text)
    digits = re.sub(r"\D", "", match[1]) if match else ""
    return int(digits) if digits and len(digits) < 8 else None


def _named_count(layout: Layout, elements: tuple[Element, ...]) -> int | None:
    """Read a number that stands alone where the element's name says that it counts reviews."""
    for element in elements:
        if COUNT_HINT.search(element.hint) and (match := NUMBER_LAST.match(_spaced(layout, element))):
            return int(re.sub(r"\D", "", match[1]))
    return None


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
