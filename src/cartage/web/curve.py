"""The small curve of a product's price over time, as the points of an SVG polyline."""

from collections.abc import Sequence
from datetime import datetime

from cartage.model.upkeep import Sighting

WIDTH, HEIGHT, MARGIN = 300.0, 48.0, 4.0
FEWEST = 2


def curve_of(history: Sequence[Sighting], until: datetime) -> str:
    """Draw prices, newest first, as stairs up to a moment; empty where there are none to compare.

    Prices in another currency than the newest are left out.
    """
    seen = [(each.at, each.price) for each in history if each.price]
    same = [(at, float(price.amount)) for at, price in reversed(seen) if price.currency == seen[0][1].currency]
    if len(same) < FEWEST:
        return ""
    start, low, high = same[0][0], min(amount for _, amount in same), max(amount for _, amount in same)
    span = (until - start).total_seconds() or 1.0
    points: list[tuple[float, float]] = []
    for at, amount in same:
        across = (at - start).total_seconds() / span * WIDTH
        down = MARGIN + (1 - (amount - low) / ((high - low) or 1.0)) * (HEIGHT - 2 * MARGIN)
        points += [(across, points[-1][1]), (across, down)] if points else [(across, down)]
    points.append((WIDTH, points[-1][1]))
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
