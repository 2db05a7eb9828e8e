"""Cards of a page that lists products: places of one kind, each with a price and a link."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from cartage.extraction.document import Document
from cartage.extraction.hints import PRICE, read_hint
from cartage.extraction.layout import UNSEEN
from cartage.extraction.listed_links import Links, each_once
from cartage.extraction.sources.visible_prices import HAS_SYMBOL, MONEY
from cartage.extraction.text import clean
from cartage.model.listed import LONGEST_NAME, Listed

LEAST_CARDS = 3
MOST_PRICES = 2000
LONGEST_PRICE, SHORTEST_NAME, LONGEST_TEXT, MOST_PICTURES = 60, 3, 600, 3
UP_TO_AMOUNT, UP_TO_CARD, DEEPEST = 3, 20, 60
CHROME = frozenset({"nav", "footer"})
HEADINGS = "h1,h2,h3,h4,h5,h6,[itemprop=name]"
NAMED = "[class*=title i],[class*=name i]"
PIECES = "p,span,div,strong,b,figcaption"
OTHER_NAMES = re.compile(r"brand|vendor|seller|manufact|marca|marque|categ|store|badge|user|nickname", re.IGNORECASE)
NO_NAME = re.compile(r"(?:sale|new|quick ?(?:view|look|shop)|[-−+]?\d+ ?%)(?!\w)", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]{2}")


def carded(document: Document, links: Links) -> list[Listed]:
    """List the products of the most numerous kind of card; none of fewer than three."""
    body = document.tree.body
    if body is None:
        return []
    kinds: defaultdict[str, list[Listed]] = defaultdict(list)
    for link, listed in _Cards(links).found_in(body):
        kinds[_tag_path(link)].append(listed)
    groups = sorted((each_once(group) for group in kinds.values()), key=len)
    most = groups[-1] if groups else []
    return most if len(most) >= LEAST_CARDS else []


@dataclass(slots=True)
class _Cards:
    links: Links
    leads: dict[int, list[tuple[LexborNode, str]]] = field(default_factory=dict[int, list[tuple[LexborNode, str]]])
    prices: Counter[int] = field(default_factory=Counter[int])
    judged: dict[str, str] = field(default_factory=dict[str, str])
    company: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def found_in(self, body: LexborNode) -> Iterator[tuple[LexborNode, Listed]]:
        """Give each card's link and the product that it leads to."""
        amounts = list(islice(_amounts(body), MOST_PRICES))
        for amount in amounts:
            self.prices.update(each.mem_id for each in _upwards(amount, UP_TO_CARD))
        seen: set[int] = set()
        for amount in amounts:
            card = self._card(amount)
            if card is None or card.mem_id in seen:
                continue
            seen.add(card.mem_id)
            link, url = self._best(card)
            yield link, Listed(url=url, name=_name(card, [node for node, to in self._leads(card) if to == url]))

    def _card(self, amount: LexborNode) -> LexborNode | None:
        """Climb from an amount to the place that has a link and stands beside others that have amounts, too."""
        if any(node.tag in CHROME for node in _upwards(amount, DEEPEST)):
            return None
        for node in _upwards(amount, UP_TO_CARD):
            if self._leads(node) and self._has_company(node):
                return node
        return None

    def _has_company(self, node: LexborNode) -> bool:
        """Tell whether another place beside a node has an amount and a link, too; two of each parent's tell it of all."""
        parent = node.parent
        if parent is None:
            return False
        if parent.mem_id not in self.company:
            alike = (each.mem_id for each in parent.iter() if self.prices[each.mem_id] and self._leads(each))
            self.company[parent.mem_id] = list(islice(alike, 2))
        return any(each != node.mem_id for each in self.company[parent.mem_id])

    def _leads(self, node: LexborNode) -> list[tuple[LexborNode, str]]:
        if node.mem_id not in self.leads:
            links = ([node] if node.tag == "a" else []) + node.css("a[href]")
            led = ((link, self._usable(link.attributes.get("href") or "")) for link in links)
            self.leads[node.mem_id] = [(link, url) for link, url in led if url]
        return self.leads[node.mem_id]

    def _usable(self, href: str) -> str:
        if href not in self.judged:
            self.judged[href] = self.links.usable(href)
        return self.judged[href]

    def _best(self, card: LexborNode) -> tuple[LexborNode, str]:
        """Choose the link that a card repeats, as around its picture and its name; else its first."""
        led = self._leads(card)
        counts: Counter[str] = Counter()
        for link, url in led:
            counts[url] += 1 + (link.css_first("img") is not None)
        best = counts.most_common(1)[0][0]
        return next((link, url) for link, url in led if url == best)


def _amounts(body: LexborNode) -> Iterator[LexborNode]:
    last = 0
    for node in body.traverse(include_text=True):
        if node.tag != "-text" or node.parent is None or node.parent.tag in UNSEEN:
            continue
        text = node.text_content or ""
        if len(text) > LONGEST_PRICE * 2 or not (holder := _holder(node, text)) or holder.mem_id == last:
            continue
        last = holder.mem_id
        yield holder


def _holder(node: LexborNode, text: str) -> LexborNode | None:
    """Give the element around a text that shows an amount of money: by its symbol, or by what it is called."""
    symbol = HAS_SYMBOL.search(text) is not None
    if not symbol and not any(map(str.isdigit, text)):
        return None
    for around in _upwards(node.parent, UP_TO_AMOUNT):
        whole = _short_text(around)
        if whole is None:
            return None
        if symbol and _is_priced(whole):
            return around
        if not symbol and _is_called_price(around):
            return around
    return None


def _short_text(node: LexborNode) -> str | None:
    """Give an element's text; None where it is longer than a price, of which no more is then read."""
    pieces: list[str] = []
    left = LONGEST_PRICE
    for each in node.traverse(include_text=True):
        if each.tag == "-text":
            pieces.append(each.text_content or "")
            left -= len(pieces[-1])
            if left < 0:
                return None
    return " ".join(pieces)


def _is_called_price(node: LexborNode) -> bool:
    attributes = node.attributes
    names = " ".join(attributes.get(name) or "" for name in ("class", "id", "itemprop", "data-testid"))
    return bool(names.strip()) and bool(read_hint(names)[1] & PRICE)


def _upwards(node: LexborNode | None, most: int) -> Iterator[LexborNode]:
    while node is not None and most and node.tag not in {"body", "html"}:
        yield node
        node, most = node.parent, most - 1


def _tag_path(link: LexborNode) -> str:
    return ">".join(node.tag or "" for node in _upwards(link, DEEPEST))


def _name(card: LexborNode, links: list[LexborNode]) -> str:
    """Read what a card calls its product: a heading, what its links say, what is named so, or its picture's text."""
    said = [node.text(separator=" ") for link in links for node in link.css(HEADINGS)]
    said += [text for link in links if not _is_priced(text := link.text(separator=" "))]
    said += [node.text(separator=" ") for node in card.css(HEADINGS)]
    said += [node.text(separator=" ") for node in card.css(NAMED) if _is_called_name(node)]
    said += [link.attributes.get("title") or "" for link in links]
    said += [node.attributes.get("alt") or "" for node in card.css("img[alt]")[:MOST_PICTURES]]
    said += [text for link in links for node in link.css(PIECES) if not _is_priced(text := node.text(separator=" "))]
    return next((name for text in said if _may_name(name := clean(text))), "")[:LONGEST_NAME]


def _is_called_name(node: LexborNode) -> bool:
    return not OTHER_NAMES.search(node.attributes.get("class") or "")


def _is_priced(text: str) -> bool:
    return any(match["before"] or match["after"] for match in MONEY.finditer(" ".join(text.split())))


def _may_name(text: str) -> bool:
    return SHORTEST_NAME <= len(text) <= LONGEST_TEXT and LETTERS.search(text) is not None and not NO_NAME.match(text)
