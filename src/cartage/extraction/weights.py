"""Which sources are believed: one line of preference for each field.

A source's weight is its vote; values that agree add up. The figures follow how often each source was right on pages
labelled by hand: for pictures markup is nearly always right, for stock and SKU the page itself is.
"""

from collections.abc import Mapping

from cartage.model.evidence import Source

COLUMNS = (
    Source.PLATFORM, Source.JSON_LD, Source.MICRODATA, Source.EMBEDDED_JSON, Source.OPEN_GRAPH, Source.VISIBLE, Source.ADDRESS,
)  # fmt: skip
# fmt: off
TABLE: dict[str, tuple[float, ...]] = {
    #                    platform  json_ld  microdata  embedded  open_graph  visible  address
    "name":             (1.6,      1.1,     0.9,       0.7,      0.5,        1.0,     0.0),
    "brand":            (1.6,      1.2,     1.0,       0.8,      0.8,        0.9,     0.0),
    "description":      (1.6,      1.0,     0.9,       0.8,      0.5,        0.7,     0.0),
    "description_html": (1.6,      1.0,     0.9,       0.8,      0.1,        0.7,     0.0),
    "price":            (1.6,      1.0,     0.9,       0.8,      0.8,        1.2,     0.0),
    "regular_price":    (1.6,      0.9,     0.9,       0.8,      0.7,        1.0,     0.0),
    "availability":     (1.6,      0.95,    0.9,       0.8,      0.6,        1.2,     0.0),
    "condition":        (1.6,      1.0,     0.9,       0.8,      0.7,        0.7,     0.0),
    "sku":              (1.6,      0.9,     0.9,       0.6,      0.5,        1.3,     0.5),
    "mpn":              (1.6,      1.0,     0.9,       0.8,      0.7,        0.9,     0.0),
    "gtin":             (1.6,      1.0,     0.9,       0.8,      0.7,        0.8,     0.0),
    "weight_grams":     (1.6,      1.0,     0.9,       0.8,      0.7,        0.9,     0.0),
    "rating":           (1.6,      1.0,     0.9,       0.8,      0.7,        1.3,     0.0),
    "breadcrumbs":      (0.5,      1.0,     0.9,       0.8,      0.5,        1.0,     0.0),
    "images":           (2.0,      1.6,     1.4,       0.9,      0.55,       0.75,    0.0),
    "options":          (1.6,      1.0,     0.7,       1.1,      0.1,        0.5,     0.0),
    "variants":         (1.6,      1.0,     0.7,       1.1,      0.1,        0.5,     0.0),
}
# fmt: on


def _by_source(row: tuple[float, ...]) -> Mapping[Source, float]:
    weights = dict(zip(COLUMNS, row, strict=True))
    return weights | {Source.RDFA: weights[Source.MICRODATA], Source.SERVICE: weights[Source.JSON_LD], Source.HEAD: 0.0}


WEIGHTS: Mapping[str, Mapping[Source, float]] = {name: _by_source(row) for name, row in TABLE.items()}
