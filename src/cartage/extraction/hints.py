"""What the names that a page's author gave an element (class, id, test id) tell about it."""

import re
from collections.abc import Iterable
from functools import lru_cache

ASIDE, STRUCK, TITLE, TRAIL, STOCK, GALLERY, BRAND, RATING, CODE, PRICE, BUY, DESCRIPTION, HEADING, LABEL = (
    1 << bit for bit in range(14)
)

LETTERS = re.compile(r"[^-0-9]+")
CAMEL = re.compile(r"[A-Z](?<=[a-z0-9].)")
WORDS: dict[int, tuple[str, str]] = {
    ASIDE: (
        (
            "relat recom recc upsel up-s cross also simil sugge recen last histor mini cart basket drawer side cookie consen newsl aplus"
            " mega main nav site sponso adver ad footer top header complem bough freque accessor altern best trend you custom more left right flyou popup modal offca"
            " other produ compar recs discov lookb shop complete quick wish poleca podob souvis aehnl ahnl zulet similair correl"
            " tavsi benze review comment"
        ),
        (
            r"(?<![a-z])(?:related|recommend|recomend|reccom|upsell|up-sell|cross-?sell|also-?(?:bought|viewed|like|purchased|view)"
            r"|similar|suggest|recently|last-?seen|last-?viewed|history|cookie|consent|newsletter|aplus"
            r"|(?:cart|basket)-?(?:drawer|popup|modal|preview|sidebar|flyout|mini)"
            r"|(?:mini|side|drawer|modal|popup|fly-?out|off-?canvas)-?(?:shopping-?)?(?:cart|basket)(?![a-z])|(?:mega|main|nav)-?menu|(?:left|right|side)-?box-?con"
            r"|site-?(?:nav|header|footer)|(?<!gallery-)(?<!image-)(?<!images-)(?<!thumbs-)(?<!thumb-)(?<!thumbnails-)(?<!slider-)(?<!carousel-)navigation|sponsored|advert|ads?(?![a-z])|footer|top-?bar|complementary"
            r"|header-(?:top|bottom|main|cart|wrap)|bought-?together|frequently|accessor(?:y|ies)-|products?-+accessor(?:y|ies)(?![a-z])|alternativ|best-?sell"
            r"|trending|you-?may|customers-?also|more-?from|other-?products|products?-?(?:list|grid|slider|carousel|row)(?!-?(?:field|image|img|photo|picture|media|thumb|zoom))"
            r"|compare-?(?:bar|table)|comparison|recs(?![a-z])|discover-?more|lookbook|shop-?the-?look|complete-?the|quick-?view(?!-?(?:button|btn|wrap|link|trigger|icon))"
            r"|wish-?list-|polecane|podobne|souvisejic|aehnlich|ahnlich|zuletzt|similair|correlat|tavsiye|benzer"
            r"|reviews?-?(?:list|item|body|text|content)|comments?(?![a-z]))"
        ),
    ),
    STRUCK: ("strik through cross durchg", r"strike|line-?through|crossed|(?<![a-z])durchgestrichen"),
    TITLE: (
        "title name heading",
        (
            r"product-?(?:single-*|detail-*|page-*|main-*|info-*|view-*)*(?:title|name|heading)|pdp-*(?:title|name|product-name)"
            r"|(?:item|article|artikel|goods|listing|prod)-?(?:title|name)|page-title|titlesection"
        ),
    ),
    TRAIL: (
        "crumb topic pankuz headc brotkr arian pathway bct you-are youare brdcr migas trail navigacija drobec okruszk kruimel murupol brodsmul",
        (
            r"(?<![a-z])bread-?crumbs?|topic-?path|pankuzu|headcategory|(?<![a-z])crumbs?(?:-?(?:list|trail|bar|nav|container))?(?![a-z])|brotkrumen|ariane|pathway"
            r"|(?<![a-z])bct(?![a-z])|you-?are-?here|brdcrmb|migas|trail(?![a-z])|navigacija|drobeckov|okruszk|kruimel|murupolku|brodsmul"
        ),
    ),
    STOCK: (
        "stock avail invent lager liefer verf dispo dostup sklad raktar stoc nalich saat zaloga sold deliver fulfil",
        (
            r"stock|availab|inventory|lagerstand|lager|lieferbar|verfugbar|verfuegbar|dispo|disponib|dostupn|sklad|raktar"
            r"|stoc(?![a-z])|nalich|saatav|zaloga|sold-?out|delivery-?(?:status|info)|fulfil"
        ),
    ),
    GALLERY: (
        "galler zoom image img photo media pictur hero slide swiper featur magnif primary main fotor pdp light fancy packsh carousel",
        (
            r"gallery|zoom|product-?(?:image|img|photo|media|picture|main)|main-?(?:image|img|photo|picture)|hero|slide|swiper|featured"
            r"|magnif|image-?(?:main|large|big)|primary|fotorama|pdp|photo|picture|lightbox|fancybox|packshot|carousel-item"
        ),
    ),
    BRAND: (
        "brand manuf vendor marke herst marca marque merk design produc byline",
        (
            r"(?<![a-z])(?:product-?)?(?:brand|manufacturer|vendor|marke|hersteller|marca|marque|merk|designer|producer)"
            r"(?:-?(?:name|link|logo|title|text|label|byline))?(?![a-z])|byline"
        ),
    ),
    RATING: (
        "rating star review bewert avis score opini recens hodnoc ocen valora bv- bvrr stamped yotpo jdgm loox feefo trustp",
        r"rating|stars?(?![a-z])|review|bewertung|avis|score|opini|recens|hodnocen|ocen|valora|bv-|bvrr|stamped|yotpo|jdgm|loox|feefo|trustpilot",
    ),
    CODE: ("sku", r"sku"),
    PRICE: (
        "pric prise prei prix prec prez prij pris cena cina fiyat harga kaina hind цена money amount",
        r"pri[cs]e|preis|prix|precio|preco|prezzo|prij[sz]|pris(?![a-z])|cena|cina|fiyat|harga|kaina|hind(?![a-z])|цена|money|amount",
    ),
    BUY: (
        "cart basket bag trolley buy atc add korb form single",
        (
            r"add-?(?:product-?)?to-?(?:cart|bag|basket|trolley)|atc-?(?:btn|button)|(?:btn|button)-?(?:cart|buy|addtocart)"
            r"|buy-?(?:now|box-?btn|btn|button)|product-form--?(?:submit|cart)|single-add|to-?cart|cart-?(?:btn|button|add)|in-?den-?warenkorb"
        ),
    ),
    DESCRIPTION: (
        "descr excer beschr omsch opis popis detail overview",
        (
            r"(?<![a-z])(?:product|item|pdp|prod|long|full|tab)?-*(?:description|beschreibung|omschrijving)(?:-*(?:text|content|body|inner|long|full|tab|panel|wrapper|container))?(?![a-z])"
            r"|product-*(?:details|overview)(?![a-z])|(?<![a-z])prd-?detail(?:-?content)?(?![a-z])|(?<![a-z])excerpt(?![a-z])|(?<![a-z])(?:opis|popis)(?:-produkt[a-z]*)?(?![a-z])"
        ),
    ),
    HEADING: ("title head", r"title|head"),
    LABEL: ("label name title key prop term capt head", r"-(?:label|name|title|key|prop|term|caption|header)(?![a-z])"),
}
PATTERNS = [(trait, re.compile(pattern)) for trait, (_, pattern) in WORDS.items()]


def _fragments(traits: Iterable[int]) -> dict[str, list[tuple[str, int]]]:
    """Map the first two letters of each fragment of these traits to it and its trait."""
    found: dict[str, list[tuple[str, int]]] = {}
    for trait in traits:
        for word in WORDS[trait][0].split():
            bare = word.partition("-")[0]
            found.setdefault(bare[:2], []).append((bare, trait))
    return found


# Whose patterns match only where a word starts.
OPENING = {ASIDE}
STARTS, FRAGMENTS = _fragments(OPENING), _fragments(WORDS.keys() - OPENING)


# What an element is only when it has no other name.
WHOLE = {"title": TITLE, "name": TITLE}


@lru_cache(maxsize=65536)
def _possible(word: str) -> int:
    traits = 0
    for fragment, trait in STARTS.get(word[:2], ()):
        if word.startswith(fragment):
            traits |= trait
    for start in range(len(word) - 1):
        for fragment, trait in FRAGMENTS.get(word[start : start + 2], ()):
            if word.startswith(fragment, start):
                traits |= trait
    return traits


@lru_cache(maxsize=65536)
def _traits_of(name: str) -> int:
    """Give the traits that one name shows; a pattern is tried only where a word of the name holds a fragment of it."""
    possible = 0
    for word in LETTERS.findall(name):
        possible |= _possible(word)
    found = 0
    for trait, pattern in _patterns_of(possible) if possible else ():
        if pattern.search(name):
            found |= trait
    return found


@lru_cache(maxsize=4096)
def _patterns_of(traits: int) -> list[tuple[int, re.Pattern[str]]]:
    return [(trait, pattern) for trait, pattern in PATTERNS if traits & trait]


@lru_cache(maxsize=16384)
def read_hint(raw: str) -> tuple[str, int]:
    """Give an element's names in lower case, parted by dashes, and the traits they show as a bit set.

    No pattern spans two names, so that each name is looked at once, however many elements share it.
    """
    raw = raw.strip()
    parted = raw if raw.islower() else CAMEL.sub(_dashed, raw)
    hint = parted.replace("_", "-").lower()
    found = WHOLE.get(hint, 0)
    for name in hint.split():
        found |= _traits_of(name)
    return hint, found


def _dashed(capital: re.Match[str]) -> str:
    return f"-{capital[0]}"
