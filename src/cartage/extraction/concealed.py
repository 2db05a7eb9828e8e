"""What a page holds without showing it: by its own styles, by attributes, by the names that frameworks hide with."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from cartage.extraction.document import Document
from cartage.extraction.layout import Element, Layout

MOST_RULES, LONGEST_SHEET = 400, 500_000
HIDING_NAMES = frozenset(
    {"hidden", "hide", "is-hidden", "d-none", "invisible", "sr-only", "visually-hidden", "visuallyhidden"}
    | {"screen-reader-text", "screen-reader-only", "a11y-hidden", "u-hidden", "uk-hidden", "hidden-text", "offscreen"}
    | {"display-none", "displaynone"}
)
HIDING = re.compile(
    r"display\s*:\s*none|(?<!-)visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|(?<!-)opacity\s*:\s*0*(?:\.0\d*)?\s*(?:;|!|$)|font-size\s*:\s*0*(?:[01](?:\.\d+)?|\.\d+)(?:px|pt)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0*(?:\.0\d*)?(?:em|rem|%|vw)\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-(?:\d{4,}|[5-9]\d\d)(?:px)?|(?:left|top)\s*:\s*-\d{3,}(?:r?em|vw|vh|%)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?|clip-path\s*:\s*(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)"
    r"|transform\s*:[^;]*scale[xy]?\(\s*0(?:\.0\d*)?\s*[,)]|filter\s*:[^;]*opacity\(\s*0",
    re.IGNORECASE,
)
SMALL = re.compile(r"(?<![-\w])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE)
CUT = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
INVISIBLE_INK = re.compile(r"(?<![-\w])color\s*:\s*(?:transparent|rgba\([^)]*,\s*0?(?:\.0\d*)?\s*\))", re.IGNORECASE)
INK = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.IGNORECASE)
PAPER = re.compile(r"(?<![-\w])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
PAINTED = re.compile(r"background-clip\s*:\s*text|url\(|gradient", re.IGNORECASE)
COLOURED = re.compile(r"color\s*:|background\s*:", re.IGNORECASE)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
HEX = re.compile(r"#([0-9a-f]{3,8})\b", re.IGNORECASE)
NUMBERS = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", re.IGNORECASE)
NAMED_COLOURS = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
WHITE = NAMED_COLOURS["white"]
UNTOLD = 24  # of 256 steps in each colour: less apart cannot be read

Colour = tuple[int, int, int]


def concealed(layout: Layout) -> frozenset[int]:
    """List the elements, by their order, whose text no shopper sees; what other files style stays unknown."""
    hidden: set[int] = set()
    papers: list[Colour | None] = []
    for element in layout.elements:
        style = element.get("style")
        above = papers[element.parent.order] if element.parent else WHITE
        paper = _paper(style, above) if style else above
        papers.append(paper)
        inherited = element.parent is not None and element.parent.order in hidden
        if inherited or element.hidden or _is_hidden(element) or (style and _hides(style, paper)):
            hidden.add(element.order)
    return frozenset(hidden)


def is_named_hidden(element: Element) -> bool:
    """Tell whether one of an element's classes is a name that frameworks hide with."""
    names = element.get("class").lower().split()
    return not HIDING_NAMES.isdisjoint(names)


def _is_hidden(element: Element) -> bool:
    return element.get("type").lower() == "hidden" or is_named_hidden(element)


def _hides(style: str, paper: Colour | None) -> bool:
    if HIDING.search(style) or (SMALL.search(style) and CUT.search(style)):
        return True
    if PAINTED.search(style):
        return False
    if INVISIBLE_INK.search(style):
        return True
    ink = _colour(_last(INK, style))
    return (
        ink is not None
        and paper is not None
        and all(abs(one - other) < UNTOLD for one, other in zip(ink, paper, strict=True))
    )


def _paper(style: str, above: Colour | None) -> Colour | None:
    """Give the colour behind a text; None where it is a picture or a colour that we do not know."""
    stated = _last(PAPER, style)
    if not stated or stated.lower() in {"none", "transparent", "inherit", "initial", "unset"}:
        return above
    return _colour(stated)


def _last(pattern: re.Pattern[str], style: str) -> str:
    found = pattern.findall(style)
    return found[-1].strip() if found else ""


def _colour(text: str) -> Colour | None:
    word = text.strip().lower()
    if word in NAMED_COLOURS:
        return NAMED_COLOURS[word]
    if numbers := NUMBERS.search(word):
        return int(numbers[1]), int(numbers[2]), int(numbers[3])
    if match := HEX.search(word):
        digits = match[1] if len(match[1]) >= 6 else "".join(digit * 2 for digit in match[1][:3])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return None


def take_sheets(document: Document) -> None:
    """Write into each element's own style what the page's own style sheets declare for it, as far as it may conceal.

    To be done before the page is laid out.
    """
    for count, (selector, body) in enumerate(_rules(document)):
        if count >= MOST_RULES:
            break
        for node in _matching(document, selector):
            node.attrs["style"] = f"{body};{node.attributes.get('style') or ''}"


def _rules(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.tree.css("style"):
        for selector, body in RULE.findall(_plain(node.text()[:LONGEST_SHEET])):
            if HIDING.search(body) or COLOURED.search(body) or (SMALL.search(body) and CUT.search(body)):
                yield selector.strip(), body


def _matching(document: Document, selector: str) -> list[LexborNode]:
    if ":" in selector or not selector:
        return []
    try:
        return document.tree.css(selector)
    except (ValueError, RuntimeError):
        return []


def _plain(sheet: str) -> str:
    """Give a sheet's rules that hold on every screen: what stands under a condition may not hold on the shopper's."""
    kept: list[str] = []
    depth, skipped, start = 0, 0, 0
    sheet = COMMENT.sub("", sheet)
    for match in re.finditer(r"[{}]", sheet):
        if match[0] == "{":
            head = sheet[start : match.start()].rpartition(";")[2].strip() if not depth else ""
            depth += 1
            if head.startswith("@") and not re.fullmatch(r"@media\s+(?:all|screen)|@layer[\w\s.-]*", head):
                skipped = depth
            elif head.startswith("@"):
                start, depth = match.end(), depth - 1
        elif depth:
            depth -= 1
            if not depth:
                kept += [] if skipped else [sheet[start : match.end()]]
                skipped, start = 0, match.end()
        else:
            start = match.end()
    return "\n".join(kept)
