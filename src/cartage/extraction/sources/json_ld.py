"""JSON-LD blocks: every graph of the page joined, products, groups and trails read from it."""

from collections.abc import Iterator
from typing import Any

from cartage.extraction.claims import Claim, Statement
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.json_text import parse_json
from cartage.extraction.sources.schema_org import is_product, read_product
from cartage.extraction.sources.things import Thing, as_dict, as_list, fold
from cartage.model.evidence import Source

MOST_NODES = 5000
MOST_VARIANTS = 3000
DEEPEST = 12
ASIDE_KEYS = frozenset(
    {
        "isrelatedto",
        "issimilarto",
        "isaccessoryorsparepartfor",
        "hasvariant",
        "itemoffered",
        "review",
        "isvariantof",
        "itemreviewed",
        "model",
    }
)
LIST_KEYS = frozenset({"itemlistelement"})
HIDDEN_LISTS = frozenset({"itemlist", "offercatalog", "collectionpage", "searchresultspage", "productcollection"})

HOLDERS = (dict, list)

Node = tuple[dict[str, Any], str, bool]


def read(document: Document) -> list[Statement]:
    """Read the products that JSON-LD describes, and the page's trail as a statement without a name."""
    things = _things(document)
    statements = list(_products(things, document))
    trails = [
        trail for thing, _ in things if "breadcrumblist" in thing.types and (trail := read_trail(thing, Source.JSON_LD))
    ]
    if trails:
        statements.append(Statement(Source.JSON_LD, "", main=True, breadcrumbs=trails))
    return statements


def things(document: Document) -> list[Thing]:
    """List the nodes of every graph of the page, each once."""
    return [thing for thing, _ in _things(document)]


def _things(document: Document) -> list[tuple[Thing, bool]]:
    nodes = list(_nodes(document))
    graph = _graph(nodes)
    each = ((data, Thing(data, where, graph), main) for data, where, main in nodes)
    return [(thing, main) for data, thing, main in each if thing.data is data]


def _products(things: list[tuple[Thing, bool]], document: Document) -> Iterator[Statement]:
    """Read the product nodes, until references have made too many variants of few nodes."""
    variants = 0
    for thing, main in things:
        if is_product(thing) and variants < MOST_VARIANTS:
            statement = read_product(thing, Source.JSON_LD, document, main=main)
            variants += sum(len(claim.value) for claim in statement.variants)
            yield statement


def read_trail(thing: Thing, source: Source) -> Claim[tuple[str, ...]] | None:
    """Read a BreadcrumbList's names in the order of their positions."""
    steps: list[tuple[float, str]] = []
    for number, item in enumerate(thing.things("itemlistelement")[:20]):
        name = item.text("name") or next((node.text("name") for node in item.things("item")), "")
        position = item.text("position")
        if name:
            steps.append((float(position) if position.replace(".", "", 1).isdigit() else number, name))
    names = tuple(name for _, name in sorted(steps, key=lambda step: step[0]))
    return Claim(names, source, thing.where, " > ".join(names)[:LONGEST_RAW]) if names else None


def _nodes(document: Document) -> Iterator[Node]:
    count = 0
    for script in document.scripts:
        if "ld+json" not in script.type:
            continue
        for node in _inside(parse_json(script.text), script.where, 0, main=True):
            yield node
            count += 1
            if count >= MOST_NODES:
                return


def _inside(value: Any, where: str, depth: int, *, main: bool) -> Iterator[Node]:
    """Yield every node, outermost first; what hangs below a list or a relation is not the page's subject."""
    if depth > DEEPEST:
        return
    data = as_dict(value)
    if data is None:
        if isinstance(value, list):
            for number, entry in enumerate(as_list(value)):
                yield from _inside(entry, f"{where}/{number}", depth + 1, main=main)
        return
    yield data, where, main
    types = {fold(entry) for entry in as_list(data.get("@type")) if isinstance(entry, str)}
    for key, inner in data.items():
        if isinstance(inner, HOLDERS):
            aside = fold(key) in ASIDE_KEYS or (fold(key) in LIST_KEYS and bool(types & HIDDEN_LISTS))
            yield from _inside(inner, f"{where}/{key}", depth + 1, main=main and not aside)


def _graph(nodes: list[Node]) -> dict[str, dict[str, Any]]:
    graph: dict[str, dict[str, Any]] = {}
    for data, _, _ in nodes:
        identity = data.get("@id")
        if isinstance(identity, str) and len(data) > len(graph.get(identity, {})):
            graph[identity] = data
    return graph
