"""The merchant and the workers, as they are told."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.wire.body import Body


class MerchantOut(BaseModel):
    """Show the merchant that the token belongs to."""

    id: str
    name: str


class MerchantBody(Body):
    """Give the merchant another name."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]


class WorkerOut(BaseModel):
    """Show a process that runs imports; `running` names those of the merchant's own that it works on."""

    engine: str
    started_at: datetime
    seen_at: datetime
    silent: bool
    running: list[str]


class WorkerList(BaseModel):
    """List the workers seen within the last hour, the longest running first."""

    workers: list[WorkerOut]
