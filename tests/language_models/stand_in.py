"""A stand-in for language models on loopback: it speaks the makers' formats, keeps questions, and fails as told."""

import asyncio
import base64
import contextlib
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

KEY = "sk-sesame"
CACHED = 3

Mood = Literal[
    "rate_limited",
    "overloaded",
    "quota_spent",
    "unknown_model",
    "too_long",
    "no_json",
    "cut",
    "refuses",
    "ignores_schema",
    "fenced",
    "chatty",
    "web_page",
    "hangs_up",
    "tells_no_usage",
]
STATUSES: dict[str, int] = {
    "rate_limited": 429,
    "overloaded": 503,
    "quota_spent": 429,
    "unknown_model": 404,
    "too_long": 400,
}


@dataclass(frozen=True)
class Question:
    """Keep one question as a model sees it, whatever the wire format; `turns` counts what people said."""

    path: str
    headers: dict[str, str]
    body: Any
    instructions: str = ""
    texts: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()
    schema: dict[str, Any] = field(default_factory=dict[str, Any])
    turns: int = 1

    @property
    def text(self) -> str:
        """Give all that was said, in one piece."""
        return "\n".join(self.texts)


Mind = Callable[[Question], dict[str, Any]]


@dataclass
class StandIn:
    """Answer questions as `mind` says, and keep them; each of `moods` comes over one of the next answers."""

    mind: Mind
    url: str = ""
    asked: list[Question] = field(default_factory=list[Question])
    moods: deque[Mood] = field(default_factory=deque[Mood])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            content = await reader.readexactly(int(headers.get("content-length", 0)))
            answer = self._answer(first.split(" ")[1], headers, json.loads(content or b"null"))
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def _answer(self, path: str, headers: dict[str, str], body: Any) -> bytes | None:
        wire = next((each for each in WIRES if each.speaks(path)), None)
        if wire is None:
            return _reply(404, {"error": {"message": "There is no such path."}})
        if not any(KEY in headers.get(name, "") for name in wire.key_headers):
            return _reply(401, wire.error(401, "auth"))
        question = wire.read(path, headers, body)
        self.asked.append(question)
        mood = self.moods.popleft() if self.moods else None
        if mood == "hangs_up":
            return None
        if mood == "web_page":
            return _reply(200, b"<html><body>Welcome to the gateway</body></html>", kind="text/html")
        if mood in STATUSES:
            retry = "Retry-After: 7\r\n" if mood == "rate_limited" else ""
            return _reply(wire.status(mood), wire.error(STATUSES[mood], mood), retry)
        return _reply(200, wire.answer(question, _said(self.mind(question), mood), mood))


def _said(answer: dict[str, Any], mood: Mood | None) -> str:
    text = json.dumps(answer, ensure_ascii=False)
    match mood:
        case "no_json":
            return "I am happy to help with that product!"
        case "cut":
            return text[: len(text) // 2]
        case "ignores_schema":
            return json.dumps({"products": [{"title": list(answer.values())}], **dict.fromkeys(answer, 7)})
        case "fenced":
            return f"```json\n{text}\n```"
        case "chatty":
            return f"Certainly! Here is the answer:\n{text}\nLet me know if you need more."
        case _:
            return text


def _reply(status: int, body: Any, extra: str = "", kind: str = "application/json") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n"
    return f"{head}{extra}\r\n".encode() + content


class OpenAi:
    """Speak OpenAI's chat completions, as Ollama, vLLM and llama.cpp do too."""

    key_headers = ("authorization",)

    def speaks(self, path: str) -> bool:
        """Tell whether a path is of this format."""
        return path.endswith("/chat/completions")

    def status(self, mood: str) -> int:
        """Give the status that a mood is told with."""
        return STATUSES[mood]

    def error(self, status: int, mood: str) -> Any:
        """Give an error's body."""
        codes = {
            "auth": "invalid_api_key",
            "rate_limited": "rate_limit_exceeded",
            "quota_spent": "insufficient_quota",
            "unknown_model": "model_not_found",
            "too_long": "context_length_exceeded",
        }
        code = codes.get(mood, "server_error")
        return {"error": {"message": f"Told with {KEY}: {mood}", "type": code, "code": code, "status": status}}

    def read(self, path: str, headers: dict[str, str], body: Any) -> Question:
        """Read a question."""
        said = [each for each in body["messages"] if each["role"] == "user"]
        parts = [part for each in said for part in _parts(each["content"])]
        urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        form = body.get("response_format", {}).get("json_schema", {}).get("schema")
        tools = [each["function"]["parameters"] for each in body.get("tools", [])]
        return Question(
            path,
            headers,
            body,
            instructions="\n".join(
                part["text"]
                for each in body["messages"]
                if each["role"] in {"system", "developer"}
                for part in _parts(each["content"])
            ),
            texts=tuple(part["text"] for part in parts if part["type"] == "text"),
            pictures=tuple(base64.b64decode(url.partition("base64,")[2]) for url in urls),
            schema=form or (tools[0] if tools else {}),
            turns=len(said),
        )

    def answer(self, question: Question, text: str, mood: Mood | None) -> Any:
        """Give an answer's body."""
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if mood == "refuses":
            message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
        elif question.body.get("tools"):
            call = {"id": "call_1", "type": "function", "function": {"name": "answer", "arguments": text}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": question.body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "length" if mood == "cut" else "stop"}],
        }
        usage = {
            "prompt_tokens": _tokens(question),
            "completion_tokens": len(text) // 4,
            "total_tokens": _tokens(question) + len(text) // 4,
            "prompt_tokens_details": {"cached_tokens": CACHED},
        }
        return body if mood == "tells_no_usage" else body | {"usage": usage}


class Anthropic:
    """Speak Anthropic's messages."""

    key_headers = ("x-api-key", "authorization")

    def speaks(self, path: str) -> bool:
        """Tell whether a path is of this format."""
        return path.partition("?")[0].endswith("/v1/messages")

    def status(self, mood: str) -> int:
        """Give the status that a mood is told with."""
        return {"overloaded": 529, "quota_spent": 400}.get(mood, STATUSES[mood])

    def error(self, status: int, mood: str) -> Any:
        """Give an error's body."""
        kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error", 503: "overloaded_error"}
        told = {
            "quota_spent": "Your credit balance is too low to access the Anthropic API.",
            "too_long": "prompt is too long: 250000 tokens > 200000 maximum",
            "unknown_model": "model: claude-none",
        }
        kind = "invalid_request_error" if mood == "quota_spent" else kinds.get(status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": told.get(mood, f"Told with {KEY}")}}

    def read(self, path: str, headers: dict[str, str], body: Any) -> Question:
        """Read a question."""
        said = [each for each in body["messages"] if each["role"] == "user"]
        parts = [part for each in said for part in _parts(each["content"])]
        tools = [each["input_schema"] for each in body.get("tools", [])]
        form: dict[str, Any] = body.get("output_config", {}).get("format", {})
        return Question(
            path,
            headers,
            body,
            instructions="\n".join(part["text"] for part in _parts(body.get("system", ""))),
            texts=tuple(part["text"] for part in parts if part["type"] == "text"),
            pictures=tuple(base64.b64decode(part["source"]["data"]) for part in parts if part["type"] == "image"),
            schema=form.get("schema") or (tools[0] if tools else {}),
            turns=len(said),
        )

    def answer(self, question: Question, text: str, mood: Mood | None) -> Any:
        """Give an answer's body."""
        content: list[dict[str, Any]] = [{"type": "text", "text": text}]
        with contextlib.suppress(ValueError):
            if question.body.get("tools"):
                given = {"type": "tool_use", "id": "toolu_1", "name": "answer", "input": json.loads(text)}
                content = [given]
        ends = {"cut": "max_tokens", "refuses": "refusal"}
        body = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": question.body["model"],
            "content": [] if mood == "refuses" else content,
            "stop_reason": ends.get(mood or "", "end_turn"),
            "stop_sequence": None,
        }
        usage = {
            "input_tokens": _tokens(question) - CACHED,
            "output_tokens": len(text) // 4,
            "cache_read_input_tokens": CACHED,
            "cache_creation_input_tokens": 0,
        }
        return body | {"usage": {"input_tokens": 0, "output_tokens": 0} if mood == "tells_no_usage" else usage}


class Google:
    """Speak Gemini's generateContent."""

    key_headers = ("x-goog-api-key",)

    def speaks(self, path: str) -> bool:
        """Tell whether a path is of this format."""
        return path.partition("?")[0].endswith(":generateContent")

    def status(self, mood: str) -> int:
        """Give the status that a mood is told with."""
        return STATUSES[mood]

    def error(self, status: int, mood: str) -> Any:
        """Give an error's body."""
        kinds = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}
        return {"error": {"code": status, "message": f"{mood} {KEY}", "status": kinds.get(status, "UNAVAILABLE")}}

    def read(self, path: str, headers: dict[str, str], body: Any) -> Question:
        """Read a question."""
        said = [each for each in body["contents"] if each["role"] == "user"]
        parts = [part for each in said for part in each["parts"]]
        data = [part.get("inlineData") or part.get("inline_data") for part in parts]
        form: dict[str, Any] = body.get("generationConfig", {})
        told: dict[str, Any] = body.get("systemInstruction", {})
        return Question(
            path,
            headers,
            body,
            instructions="\n".join(part["text"] for part in told.get("parts", [])),
            texts=tuple(part["text"] for part in parts if "text" in part),
            pictures=tuple(base64.urlsafe_b64decode(each["data"]) for each in data if each),
            schema=form.get("responseJsonSchema") or form.get("responseSchema") or {},
            turns=len(said),
        )

    def answer(self, question: Question, text: str, mood: Mood | None) -> Any:
        """Give an answer's body."""
        ends = {"cut": "MAX_TOKENS", "refuses": "SAFETY"}
        candidate: dict[str, Any] = {"finishReason": ends.get(mood or "", "STOP"), "index": 0}
        if mood != "refuses":
            candidate["content"] = {"role": "model", "parts": [{"text": text}]}
        usage = {
            "promptTokenCount": _tokens(question),
            "candidatesTokenCount": len(text) // 4,
            "totalTokenCount": _tokens(question) + len(text) // 4,
            "cachedContentTokenCount": CACHED,
        }
        body = {"candidates": [candidate], "modelVersion": "gemini", "responseId": "r1"}
        return body if mood == "tells_no_usage" else body | {"usageMetadata": usage}


Wire = OpenAi | Anthropic | Google
WIRES: tuple[Wire, ...] = (OpenAi(), Anthropic(), Google())


def _parts(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _tokens(question: Question) -> int:
    return (len(question.instructions) + len(question.text)) // 4 + 1000 * len(question.pictures) + CACHED


@contextlib.asynccontextmanager
async def running_stand_in(mind: Mind) -> AsyncGenerator[StandIn]:
    """Run a stand-in on a free port of loopback."""
    stand_in = StandIn(mind)
    server = await asyncio.start_server(stand_in.serve, "127.0.0.1", 0)
    stand_in.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield stand_in
