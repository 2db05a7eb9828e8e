"""What a shopper sees of the page's product: the one source that always exists."""

from dataclasses import replace

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.layout import Layout
from cartage.extraction.sources.visible_anchors import Anchors, stated_titles, title_text
from cartage.extraction.sources.visible_breadcrumbs import breadcrumbs_of
from cartage.extraction.sources.visible_description import descriptions_of
from cartage.extraction.sources.visible_facts import labelled_pairs, take_facts
from cartage.extraction.sources.visible_images import images_of_page
from cartage.extraction.sources.visible_options import options_of_page
from cartage.extraction.sources.visible_prices import Amount
from cartage.extraction.sources.visible_rating import take_rating
from cartage.extraction.sources.visible_seen import seen
from cartage.extraction.sources.visible_stock import availability_of_page
from cartage.model.evidence import Source

LEAST, LAST_LEAST = 2.6, 3.5
NEAR = 40
NOW_KINDS = (PriceKind.NOW, PriceKind.FROM, PriceKind.UNKNOWN)
LAST_KINDS = (PriceKind.REGULAR, PriceKind.PER_UNIT)


def read(document: Document) -> list[Statement]:
    """Read the seen page into one statement about its product; claims are best first."""
    page = seen(document)
    layout, anchors = page.layout, page.anchors
    statement = Statement(Source.VISIBLE, "body", main=True)
    _take_name(statement, document, layout, anchors)
    name = statement.name[0].value if statement.name else None
    statement.breadcrumbs = breadcrumbs_of(layout, name)
    pairs = labelled_pairs(layout, anchors)
    statement.availability = availability_of_page(layout, anchors, pairs)
    statement.images = images_of_page(document, layout, anchors)
    statement.options = options_of_page(layout, anchors)
    statement.description = descriptions_of(layout, anchors)
    _take_prices(statement, page.amounts)
    take_facts(statement, layout, anchors, pairs)
    take_rating(statement, layout, anchors)
    return [statement]


def _take_name(statement: Statement, document: Document, layout: Layout, anchors: Anchors) -> None:
    if anchors.title is None:
        return
    text = title_text(layout, anchors, stated_titles(document))
    score = 0.5 + 0.45 * anchors.similarity
    statement.name.append(Claim(text, Source.VISIBLE, anchors.title.path, text[:LONGEST_RAW], score))


def _take_prices(statement: Statement, amounts: tuple[Amount, ...]) -> None:
    now = [amount for amount in amounts if amount.text.kind in NOW_KINDS and amount.score >= LEAST]
    if not now:
        last = [amount for amount in amounts if amount.text.kind in LAST_KINDS and amount.score >= LAST_LEAST]
        now = [_as_price(amount) for amount in last if not amount.element.struck][:1]
    if not now:
        return
    chosen = now[0]
    rival = next((amount for amount in now if amount.value != chosen.value), None)
    statement.price = [_claim(chosen, rival), *(_claim(amount, share=0.8) for amount in now[1:3])]
    others = [amount for amount in amounts if amount.text.kind not in NOW_KINDS and amount.score >= 1.0]
    others = [amount for amount in others if amount.element is not chosen.element]
    statement.price += [_claim(amount, share=0.5) for amount in others[:6]]
    same = [amount for amount in now if amount.value == chosen.value]
    for amount in amounts:
        if amount.text.kind is PriceKind.REGULAR and amount.value > chosen.value and _near(amount, same):
            statement.regular_price.append(_claim(amount))
            break


def _as_price(amount: Amount) -> Amount:
    """Take an amount that only looks like a former price for the price, as the page shows no other."""
    return replace(amount, text=replace(amount.text, kind=PriceKind.UNKNOWN))


def _near(amount: Amount, others: list[Amount]) -> bool:
    return any(abs(amount.element.start - other.element.start) < NEAR for other in others)


def _claim(amount: Amount, rival: Amount | None = None, share: float = 1.0) -> Claim[PriceText]:
    where = amount.element.path
    margin = min(amount.score - rival.score, 1.0) if rival else 1.0
    score = 0.4 + 0.08 * amount.score - 0.15 * (1 - margin)
    if amount.text.kind in LAST_KINDS:
        score -= 0.2
    return Claim(amount.text, Source.VISIBLE, where, amount.raw, share * max(0.05, min(0.98, score)))
