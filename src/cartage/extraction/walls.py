"""Pages that stand in front of the product without being a challenge: age, consent, country, upkeep, password."""

import re
from enum import StrEnum

from cartage.extraction.document import parse
from cartage.model.page import Page, PageKind

LONGEST_WALL = 3000
READ_BYTES = 200_000

MAINTENANCE = re.compile(
    r"(?:under|scheduled|down for|routine) maintenance|maintenance (?:mode|work|en cours)|we(?:'|’)?ll be (?:right )?back (?:soon|shortly)|be right back"
    r"|temporarily (?:unavailable|offline|closed)|wartungs(?:arbeiten|modus)|en mantenimiento|en maintenance|in manutenzione|w trakcie prac|техническ(?:ие|ое) (?:работы|обслуживание)",
    re.IGNORECASE,
)
COUNTRY = re.compile(
    r"not (?:available|accessible|offered|sold) (?:in|from|to) your (?:country|region|location)|(?:isn't|is not) available in your (?:country|region|location)|your (?:country|region) is not supported"
    r"|we (?:do not|don't) (?:ship|sell|serve)[^.]{0,40}(?:your (?:country|region)|your location)|nicht (?:in|für) (?:ihrem|ihr) land|no (?:está )?disponible en su (?:país|región)|pas disponible dans votre (?:pays|région)",
    re.IGNORECASE,
)
AGE = re.compile(
    r"are you (?:over|at least|of legal|18|21)|(?:verify|confirm|enter) your (?:age|date of birth)|(?:must|have to) be (?:at least )?(?:18|19|21)|age (?:verification|gate|check)|of legal (?:drinking|smoking) age"
    r"|altersprüfung|sind sie (?:über|mindestens|schon) ?(?:16|18)|volljährig|mayor de edad|avez-vous (?:plus de )?18|hai (?:più di |compiuto )?18|вам (?:уже )?(?:есть )?18",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"before you continue|(?:accept|agree to) (?:all )?(?:cookies|our terms)[^.]{0,60}(?:to continue|to proceed|to enter)|we value your privacy|consent (?:to continue|is required)|bevor sie (?:fortfahren|weitermachen)"
    r"|avant de continuer|antes de continuar|prima di continuare",
    re.IGNORECASE,
)


class Wall(StrEnum):
    """Say what stands in front of a page."""

    MAINTENANCE = "maintenance"
    COUNTRY = "country"
    CONSENT = "consent"
    PASSWORD = "password"  # noqa: S105 - the name of a wall


def find_wall(page: Page) -> Wall | None:
    """Name the wall that a short page without a product is; None where it is none."""
    if page.kind is not PageKind.HTML:
        return None
    document = parse(page.body[:READ_BYTES], page.url)
    body = document.tree.body
    shown = body.text(separator=" ", strip=True) if body else ""
    if len(shown) > LONGEST_WALL:
        return None
    text = f"{document.title} {shown}"
    if MAINTENANCE.search(text):
        return Wall.MAINTENANCE
    if COUNTRY.search(text):
        return Wall.COUNTRY
    if AGE.search(text) or CONSENT.search(text):
        return Wall.CONSENT
    return Wall.PASSWORD if document.tree.css_first("form input[type=password]") else None
