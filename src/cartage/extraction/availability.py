"""Availability and condition, from markup's terms and from shops' own words in many languages."""

import re

from cartage.extraction.text import clean
from cartage.model.product import Availability, Condition

LONGEST = 200

MARKUP = {
    "instock": Availability.IN_STOCK,
    "instockonline": Availability.IN_STOCK,
    "onlineonly": Availability.IN_STOCK,
    "instoreonly": Availability.IN_STOCK,
    "available": Availability.IN_STOCK,
    "instorepickup": Availability.IN_STOCK,
    "availablefororder": Availability.IN_STOCK,
    "madetoorder": Availability.BACK_ORDER,
    "backorder": Availability.BACK_ORDER,
    "backordered": Availability.BACK_ORDER,
    "availableonbackorder": Availability.BACK_ORDER,
    "preorder": Availability.PRE_ORDER,
    "presale": Availability.PRE_ORDER,
    "availableforpreorder": Availability.PRE_ORDER,
    "limitedavailability": Availability.LIMITED_AVAILABILITY,
    "limited": Availability.LIMITED_AVAILABILITY,
    "lowstock": Availability.LIMITED_AVAILABILITY,
    "outofstock": Availability.OUT_OF_STOCK,
    "oos": Availability.OUT_OF_STOCK,
    "soldout": Availability.OUT_OF_STOCK,
    "reserved": Availability.OUT_OF_STOCK,
    "unavailable": Availability.OUT_OF_STOCK,
    "notavailable": Availability.OUT_OF_STOCK,
    "nostock": Availability.OUT_OF_STOCK,
    "discontinued": Availability.DISCONTINUED,
    "true": Availability.IN_STOCK,
    "false": Availability.OUT_OF_STOCK,
}

# Longer, more particular phrases stand before the short ones they contain: "not in stock" before "in stock".
WORDS: tuple[tuple[Availability, str], ...] = (
    (Availability.DISCONTINUED, r"discontinued|no longer (?:available|sold|made)|eingestellt|descatalogado|fuera de catálogo|fin de série|n'est plus fabriqué|fuori produzione|descontinuado|снят с производства|生産終了|販売終了|停产"),
    (Availability.PRE_ORDER, r"pre-?order|vorbestell|précommande|pre-?venta|preventa|pre-?venda|pré-?venda|prenota|preordina|förbeställ|forudbestil|przedsprzeda|předobjedn|предзаказ|予約受付|预售|預購|예약\s?판매|طلب مسبق"),
    (Availability.BACK_ORDER, r"back-?order|on backorder|nachbestellt|auf bestellung|sur commande|bajo pedido|sob encomenda|su ordinazione|op bestelling|na zamówienie|na objednávku|под заказ|お取り寄せ"),
    (Availability.OUT_OF_STOCK, r"out[\s-]?of[\s-]?stock|sold[\s-]?out|not (?:currently )?(?:available|in stock)|no longer in stock|(?:currently|temporarily|is) unavailable|\bunavailable\b|nicht (?:mehr )?(?:auf lager|vorrätig|verfügbar|lieferbar)|ausverkauft|vergriffen|derzeit nicht(?: \w+)?|not enough [^.]{0,30}in stock|rupture|hors stock|épuisé|indisponible|non disponible|plus (?:disponible|en stock)|pas (?:assez|suffisamment)[^.]{0,30} en stock|agotado|sin (?:stock|existencias)|fuera de (?:stock|existencias)|no (?:hay|está|es) (?:stock|existencias|disponible)|no disponible|esgotado|indispon[ií]vel|sem stock|sem estoque|fora de estoque|esaurito|non disponibile|terminato|niet (?:op voorraad|leverbaar|beschikbaar)|uitverkocht|slutsåld|slut i lager|ej i lager|udsolgt|ikke (?:på lager|tilgjengelig|tilgængelig)|inte i lager|utsolgt|loppu|ei varastossa|wyprzedan|brak (?:w magazynie|na stanie|towaru|produktu)|niedostępn|produkt niedostępny|vyprod|není (?:skladem|na skladě|dostupn)|nedostupn|nie je (?:skladom|na sklade|dostupn)|vypredan|elfogyott|nincs (?:raktáron|készleten)|nem (?:kapható|rendelhető)|stoc epuizat|indisponibil|nu este (?:în|in) stoc|rasprodan|nije (?:dostup|na)|n(?:ema|i) na (?:zalihi|zalogi|stanju|skladištu)|razprodan|läbi müüdud|otsas|izpārdots|nav pieejams|išparduota|neturime|tükendi|stokta yok|temin edilemiyor|нет (?:в наличии|на складе)|распродан|закончил|нема(?:є)? (?:в наявності|на складі)|ням[аа] (?:в )?наличност|изчерпан|εξαντλ|μη διαθέσιμο|אזל|לא זמין|לא במלאי|نفد|نفذ|غير متوفر|غير متاح|ناموجود|تمام شد|売り切れ|品切れ|在庫(?:なし|切れ|がありません)|完売|缺货|缺貨|售罄|售完|已售完|無庫存|품절|재고\s?없음|สินค้าหมด|hết hàng|stok habis|habis"),
    (Availability.LIMITED_AVAILABILITY, r"limited (?:stock|availability|quantit)|low stock|only \d+ (?:left|remaining|in stock)|few left|last (?:items?|pieces?|one)|nur noch (?:\d+|wenige)|wenige verfügbar|plus que \d+|derniers? (?:articles?|exemplaires?)|últim[ao]s? (?:unidades?|peças?)|ultimi pezzi|ostatnie sztuki|poslední kus|残りわずか|残り\d+"),
    (Availability.IN_STOCK, r"in[\s-]?stock|\bavailable\b|ready to ship|ships? (?:today|within|in)|auf lager|lagernd|vorrätig|sofort (?:lieferbar|verfügbar)|lieferbar|verfügbar|en stock|disponible|expédié sous|en existencia|hay existencias|em (?:stock|estoque)|disponível|disponibile|disponibilità immediata|op voorraad|leverbaar|beschikbaar|i lager|finns i lager|på lager|varastossa|saatavilla|na stanie|w magazynie|dostępn|skladem|skladom|na sklade|raktáron|készleten|elérhető|(?:în|in) stoc|na (?:zalogi|zalihi|stanju|skladištu)|dostupn|laos\b|olemas|ir noliktavā|pieejams|sandėlyje|turime|stokta|mevcut|в наличии|есть на складе|є в наявності|διαθέσιμο|במלאי|זמין|متوفر|متاح|موجود|在庫あり|有货|有貨|現貨|现货|재고\s?있음|มีสินค้า|còn hàng|tersedia"),
)  # fmt: skip
# What says that nothing is left, wherever it stands in a text.
GONE_WORDS = re.compile(dict(WORDS)[Availability.OUT_OF_STOCK], re.IGNORECASE)
PATTERNS = tuple((value, re.compile(words, re.IGNORECASE)) for value, words in WORDS)

CONDITIONS: tuple[tuple[Condition, re.Pattern[str]], ...] = tuple(
    (value, re.compile(words, re.IGNORECASE))
    for value, words in (
        (
            Condition.REFURBISHED,
            r"refurb|renewed|reconditionn|generalüberholt|reacondicionad|recondicionad|ricondizionat",
        ),
        (Condition.DAMAGED, r"damaged|beschädigt|endommag"),
        (
            Condition.USED,
            r"\bused|second[\s-]?hand|pre-?owned|gebraucht|occasion|usado|segunda mano|usato|käytetty|begagnad|brugt|używan|použit|б/у|中古",
        ),
        (Condition.NEW, r"\bnew(?:\b|condition)|neu\b|neuf|nuevo|novo\b|nuovo|nieuw|\bny\b|nowy|nové|новый|新品"),
    )
)


def availability_of(text: str) -> Availability | None:
    """Read a markup term or a shop's phrase; None when it clearly says none of them."""
    phrase = clean(text[:LONGEST])
    term = re.sub(r"[\W_]+", "", phrase.rsplit("/", 1)[-1].rsplit("#", 1)[-1]).lower()
    if term in MARKUP:
        return MARKUP[term]
    return next((value for value, pattern in PATTERNS if pattern.search(phrase)), None)


def condition_of(text: str) -> Condition | None:
    """Read a condition; None when the text is prose that names none."""
    phrase = clean(text[:LONGEST]).rsplit("/", 1)[-1]
    return next((value for value, pattern in CONDITIONS if pattern.search(phrase)), None)
