"""What an assistant names for a tool: nothing that the tool does not take, and refusals in plain words."""

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from pydantic import ValidationError
from pydantic_core import ErrorDetails

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context


class StrictTool(Tool):
    """Refuse arguments that are unknown, missing or wrong, all at once; the library's own tool drops unknown ones."""

    def model_post_init(self, context: Any, /) -> None:
        """Say in the schema, too, that there are no other arguments."""
        super().model_post_init(context)
        self.parameters["additionalProperties"] = False

    async def run(self, arguments: dict[str, Any], context: "Context[Any, Any]", convert_result: bool = False) -> Any:  # noqa: FBT001, FBT002 - the library's
        """Run the tool; raises `ToolError` where the arguments are not as they should be."""
        known: dict[str, Any] = self.parameters.get("properties", {})
        wrong = [f"There is no argument {each[:100]!r}." for each in arguments if each not in known]
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            wrong += [in_words(each) for each in error.errors()]
        if wrong:
            raise ToolError(" ".join((*wrong, f"{self.name} takes: {', '.join(known)}.")))
        return await super().run(arguments, context, convert_result)


def in_words(error: ErrorDetails) -> str:
    """Say in a sentence what is wrong with one argument, or with one value within it."""
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "missing":
        return f"{name} is missing."
    if error["type"] == "extra_forbidden":
        return f"There is no {name}."
    return f"{name}: {error['msg']}."
