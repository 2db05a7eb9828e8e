"""An error as the API tells it (RFC 9457)."""

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """Point at one field at fault: `pointer` leads into the body, or begins with `/query` or `/header`."""

    pointer: str = Field(examples=["/url"])
    code: str = Field(examples=["url_invalid"])
    detail: str = Field(examples=["That is not a web address."])


class Problem(BaseModel):
    """Say what went wrong, whose side it is on (`you`, `site`, `us`, `provider`), and what to do.

    `code` does not change between versions; `trace_id` is what the server's log calls the request.
    """

    type: str = Field(examples=["https://cartage.dev/problems/not_found_here"])
    title: str
    status: int
    detail: str
    code: str
    instance: str
    origin: str = "us"
    advice: str = ""
    trace_id: str = ""
    errors: list[FieldProblem] = Field(default_factory=list[FieldProblem])
