"""A product as a page that lists many tells of it."""

from cartage.model.product import Value

MOST_LISTED, LONGEST_NAME = 500, 200


class Listed(Value):
    """Name a product that a page lists: its address, and what the page calls it, empty where it does not say."""

    url: str
    name: str = ""
