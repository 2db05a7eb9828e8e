"""What every body of a request has in common."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """Be a request's body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")
