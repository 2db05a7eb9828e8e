"""A small shop on loopback, to try imports on: its pages imitate how real shops differ and misbehave."""

from cartage.demo.goods import Link
from cartage.demo.shop import LINKS, create_shop

__all__ = ["LINKS", "Link", "create_shop"]
