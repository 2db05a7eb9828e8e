"""What a failed question means, as our own errors; a provider's sentences may repeat our key, its codes do not."""

from pydantic_ai import exceptions

from cartage.fetching.services import plain
from cartage.model.errors import CartageError
from cartage.model.language_errors import (
    AnswerUnusable,
    ModelKeyRefused,
    ModelNotFound,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRefused,
    ModelUnavailable,
    QuestionRejected,
)

OVERLOADED_FROM = 500
KEY_STATUSES = {401, 403}
# The most telling first: a spent quota and a missing model are told as refusals of the request too.
MEANINGS: tuple[tuple[type[Exception], type[CartageError]], ...] = (
    (exceptions.ModelRateLimitError, ModelRateLimited),
    (exceptions.ModelQuotaExceededError, ModelQuotaSpent),
    (exceptions.ModelAuthenticationError, ModelKeyRefused),
    (exceptions.ModelNotFoundError, ModelNotFound),
    (exceptions.ModelUnavailableError, ModelUnavailable),
    (exceptions.ModelServerError, ModelUnavailable),
    (exceptions.ModelConnectionError, ModelUnavailable),
    (exceptions.ContentFilterError, ModelRefused),
    (exceptions.UnexpectedModelBehavior, AnswerUnusable),
)


def named(error: Exception, model: str) -> CartageError:
    """Name the error that a question to `model` ended in."""
    if inner := _our_own(error):
        return ModelUnavailable(f"{model} cannot be reached: {inner.code}.")
    kind = next((meaning for known, meaning in MEANINGS if isinstance(error, known)), None) or _by_status(error)
    told = _told(error, model)
    if issubclass(kind, ModelRateLimited | ModelUnavailable):
        return kind(told, getattr(error, "retry_after", None))
    return kind(told)


def _by_status(error: Exception) -> type[CartageError]:
    status = getattr(error, "status_code", None)
    if status is None:
        return AnswerUnusable
    if status >= OVERLOADED_FROM:
        return ModelUnavailable
    return ModelKeyRefused if status in KEY_STATUSES else QuestionRejected


def _told(error: Exception, model: str) -> str:
    status = getattr(error, "status_code", None)
    code = getattr(error, "provider_error_code", None) or getattr(error, "provider_error_type", None) or ""
    words = plain(str(code))
    if status is None:
        return f"{model} gave no answer that can be read{f' ({words})' if words else ''}."
    return f"{model} answered with status {status}{f' ({words})' if words else ''}."


def _our_own(error: BaseException | None) -> CartageError | None:
    while error is not None:
        if isinstance(error, CartageError):
            return error
        error = error.__cause__ or error.__context__
    return None
