"""The seen page, read once and shared: its layout, its anchors and its amounts of money."""

from dataclasses import dataclass

from cartage.extraction.document import Document
from cartage.extraction.layout import Layout, layout_of
from cartage.extraction.sources.visible_anchors import Anchors, anchors_of
from cartage.extraction.sources.visible_prices import Amount, amounts_of


@dataclass(frozen=True, slots=True)
class Seen:
    """Hold what every reader of the visible page starts from; `amounts` are likeliest price first."""

    layout: Layout
    anchors: Anchors
    amounts: tuple[Amount, ...]


def seen(document: Document) -> Seen:
    """Give a document's visible page, read once."""
    return document.once(_look)


def _look(document: Document) -> Seen:
    layout = layout_of(document.tree.body, document.landmarks)
    anchors = anchors_of(document, layout)
    return Seen(layout, anchors, tuple(amounts_of(layout, anchors)))
