"""What an amount on the page is for, told by the words around it and by what its author named it."""

import re
from functools import lru_cache

from cartage.extraction.claims import PriceKind
from cartage.extraction.layout import Element

NOW_HINT = re.compile(
    r"(?<![a-z])(?:sale|current|final|now|special|our|actual|main|sales|discounted|reduced|live|akt|aktuell|vigente|today|buy|to-pay|selling|value)(?![a-z])"
    r"|product-?(?:price|preis)|pdp-?price|price-?(?:now|current|sale|final|main|item|value|sales|new|box|wrapper|container)|our-?price|^price$"
)
FORMER_HINT = re.compile(
    r"(?<![a-z])(?:old|was|crossed|strike|non-?discount(?:ed)?)-*(?:[a-z]+-+)?(?:price|amount|preis|prix|precio|prezzo|fiyat)"
    r"|(?:price|preis|prix|precio|prezzo|fiyat)-*(?:old|was|crossed)(?![a-z])|(?<![a-z])(?:old|original)-*(?:price|amount)(?![a-z])"
)
WAS_HINT = re.compile(
    r"(?<![a-z])(?:old|was|rrp|msrp|srp|mrp|uvp|crossed|compare|compared|streich|antes|tachado|barr[eé]|before|previous)(?![a-z])"
    r"|(?<![a-z])(?:list|regular|cross|original|retail|prev|full|standard|base|advice|stroke|line|ancien|normal|ref|reference)"
    r"-?(?:price|preis|prix|precio|cena|amount)"
    r"|price-?(?:old|was|list|regular|rrp|msrp|before|original|compare|prev|retail|full|normal|standard|line|cross|base)(?![a-z])"
)
OTHER_HINT = re.compile(
    r"ship|deliver|versand|postage|instal|month|financ|klarna|afterpay|laybuy|zip-?pay|affirm|loyal|member|(?<![a-z])club"
    r"|reward|points|subscri|saving|you-?save|save-|discount-?(?:amount|percent|value|badge)|discnt|percent|promo-?(?:desc|disc|code|bl)"
    r"|coupon|deposit|gift|threshold|(?:cart|order|basket|bag|grand|mini)-?total|sub-?total|exc(?:l|luding)?-?(?:tax|vat|gst|btw)|ex-?vat|netto"
    r"|(?:without|no|before|price)-?(?:tax|vat)(?![a-z])|unit-?price|price-?(?:per|unit)|per-?(?:unit|kg)|grundpreis|base-?price-?unit"
    r"|warrant|insur|protection|rebate|tier|quantity-?price|wholesale|(?<!best)seller|cash-?back|price-?(?:range|filter|slider)"
    r"|price-?(?:match|guarantee|alert|history|drop)|(?<![a-z])lowest|omnibus|credit|lease|rental|add-?on(?![a-z])|option-?price"
    r"|(?<![a-z])used(?![a-z])|refurb|open-?box|pre-?owned|accessory|(?<!p)reviews?(?![a-z])|rating|quantity|qty|stock"
)
# Names that say what an element has rather than what it is: `product-price with-list-price`.
STATE_HINT = re.compile(r"(?<!\S)(?:with|has|no|without|hide|show)-\S+")

PRICE_NOUN = r"(?:price|preis|prix|precio|preço|prezzo|prijs|cena|cijena|цена|ціна|pris|hinta|hind|fiyat[ıi]?|ár|τιμή|מחיר|السعر|harga|giá)"
WAS = (
    r"was|were|list(?: price)?|r\.?r\.?p\.?|m\.?r\.?p\.?|m\.?s\.?r\.?p\.?|srp|reg(?:ular)?\.?(?: price)?|regularly|normally|orig(?:inal(?:ly)?)?\.?(?: price)?|retail(?: price)?"
    r"|compared?(?: at)?(?: price)?|comp\.? value|before|(?:old|full|previous|usual|typical|standard|suggested|strikethrough)(?: retail)? price|previously|reduced from"
    r"|statt|vorher|bisher(?:iger)?|uvp|ehemals|früher|zuvor|ursprünglich(?:er)?|originalpreis|listenpreis|normalpreis|alter preis|regulärer preis|preisempfehlung(?: des herstellers)?"
    r"|au lieu de|anciennement|avant|prix (?:conseillé|public|barré|de base|initial|normal|habituel|d'origine|de référence|catalogue|régulier|courant)|ancien prix"
    r"|antes(?: de)?|ante[sr]|precio (?:anterior|normal|original|regular|habitual|de lista|lista|recomendado|sin descuento)|pvpr"
    r"|preço (?:anterior|normal|original|de tabela|antigo|sugerido)|prima|invece di|anziché|(?:prezzo )?(?:di )?listino|prezzo (?:precedente|consigliato|originale|pieno|intero|iniziale)"
    r"|van|adviesprijs|(?:oude|normale|vorige) prijs|ord(?:inarie)?\.?(?: pris)?|tidigare(?: pris)?|før(?:pris)?|tidligere(?: pris)?|veil(?:edende)?\.?(?: pris)?|vejl\.?(?: udsalgspris)?|ovh|norm\.?(?:aalihinta)?|alkuperäinen hinta|ennen"
    r"|cena (?:regularna|katalogowa|standardowa|detaliczna|rynkowa|sugerowana|przed(?: obniżką)?)|(?:poprzednia|stara|pierwotna)(?: cena)?|przed|było"
    r"|(?:původní|běžná|doporučená|pôvodná|bežná|odporúčaná) cena|původně|běžně|dříve|pôvodne|predtým|(?:eredeti|régi|korábbi) ár|listaár"
    r"|pre[tț] (?:vechi|intreg|întreg|recomandat|ini[tț]ial|de list[aă])|prp|(?:redovna|stara|redna|prejšnja) (?:cijena|cena)|prejšnja|tavahind|vana hind|sena kaina|įprasta kaina|parastā cena"
    r"|стара(?:я)?(?: цена| ціна)?|было|прежняя(?: цена)?|цена без скидки|цена без|обычная цена|було|редовна цена|eski fiyat[ıi]?|piyasa(?: fiyat[ıi])?|liste fiyat[ıi]|önceki fiyat|etiket fiyat[ıi]"
    r"|αρχική(?: τιμή)?|παλιά τιμή|προηγούμενη τιμή|מחיר (?:קודם|מקורי|רגיל|מחירון)|מחירון|במקום|السعر (?:السابق|القديم|الأصلي|قبل الخصم|العادي)|بدلا من|بدلاً من|كان|قیمت اصلی"
    r"|原價|定價|市價|建議售價|建议零售价|原价|市场价|划线价|通常価格|参考価格|定価|希望小売価格|元値|정가|소비자가|giá (?:cũ|gốc|niêm yết|thị trường)|harga (?:asli|normal|awal|asal)|ราคาปกติ|ราคาเดิม|niyağı"
)
WAS_TEXT = re.compile(
    rf"(?<![a-zà-ž])(?:{WAS})(?:\s+{PRICE_NOUN})?(?:\s+(?:was|is|war|ist|era|était|est|des herstellers))?[\s:：*¹²(]*$|(?:^|\s)de:\s*$|^\W*(?:preço )?de$",
    re.IGNORECASE,
)
WAS_AFTER = re.compile(
    r"^\W{0,3}(?:uvp|rrp|msrp|mrp|list price|reg(?:ular)?\.? price|helyett|yerine|(?:unverbindliche )?preisempfehlung)",
    re.IGNORECASE,
)
NOW_TEXT = re.compile(
    r"(?<![a-zà-ž])(?:now(?: only)?|price with (?:the )?discount|discounted price|preis mit rabatt|prix (?:avec remise|remisé)|precio con descuento|preço com desconto|prezzo scontato|jetzt|nur|maintenant|ahora|agora|ora|nu|voor|teraz|nyní|teraz|most|acum|сейчас|зараз|şimdi|sale price|special price|our price|your price|aktueller preis|prezzo attuale|prix actuel|precio actual|preço atual|promotional price|por)(?:\s+(?:is|ist|est|è|es))?[\s:]*$",
    re.IGNORECASE,
)
OTHER_TEXT = re.compile(
    r"(?:you save|save|saving|sparen|spare|ersparnis|économi\w*|ahorra\w*|economi\w*|risparmi|bespaar\w*|oszczęd\w*|ušetř\w*|usetr\w*|ušetr\w*|reducere|экономи\w*|tasarruf|κερδίζετε|discount|rabatt|off|coupon|voucher|get|get it for|cash ?back|earn|bonus|späť na.*|rewards?|kart[aęuy]|separately|shipping|delivery|versand|livraison|envío|envio|frete|spedizione|verzend\w*|wysyłk\w*|dostaw\w*|doprav\w*|szállítás|livrare|доставк\w*|kargo|postage|frakt|fragt|toimitus|משלוח|شحن|over|above|orders? of|ab einem|dès|spend|members?(?: pay| price)?|club|plus card|loyal|with card|lidmaatschap|mitglied\w*|family preis|subscribe|deposit|pfand|gift card|points"
    r"|ex\.? ?(?:vat|tax|gst|btw)|excl?\.?(?: vat| tax| gst| btw)?|exkl\.?|ohne mwst|netto|net|hors taxe|ht|sin iva|iva esclusa|bez dph|bez vat|bez pdv|brez ddv|bez ddv|zonder btw|без ндс|kdv hariç|税抜"
    r"|used|from used|open.?box|warranty|protection|plan|financ\w*|trade.?in(?: and save)?(?: up to)?|up to|lowest price|najniższa|niedrigster preis|prix le plus bas|total|or more|and up|andere verkopers.*|other sellers.*)\W*$",
    re.IGNORECASE,
)
# Said in the amount's own element, wherever in it.
OTHER_WITHIN = re.compile(
    r"shipping|delivery|versand|livraison|env[ií]o|frete|spedizion|verzend|wysyłk|dostaw|doprav|szállít|livrare|transport gratuit|доставк|kargo|frakt|toimitus|משלוח|شحن|送料|免運|免运|배송|ongkir|vận chuyển|จัดส่ง"
    r"|niedrigster preis|najniższa cena|lowest price|lägsta pris|prix le plus bas|30 (?:tage|days|dni|dagar)",
    re.IGNORECASE,
)
TAXED_AFTER = re.compile(
    r"^\W{0,3}(?:inc(?:l(?:uding|\.)?)?\.?\s?(?:vat|tax|gst|btw)|inkl\.?\s?(?:mwst|ust|moms|mva)|incl\.? btw|ttc\b|iva (?:incluid|inclus)|s dph|vč(?:etně|\.)? dph|z vat|brutto|με φπα|kdv dahil|税込|含税|с ндс|tva inclus)",
    re.IGNORECASE,
)
EX_TAX_AFTER = re.compile(
    r"^\s*\(?\s*(?:ex\.?\s?(?:vat|tax|gst|btw)|excl|exkl|excluding (?:vat|tax)|ohne mwst|netto|net\b|zzgl\.? (?:mwst|ust)|ht\b|hors taxe|sin iva|\+\s?(?:vat|iva|tax)|iva escl|bez (?:dph|vat|pdv|ddv)|без ндс|plus vat|off\b|rabatt|saving|discount|shipping|delivery|versand"
    r"|com (?:o )?pix|(?:à vista )?no (?:pix|boleto)|d['’]achat|felett|ve üzeri|以上)(?!\s*:|\s{0,2}[^\s\d(]{0,3}\s?\d)",
    re.IGNORECASE,
)
UNIT_AFTER = re.compile(
    r"^\s*(?:\(?\s*(?:/|per\b|pro\b|je\b|za\b|por\b|al\b|par\b|/\s*))\s*(?:\d+(?:[.,]\d+)?\s*)?(?:kg|g|gr|l|lt|ltr|litre|liter|ml|cl|dl|m|m2|m²|m³|meter|metre|cm|mm|oz|lb|lbs|fl|ft|sq|yd|100|count|mth|mo|month|monat|mois|mes|week|day|pair|sheet|use|dose|wash|tablet)\b",
    re.IGNORECASE,
)
INSTALMENT = re.compile(
    r"\d+\s?[x×]\s*(?:de\s*)?$|(?:payments? of|installments? of|instal?ments? of|interest[- ]free|emi|cuotas de|plazos de|rate da|raten|ratenzahlung|rat[ay]? po|mensual|mensualités?|/\s?mo|a month|per month|monthly|pro monat|/\s?monat|mois|miesi[ąe]c|m[eě]s[ií][čc]|splátk\w*|x de|vezes|parcel\w*|taksit\w*|delbetal\w*|cicilan|trả góp|рассрочк\w*|(?:دفعات|دفعة|أقساط|قسط)(?: بقيمة)?|תשלומים|期|分期)",
    re.IGNORECASE,
)
INSTALMENT_AFTER = re.compile(
    r"\W{0,3}(?:[x×]\s?\d+|/\s?mo|a month|per month|monthly|pro monat|/\s?monat|/\s?mån|/\s?mnd|/\s?kk|mensual|par mois|al mese|al mes|por m[eê]s|miesięcznie|měsíčně|mesačne|taksit|期|分期)",
    re.IGNORECASE,
)
# The lowest price of the last thirty days, which the law asks for, is struck in some themes.
LOWEST_TEXT = re.compile(
    r"przed (?:wprowadzeniem )?obniżk|(?:letzten?|last|derniers|últimos|ultimi|laatste|ostatnich|posledních|senaste) 30 |30 (?:dni|days|tage|jours|días|dias|giorni|dagen|dnů|dagar)\b"
)
# What is paid for each of many pieces.
MANY_HINT = re.compile(
    r"(?:tier|bulk|volume|staffel)-?(?:prices?|pricing|preise?)|price-?breaks?|(?:quantity|qty)-?discounts?"
)
MANY_LEVELS = 9
FROM_TEXT = re.compile(
    r"(?:^|\W)(?:from|ab|as low as|starting at|starts at|à partir de|desde|a partir (?:di|de)|da|vanaf|od|från|fra|alkaen|от|від|-den|החל מ|ابتداء|から|起)\s*:?\s*$",
    re.IGNORECASE,
)


def kind_of(box: Element, inner: Element, own: str, before: str, after: str) -> PriceKind:
    """Tell what an amount in `box` is for: by the words in its element (`own`), before and after it, then by its names.

    `inner` is the element that holds its digits.
    """
    before, after = before.strip().lower(), after.strip().lower()
    said = _part_of_price(before, after) or _kind_by_words(own, before, after, struck=inner.struck)
    if said is not None:
        return said
    if any(FORMER_HINT.search(STATE_HINT.sub("", near.hint)) for near in inner.chain(1 + inner.depth - box.depth)):
        return PriceKind.REGULAR
    if any(near.hint and _is_for_many(near.hint) for near in inner.chain(MANY_LEVELS)):
        return PriceKind.OTHER
    hinted = _kind_by_hint(inner, 3 + inner.depth - box.depth)
    if hinted is not PriceKind.NOW:
        return hinted
    return PriceKind.FROM if FROM_TEXT.search(before) else PriceKind.NOW


@lru_cache(maxsize=4096)
def _part_of_price(before: str, after: str) -> PriceKind | None:
    if UNIT_AFTER.search(after):
        return PriceKind.PER_UNIT
    return PriceKind.INSTALMENT if INSTALMENT.search(before[-30:]) or INSTALMENT_AFTER.match(after) else None


@lru_cache(maxsize=4096)
def _kind_by_words(own: str, before: str, after: str, *, struck: bool) -> PriceKind | None:
    if struck:
        return PriceKind.OTHER if LOWEST_TEXT.search(before) else PriceKind.REGULAR
    if NOW_TEXT.search(before):
        return PriceKind.NOW
    if (WAS_TEXT.search(before) and not FROM_TEXT.search(before)) or WAS_AFTER.match(after):
        return PriceKind.REGULAR
    if TAXED_AFTER.match(after):
        return PriceKind.NOW
    if OTHER_TEXT.search(before) or EX_TAX_AFTER.search(after) or OTHER_WITHIN.search(own):
        return PriceKind.OTHER
    return None


@lru_cache(maxsize=8192)
def _is_for_many(hint: str) -> bool:
    return MANY_HINT.search(hint) is not None


@lru_cache(maxsize=8192)
def hint_marks(hint: str) -> tuple[bool, bool, bool]:
    """Tell whether a hint speaks of the price now, of a former one, and of some other amount."""
    bare = STATE_HINT.sub("", hint)
    return bool(NOW_HINT.search(bare)), bool(WAS_HINT.search(bare)), bool(OTHER_HINT.search(bare))


def _kind_by_hint(inner: Element, levels: int) -> PriceKind:
    for level, element in enumerate(inner.chain(levels)):
        if not element.hint:
            continue
        now, was, other = hint_marks(element.hint)
        if other and level < levels - 1:
            return PriceKind.OTHER
        if was and not now:
            return PriceKind.REGULAR
        if now:
            return PriceKind.NOW
    return PriceKind.NOW
