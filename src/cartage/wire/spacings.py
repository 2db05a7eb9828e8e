"""The time between two visits to a site, as it is told."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.model import spacing
from cartage.model.spacing import LONGEST_SECONDS
from cartage.wire.body import Body


class SpacingBody(Body):
    """Give a site a time of its own between two visits."""

    seconds: Annotated[float, Field(ge=0, le=LONGEST_SECONDS, allow_inf_nan=False, examples=[5])]


class SpacingOut(BaseModel):
    """Show a site's own time between two visits; `site` is a registrable domain, whose hosts it holds for."""

    site: str
    seconds: float
    set_by: str
    set_at: datetime

    @classmethod
    def of(cls, kept: spacing.Spacing) -> "SpacingOut":
        """Map a spacing."""
        return cls(**kept.model_dump())


class SpacingList(BaseModel):
    """List the sites that have a time of their own, by name."""

    spacings: list[SpacingOut]
