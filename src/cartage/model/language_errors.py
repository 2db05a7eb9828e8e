"""What can go wrong between us and a language model; what was used up all the same comes with the error."""

from cartage.model.failure import Origin, TryAnother, TryLater
from cartage.model.language import Usage


class ModelUnavailable(TryLater):
    """The language model is overloaded, has a problem of its own, or cannot be reached."""

    code = "model_unavailable"
    origin = Origin.PROVIDER
    advice = "It is asked again by itself."


class ModelRateLimited(TryLater):
    """The language model's provider asks us to slow down."""

    code = "model_rate_limited"
    origin = Origin.PROVIDER
    advice = "It is asked again by itself."


class ModelKeyRefused(TryAnother):
    """The language model's provider does not accept our key."""

    code = "model_key_refused"
    origin = Origin.PROVIDER
    advice = "The operator should check CARTAGE_MODEL_KEY."


class ModelQuotaSpent(TryAnother):
    """Our account with the language model's provider has no credit left."""

    code = "model_quota_spent"
    origin = Origin.PROVIDER
    advice = "The operator should top up the account, or raise its spending limit."


class ModelNotFound(TryAnother):
    """The provider has no language model of this name."""

    code = "model_not_found"
    origin = Origin.PROVIDER
    advice = "The operator should check CARTAGE_MODEL and CARTAGE_MODEL_URL."


class QuestionRejected(TryAnother):
    """The language model cannot take the question: too long, or a kind of content that it does not read."""

    code = "model_question_rejected"
    origin = Origin.PROVIDER
    advice = "Fill in what is missing by hand, or choose another model."


class ModelRefused(TryAnother):
    """The language model declines to answer."""

    code = "model_refused"
    origin = Origin.PROVIDER
    advice = "Fill in what is missing by hand, or choose another model."

    def __init__(self, detail: str, usage: Usage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage


class AnswerUnusable(TryAnother):
    """The language model's answer broke off, or is not in the form that was asked for, even after one repair."""

    code = "model_answer_unusable"
    origin = Origin.PROVIDER
    advice = "Fill in what is missing by hand, or choose another model."

    def __init__(self, detail: str, usage: Usage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage
