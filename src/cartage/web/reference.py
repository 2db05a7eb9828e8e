"""The API's reference as a page: its OpenAPI document, laid out for reading; nothing comes from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from cartage.web.rendering import page, ticked
from cartage.web.session import Sessions

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Show a parameter or a field: what it is called, what it holds, and what for."""

    name: str
    holds: str
    what: Markup
    needed: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """Show one operation: what it does, what it takes, what it replies, and how to call it."""

    id: str
    method: str
    path: str
    summary: Markup
    description: Markup
    parameters: list[Line]
    bodies: list[tuple[str, str, str]]
    replies: list[tuple[str, str, str]]
    call: str


def add_reference(router: APIRouter, sessions: Sessions) -> None:
    """Add the page."""

    @router.get("/docs")
    async def show_reference(request: Request) -> Response:
        await sessions.anyone(request)
        book = Book(request.app.openapi(), str(request.base_url).rstrip("/"))
        introduction, *points = book.document["info"]["description"].split("\n- ")
        return page(
            request,
            "reference.html",
            version=book.document["info"]["version"],
            introduction=ticked(introduction),
            points=[ticked(point) for point in points],
            chapters=list(book.chapters()),
            shapes=list(book.shapes()),
        )


@dataclass(frozen=True, slots=True)
class Book:
    """Read an OpenAPI document."""

    document: Json
    base_url: str

    def chapters(self) -> Iterator[tuple[str, str, list[Operation]]]:
        """Give each tag with what it is about and its operations, in the document's order."""
        for tag in self.document["tags"]:
            operations = [
                self._operation(method, path, operation)
                for path, methods in self.document["paths"].items()
                for method, operation in methods.items()
                if tag["name"] in operation.get("tags", ())
            ]
            if operations:
                yield tag["name"], tag["description"], operations

    def shapes(self) -> Iterator[tuple[str, Markup, list[Line]]]:
        """Give each shape with what it is and its fields."""
        for name, schema in self.document["components"]["schemas"].items():
            yield name, ticked(schema.get("description", "")), list(self._fields(schema))

    def _operation(self, method: str, path: str, operation: Json) -> Operation:
        body = operation.get("requestBody", {}).get("content", {})
        return Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=ticked(operation["summary"]),
            description=ticked(operation.get("description", "")),
            parameters=[self._parameter(self._found(each)) for each in operation.get("parameters", ())],
            bodies=[(kind, _holds(each.get("schema", {})), self._example(each)) for kind, each in body.items()],
            replies=[(status, *self._reply(self._found(each))) for status, each in operation["responses"].items()],
            call=self._call(method.upper(), path, operation),
        )

    def _found(self, node: Json) -> Json:
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def _parameter(self, parameter: Json) -> Line:
        what = ticked(parameter.get("description", ""))
        holds = _holds(parameter["schema"])
        return Line(parameter["name"], holds, what, needed=parameter.get("required", False), place=parameter["in"])

    def _reply(self, reply: Json) -> tuple[str, str]:
        schemas = [_holds(each.get("schema", {})) for each in reply.get("content", {}).values()]
        return reply["description"], " or ".join(dict.fromkeys(filter(None, schemas)))

    def _fields(self, schema: Json) -> Iterator[Line]:
        needed = schema.get("required", ())
        for name, each in schema.get("properties", {}).items():
            yield Line(name, _holds(each), ticked(each.get("description", "")), needed=name in needed)
        if "enum" in schema:
            yield Line("one of", ", ".join(map(str, schema["enum"])), Markup(), needed=True)

    def _example(self, media: Json) -> str:
        """Write an example of a body: the one that is given, or one made of the fields' own."""
        given = media.get("example")
        if isinstance(given, str):
            return given
        schema = self._found(media.get("schema", {}))
        fields = {
            name: each["examples"][0] for name, each in schema.get("properties", {}).items() if each.get("examples")
        }
        return json.dumps(given or fields, ensure_ascii=False) if given or fields else ""

    def _call(self, method: str, path: str, operation: Json) -> str:
        options = ['-H "Authorization: Bearer $TOKEN"'] if operation.get("security") else []
        options += [f"-X {method}"] if method not in {"GET", "POST"} else []
        body = operation.get("requestBody", {}).get("content", {})
        if body:
            kind, media = next(iter(body.items()))
            options += [f'-H "Content-Type: {kind}"', f"-d '{self._example(media) or '{}'}'"]
        elif method == "POST":
            options.append("-X POST")
        return " ".join(["curl", *options, self.base_url + path])


def _holds(schema: Json) -> str:
    """Say in a word or two what a schema allows."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_holds(each) for each in schema["anyOf"])
    kind = str(schema.get("type", "anything" if schema else ""))
    if kind == "array":
        return f"list of {_holds(schema.get('items', {})) or 'anything'}"
    bounds = [str(schema[each]) for each in ("minimum", "maximum") if each in schema]
    return f"{kind} {' to '.join(bounds)}" if bounds else kind
