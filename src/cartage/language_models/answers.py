"""Reading a model's answer: the JSON in it, held against the form that was asked for."""

import json
import re
from typing import Any, TypeVar

from pydantic import ValidationError

from cartage.model.product import Value

T = TypeVar("T", bound=Value)

FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*?)```", re.DOTALL | re.IGNORECASE)
MOST_FAULTS = 5


class Unreadable(ValueError):
    """The answer is not of the form that was asked for; the text says why, for the model to mend."""


def read_answer(text: str, form: type[T]) -> T:
    """Read an answer, also out of a code fence or from among other words; raises `Unreadable`."""
    found = _json_in(text)
    if not isinstance(found, dict):
        raise Unreadable("The answer is not one JSON object.")
    try:
        return form.model_validate(found, extra="ignore")
    except ValidationError as error:
        faults = [f"{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:MOST_FAULTS]]
        raise Unreadable("; ".join(faults)) from error


def _json_in(text: str) -> Any:
    fenced = FENCED.search(text)
    inner = text[text.find("{") : text.rfind("}") + 1]
    for candidate in (text, fenced[1] if fenced else "", inner):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return None
