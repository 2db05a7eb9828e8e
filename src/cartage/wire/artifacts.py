"""What an import kept, as it is told."""

from pydantic import BaseModel


class ArtifactOut(BaseModel):
    """Name something that an attempt kept.

    `page` is what was brought, `extraction` what was read out of it, `shot` a picture of what the browser showed.
    Of a page, the link `html` leads to its own HTML, where it was brought as such.
    """

    name: str
    provider: str
    number: int
    kind: str
    links: dict[str, str]


class ArtifactList(BaseModel):
    """List what an import kept, in the order of its attempts."""

    artifacts: list[ArtifactOut]
