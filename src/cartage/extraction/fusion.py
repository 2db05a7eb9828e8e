"""The choice among claims: sources vote by weight, the winner's evidence is kept, and so is every rival's."""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from cartage.extraction import fields
from cartage.extraction.claims import Claim, Statement
from cartage.extraction.fields import Context, Field
from cartage.extraction.images import distinct, image_url, picture_key
from cartage.extraction.prices import amount_of, is_net_of
from cartage.extraction.text import MARKUP, clean
from cartage.extraction.trails import trail_of
from cartage.extraction.variants import variant_of
from cartage.extraction.weights import WEIGHTS
from cartage.model.evidence import Evidence, Source, written
from cartage.model.product import Availability, Image, Money, Option, Rating, Variant

R = TypeVar("R")
T = TypeVar("T")

LEAST_SHOWN = 0.6
# Beside pictures that markup states, a seen one must look like the gallery's: others show other products.
LEAST_SEEN = 0.6
# A card drawn for social networks, not a picture of the product.
GENERATED = re.compile(
    r"opengraph-image|og[-_]image|social[-_]?(?:card|share|image)|share[-_]image|/logo", re.IGNORECASE
)
CUT_SHORT = re.compile(r"(?:\.\.\.|…)\s*$")
MOST_EVIDENCE, MOST_UNSURE = 8, 3
LONGEST_VALUE = 20_000
MOST_IMAGES = 60
MOST_ATTRIBUTES = 150
SIBLING = 0.6

Facts = dict[str, Any]
EvidenceMap = dict[str, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Vote(Generic[T]):
    """Hold one claim in normal form, with its weight."""

    value: T
    weight: float
    claim: Claim[Any]


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Hold a field's chosen value and its evidence, chosen first."""

    value: T
    evidence: tuple[Evidence, ...]


def fuse(statements: Sequence[Statement], context: Context) -> tuple[Facts, EvidenceMap]:
    """Fuse the statements about one product into its fields and their evidence by JSON pointer."""
    facts: Facts = {}
    evidence: EvidenceMap = {}
    _take_name(facts, evidence, statements, context)
    for field in fields.SCALARS:
        _keep(facts, evidence, field.name, choose(field, statements, context))
    _take_description(facts, evidence, statements, context)
    _take_prices(facts, evidence, statements, context)
    _take_rating_count(facts, statements)
    _take_trail(facts, evidence, statements, context)
    _take_images(facts, evidence, statements, context)
    _take_variants(facts, evidence, statements, context)
    _take_attributes(facts, evidence, statements)
    return facts, evidence


def choose(
    field: Field[R, T], statements: Sequence[Statement], context: Context, *, above: Money | None = None
) -> Choice[T] | None:
    """Choose a field's value: the one whose claims weigh most, each source counted once.

    `above` drops amounts that are not greater, or in another currency.
    """
    votes = [vote for vote in _votes(field, statements, context) if above is None or _exceeds(vote.value, above)]
    return _chosen(field, votes)


def _chosen(field: Field[R, T], votes: Sequence[Vote[T]]) -> Choice[T] | None:
    if not votes:
        return None
    support = _support(field, votes)
    winner = max(votes, key=lambda vote: (support[field.key(vote.value)], vote.weight))
    return Choice(winner.value, _evidence(field, votes, winner))


def _votes(field: Field[R, T], statements: Sequence[Statement], context: Context) -> Iterable[Vote[T]]:
    met: set[Source] = set()
    for statement in statements:
        claims = field.claims(statement)
        share = SIBLING if statement.source in met else 1.0
        for claim in claims:
            value = field.normal(claim.value, context)
            if value is not None:
                met.add(statement.source)
                yield Vote(value, field.weights[claim.source] * claim.score * share, claim)


def _support(field: Field[R, T], votes: Iterable[Vote[T]]) -> dict[Hashable, float]:
    best: dict[tuple[Hashable, Source], float] = {}
    for vote in votes:
        place = field.key(vote.value), vote.claim.source
        best[place] = max(best.get(place, 0.0), vote.weight)
    support: dict[Hashable, float] = {}
    for (key, _), weight in best.items():
        support[key] = support.get(key, 0.0) + weight
    return support


def _evidence(field: Field[R, T], votes: Sequence[Vote[T]], winner: Vote[T]) -> tuple[Evidence, ...]:
    key = field.key(winner.value)
    ranked = sorted(votes, key=lambda vote: (vote is winner, field.key(vote.value) == key, vote.weight), reverse=True)
    return tuple(
        evidence_of(vote.claim)
        if field.key(vote.value) == key
        else evidence_of(vote.claim).model_copy(update={"agrees": False, "value": _said(vote.value)})
        for vote in ranked[:MOST_EVIDENCE]
    )


def _said(value: object) -> str | None:
    told = None if isinstance(value, Rating) else written(value)
    return told if told and len(told) <= LONGEST_VALUE else None


def evidence_of(claim: Claim[Any]) -> Evidence:
    """Make a claim's evidence."""
    return Evidence(source=claim.source, where=claim.where, raw=clean(claim.raw))


def _keep(facts: Facts, evidence: EvidenceMap, name: str, choice: Choice[Any] | None) -> None:
    if choice:
        facts[name] = choice.value
        evidence[f"/{name}"] = choice.evidence


def _exceeds(value: object, least: Money) -> bool:
    return isinstance(value, Money) and value.currency == least.currency and value.amount > least.amount


def _take_name(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    """Choose the name; where the page shows it without the words that markup adds after a dash or bar, as it is shown."""
    votes = list(_votes(fields.NAME, statements, context))
    choice = _chosen(fields.NAME, votes)
    if choice is None:
        return
    for vote in votes:
        rest = choice.value.removeprefix(vote.value)
        if vote.claim.source is Source.VISIBLE and rest != choice.value and fields.SEPARATOR.match(rest):
            choice = Choice(vote.value, _evidence(fields.NAME, votes, vote))
            break
    _keep(facts, evidence, "name", choice)


def _take_description(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    """Choose the description that tells most: teasers and texts cut short weigh little, whoever states them."""
    teasers = {
        fields.opening(description)
        for statement in statements
        if statement.source is Source.OPEN_GRAPH
        for claim in statement.description
        if (description := fields.description_of(claim.value, context))
    }
    votes = [
        replace(vote, weight=vote.weight * _fullness(vote, teasers))
        for vote in _votes(fields.DESCRIPTION, statements, context)
    ]
    if not votes:
        return
    winner = max(votes, key=lambda vote: vote.weight)
    facts["description"] = winner.value
    evidence["/description"] = _evidence(fields.DESCRIPTION, votes, winner)
    key = fields.opening(winner.value)
    for vote in votes:
        html = fields.description_html_of(vote.claim.value, context) if fields.opening(vote.value) == key else None
        if html:
            facts["description_html"] = html
            evidence["/description_html"] = (evidence_of(vote.claim),)
            return


def _fullness(vote: Vote[str], teasers: set[str]) -> float:
    share = min(1.0, 0.15 + len(vote.value) / 500)
    if CUT_SHORT.search(vote.value):
        share *= 0.5
    if vote.claim.source is not Source.OPEN_GRAPH and fields.opening(vote.value) in teasers:
        share *= 0.7
    return share * (1.15 if MARKUP.search(vote.claim.value) else 1.0)


def _take_prices(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    votes = list(_votes(fields.PRICE, statements, context))
    votes = _undisputed(votes, list(_votes(fields.NOT_PRICE, statements, context)))
    choice = _chosen(fields.PRICE, votes)
    _keep(facts, evidence, "price", choice)
    if choice:
        _keep(facts, evidence, "regular_price", choose(fields.REGULAR_PRICE, statements, context, above=choice.value))
    elif unsure := _without_currency(statements):
        evidence["/price"] = unsure


def _without_currency(statements: Sequence[Statement]) -> tuple[Evidence, ...]:
    """List the amounts that stand where the price would, in a currency that the page does not say; each once."""
    claims = [claim for statement in statements for claim in statement.price if claim.value.kind in fields.BUYABLE]
    found: dict[Decimal, Evidence] = {}
    for claim in sorted(claims, key=lambda claim: -fields.PRICE.weights[claim.source] * claim.score):
        amount = amount_of(claim.value, None)
        if amount is not None and amount not in found:
            found[amount] = evidence_of(claim).model_copy(update={"agrees": False, "value": f"{amount}"})
    return tuple(found.values())[:MOST_UNSURE]


def _undisputed(votes: list[Vote[Money]], denied: list[Vote[Money]]) -> list[Vote[Money]]:
    """Drop what markup states where the page shows that amount as another price; count an amount without tax for the whole.

    Nothing is dropped unless the page shows a price of its own.
    """
    shown = [vote.value for vote in votes if vote.claim.source is Source.VISIBLE and vote.weight >= LEAST_SHOWN]
    other = {fields.PRICE.key(vote.value) for vote in denied} - set(map(fields.PRICE.key, shown))
    if not shown:
        return votes
    kept: list[Vote[Money]] = []
    for vote in votes:
        if vote.claim.source in (Source.VISIBLE, Source.PLATFORM):
            kept.append(vote)
        elif is_net_of(vote.value, shown[0]):
            kept.append(replace(vote, value=shown[0]))
        elif fields.PRICE.key(vote.value) not in other:
            kept.append(vote)
    return kept


def _take_rating_count(facts: Facts, statements: Sequence[Statement]) -> None:
    rating = facts.get("rating")
    if not isinstance(rating, Rating) or rating.count is not None:
        return
    keys = (fields.RATING.key(rating), None)
    same = (
        claim.value for statement in statements for claim in statement.rating if fields.RATING.key(claim.value) in keys
    )
    counted = next((other for other in same if other.count), None)
    if counted:
        facts["rating"] = rating.model_copy(update={"count": counted.count})


def _take_trail(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    choice = choose(fields.BREADCRUMBS, statements, context)
    trail = trail_of(choice.value, facts.get("name")) if choice else ()
    if choice and trail:
        same, alike = written(trail), {"agrees": True, "value": None}
        facts["breadcrumbs"] = trail
        evidence["/breadcrumbs"] = tuple(
            each.model_copy(update=alike) if each.value == same else each for each in choice.evidence
        )


def _take_images(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    claims = _by_weight(statements)
    stated = any(claim.source is not Source.VISIBLE for claim in claims)
    claims = [
        claim for claim in claims if claim.source is not Source.VISIBLE or claim.score >= LEAST_SEEN or not stated
    ]
    found = [(claim, image) for claim in claims if (image := _usable(claim.value, context))]
    support: dict[str, float] = {}
    heads: set[Source] = set()
    for claim, image in found:
        first = claim.source not in heads
        heads.add(claim.source)
        key = picture_key(image.url)
        share = 1.0 if first else 0.15
        share *= 0.3 if GENERATED.search(image.url) else 1.0
        support[key] = support.get(key, 0.0) + WEIGHTS["images"][claim.source] * claim.score * share
    head = max(support, key=lambda key: support[key], default=None)
    ordered = sorted(found, key=lambda entry: picture_key(entry[1].url) != head)
    images = distinct([image for _, image in ordered])[:MOST_IMAGES]
    if images:
        facts["images"] = images
    for number, image in enumerate(images):
        key = picture_key(image.url)
        claims = [claim for claim, other in found if picture_key(other.url) == key]
        evidence[f"/images/{number}"] = tuple(evidence_of(claim) for claim in claims[:3])


def _by_weight(statements: Sequence[Statement]) -> list[Claim[Image]]:
    claims = [claim for statement in statements for claim in statement.images]
    return sorted(claims, key=lambda claim: -WEIGHTS["images"][claim.source])


def _usable(image: Image, context: Context) -> Image | None:
    address = image_url(image.url, context.base_url)
    alt = clean(image.alt) if image.alt else None
    return image.model_copy(update={"url": address, "alt": alt or None}) if address else None


def _take_variants(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement], context: Context) -> None:
    variants = _best_claim([claim for statement in statements for claim in statement.variants])
    options = _best_claim([claim for statement in statements for claim in statement.options])
    context = _in_currency(context, facts.get("price"))
    if variants:
        found: list[Variant] = [variant_of(text, context) for text in variants.value]
        evidence["/variants"] = (evidence_of(variants),)
        _take_from_variants(facts, evidence, found)
        facts["variants"] = tuple(found) if len(found) > 1 else ()
    if options:
        kept: tuple[Option, ...] = tuple(option for option in options.value if option.values)
        facts["options"] = kept
        evidence["/options"] = (evidence_of(options),)


def _in_currency(context: Context, price: Money | None) -> Context:
    """Let amounts that stand without a currency have that of the price."""
    if price is None or context.market.currency:
        return context
    return replace(context, market=replace(context.market, currency=price.currency))


def _take_from_variants(facts: Facts, evidence: EvidenceMap, variants: Sequence[Variant]) -> None:
    """Derive what the page does not state of the whole: the stock of any, the lowest price, the weight of all alike."""
    stocks = [variant.availability for variant in variants if variant.availability]
    if stocks and "availability" not in facts:
        facts["availability"] = Availability.IN_STOCK if Availability.IN_STOCK in stocks else stocks[0]
        evidence["/availability"] = evidence["/variants"]
    prices = [variant.price for variant in variants if variant.price]
    if prices and "price" not in facts and len({price.currency for price in prices}) == 1:
        facts["price"] = min(prices, key=lambda price: price.amount)
        evidence["/price"] = evidence["/variants"]
    weights = {variant.weight_grams for variant in variants}
    if len(weights) == 1 and None not in weights and "weight_grams" not in facts:
        facts["weight_grams"] = weights.pop()
        evidence["/weight_grams"] = evidence["/variants"]


def _best_claim(claims: list[Claim[tuple[R, ...]]]) -> Claim[tuple[R, ...]] | None:
    return max(
        claims, key=lambda claim: WEIGHTS["variants"][claim.source] * claim.score * bool(claim.value), default=None
    )


def _take_attributes(facts: Facts, evidence: EvidenceMap, statements: Sequence[Statement]) -> None:
    kept: dict[str, tuple[str, str]] = {}
    used: list[Claim[Any]] = []
    for claim in (claim for statement in statements for claim in statement.attributes):
        before = len(kept)
        for name, value in claim.value:
            pair = clean(name).rstrip(":"), clean(value)
            if all(pair):
                kept.setdefault(fields.folded(pair[0]), pair)
        used += [claim] if len(kept) > before else []
    if kept:
        facts["attributes"] = tuple(kept.values())[:MOST_ATTRIBUTES]
        evidence["/attributes"] = tuple(map(evidence_of, used[:MOST_EVIDENCE]))
