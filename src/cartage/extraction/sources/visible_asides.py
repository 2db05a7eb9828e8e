"""Where a page shows other products than its own: what stands under a heading that says so."""

import re

from cartage.extraction.hints import HEADING
from cartage.extraction.layout import ORDER, Element, Layout

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6", "strong", "legend", "summary"})
LEVEL = re.compile(r"(?:^|\s)h[1-6](?!\S)")
LONGEST, MOST_PIECES, MOST_SPANS = 70, 6, 12
# Of other scripts fewer letters say as much.
SHORTEST, SHORTEST_OTHER = 4, 2
OTHERS = re.compile(
    r"\W*(?:\d+ (?:other|autres|otros|altri|andere|outros|innych|dalších|más)|related|similar|you(?:'|’)?(?:ll| may| might)|recommend(?!ed (?:use|for|age|dos))|customers? (?:who|also)|people (?:who|also)|others? also|shoppers|guests also|frequently|(?:often )?bought together|recently|more (?:from|like|in|items)|(?:other|our) (?:products|favou?rites)"
    r"|complete the|complete your|wear it with|(?:goes|pairs) (?:well|great|perfectly)|pair it with|best ?sellers|compare (?:with|similar)|alternative (?:products|items|artikel|produkte)|alternatieve|produits alternatifs|productos alternativos|produtos alternativos|prodotti alternativi|sponsored|shop the look|inspired by|top picks|trending|new arrivals|explore more|discover more|also (?:bought|viewed)|add-ons|don(?:'|’)t forget"
    r"|ähnliche|(?:unsere |andere )?kunden|wird (?:oft|häufig)|(?:das |diese )?(?:artikel )?könnte|zubehör|passende|passt (?:dazu|gut)|dazu passt|zuletzt|empfehlungen|empfohlene|beliebte|auch interessant|weitere (?:produkte|artikel)"
    r"|vous aimerez|(?:ces |les )?(?:produits|articles) (?:similaires|associés|complémentaires|liés|apparentés|recommandés)|(?:les |nos )?clients (?:ayant|ont|qui ont)|vus? récemment|récemment|souvent achetés|complétez|dans la même|à découvrir|nos suggestions|(?:cela|ça) pourrait"
    r"|productos (?:relacionados|similares|recomendados)|(?:también|tambien) (?:te|podría|le|puede)|te (?:puede|podría|recomendamos)|(?:los )?clientes|quienes|vistos|completa (?:el|tu)|produtos (?:relacionados|semelhantes|similares|recomendados)|você também|quem (?:viu|comprou)|aproveite|compre junto|talvez"
    r"|prodotti (?:correlati|simili|consigliati|associati)|potrebbe|ti potrebbe|chi ha|visti di recente|spesso|abbina"
    r"|gerelateerde|anderen?|misschien|vergelijkbare|vaak samen|combineer|bekijk ook|aanbevolen|recent bekeken|klanten"
    r"|podobne|polecan|polecamy|klienci|kupili|zobacz|produkty (?:powiązane|podobne)|ostatnio|pasuj|souvisej|súvis|podobn|mohlo|doporuč|odporúč|zákazníci|ostatní|naposledy|příslušenství|príslušenstvo|k produktu"
    r"|kapcsolódó|hasonló|ajánlott|mások|vásárlóink|ezek is|legutóbb|produse (?:similare|asem|recomandate|conexe)|clien[tț]ii|vezi [sș]i|s-ar putea|sli[cč]ni|povezani|slično|preporuč|kupci"
    r"|похож|рекоменд|с этим|вместе с|вы (?:недавно )?смотрели|вам (?:может|также)|сопутств|аналог|схожі|разом|супутн|подобни|свързани|benzer|ilgili ürün|bunlar|birlikte|önerilen|son (?:gez|bak)|tamamlay"
    r"|liknande|relaterade|andra (?:köpte|kunder)|du kanske|senast|tillbehör|passar|lignende|relaterte|relaterede|andre (?:kjøp|køb)|kanskje|måske|sist sett|senest|samankalt|muut|suosit|saatat"
    r"|σχετικά|παρόμοια|ίσως|προτείν|(?:οι )?πελάτες|δείτε (?:επίσης|ακόμ)|μπορεί να|αγοράστηκαν|אולי|מוצרים (?:דומים|קשורים)|לקוחות|منتجات (?:مشابهة|ذات|قد|مقترحة|أخرى)|قد يعجبك|ربما|العملاء|محصولات"
    r"|関連|おすすめ|こちらも|一緒に|最近|よく一緒|相關|相关|你可能|您可能|猜你|推薦|推荐|看了|買了|其他人|관련|추천|함께|비슷한|sản phẩm (?:liên|tương|khác|gợi)|có thể bạn|mua kèm|produk (?:terkait|serupa|lain|rekomendasi)|mungkin|lainnya)",
    re.IGNORECASE,
)

Span = tuple[int, int]


def asides_of(layout: Layout, title: Element | None) -> tuple[Span, ...]:
    """List the spans of elements, by order, that headings after the title give to other products."""
    found: list[Span] = []
    after = title.last if title is not None else -1
    for element in _headings(layout):
        if element.order <= after or layout.size(element) > MOST_PIECES:
            continue
        if found and element.order <= found[-1][1]:
            continue
        text = layout.text(element)
        if len(text) > (SHORTEST if text.isascii() else SHORTEST_OTHER) and len(text) <= LONGEST and OTHERS.match(text):
            found.append(_span(layout, element))
        if len(found) == MOST_SPANS:
            break
    return tuple(found)


def _headings(layout: Layout) -> list[Element]:
    """List headings, and paragraphs that their author names after a heading's level."""
    likewise = [element for element in layout.tagged.get("p", ()) if element.hint and LEVEL.search(element.hint)]
    found = layout.which(HEADING, HEADINGS)
    return sorted({*found, *likewise}, key=ORDER) if likewise else found


def _span(layout: Layout, heading: Element) -> Span:
    """Give a heading's section: to its parent's end, or to the next heading of its kind in it.

    A parent that holds nothing but the heading is part of the heading.
    """
    top = heading
    while top.parent is not None and layout.size(top.parent) - layout.size(top) <= 2 and top.parent.tag != "body":
        top = top.parent
    last = top.parent.last if top.parent is not None else heading.last
    for near in layout.elements[heading.last + 1 : last + 1]:
        if near.tag == heading.tag and near.parent is heading.parent and heading.tag in HEADINGS:
            return heading.order, near.order - 1
    return heading.order, last
