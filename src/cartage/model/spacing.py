"""The time between two visits to a site, where the operator gave the site one of its own."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cartage.model.product import Value

LONGEST_SECONDS = 3600.0


class Spacing(Value):
    """Keep how long after a visit to a site the next one may begin; `site` is a registrable domain."""

    site: str
    seconds: Annotated[float, Field(ge=0, le=LONGEST_SECONDS, allow_inf_nan=False)]
    set_by: str = ""
    set_at: datetime
