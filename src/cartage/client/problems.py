"""Problems that the API replies with, as the errors that the library itself raises."""

import functools
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from importlib import import_module

import httpx2
from pydantic import ValidationError

from cartage import model
from cartage.model.access import Forbidden
from cartage.model.client_errors import InstallationUnreachable, ReplyUnreadable, RequestFailed
from cartage.model.errors import CartageError, Conflict, InvalidInput, NotAuthenticated, NotFound
from cartage.model.request_errors import Stale, TooManyRequests
from cartage.wire.problem import Problem

BY_STATUS: Mapping[int, type[CartageError]] = {
    HTTPStatus.UNAUTHORIZED: NotAuthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.PRECONDITION_FAILED: Stale,
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidInput,
    HTTPStatus.TOO_MANY_REQUESTS: TooManyRequests,
}


class ProblemReply(Exception):
    """Hold a problem as it was replied, with the fields at fault and the trace id; it is the error's `__cause__`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail} (trace {problem.trace_id})")
        self.problem = problem


def check(reply: httpx2.Response) -> None:
    """Raise the error that a reply stands for, as the library would; its `__cause__` is the `ProblemReply`.

    A code that this client does not know becomes the error of the reply's status, or `RequestFailed`. What is no
    problem of Cartage's raises `ReplyUnreadable`.
    """
    if reply.is_success:
        return
    try:
        problem = Problem.model_validate_json(reply.content)
    except ValidationError as error:
        detail = f"{reply.url.host} answered {reply.status_code} without saying why."
        raise ReplyUnreadable(detail) from error
    kind = _known().get(problem.code) or BY_STATUS.get(reply.status_code, RequestFailed)
    raise _made(kind, problem) from ProblemReply(problem)


def unreachable(error: httpx2.TransportError, url: httpx2.URL) -> InstallationUnreachable:
    """Make the error for an installation that did not answer."""
    return InstallationUnreachable(f"Cartage at {url} does not answer: {str(error) or type(error).__name__}.")


def _made(kind: type[CartageError], problem: Problem) -> CartageError:
    if issubclass(kind, InvalidInput) and problem.errors:
        told = "; ".join(f"{each.pointer}: {each.detail}" for each in problem.errors if each.detail != problem.detail)
        detail = f"{problem.detail.rstrip('.')}: {told}" if told else problem.detail
        return kind(detail, problem.errors[0].pointer)
    return kind(problem.detail)


@functools.cache
def _known() -> Mapping[str, type[CartageError]]:
    for module in pkgutil.iter_modules(model.__path__):
        import_module(f"{model.__name__}.{module.name}")
    known: dict[str, type[CartageError]] = {}
    for kind in _kinds(CartageError):
        if "detail" in inspect.signature(kind).parameters:
            known.setdefault(kind.code, kind)
    return known


def _kinds(parent: type[CartageError]) -> Iterator[type[CartageError]]:
    for kind in parent.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from _kinds(kind)
