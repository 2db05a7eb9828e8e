"""What can go wrong with enhancement, beside what can go wrong with language models."""

from cartage.model.failure import Origin, Permanent, Refused


class TextRefused(Permanent):
    """The language model's text says what its source does not say."""

    code = "text_refused"
    origin = Origin.PROVIDER
    advice = "The sentences are shown beside the text. Run the task again, or write the text by hand."


class EnhancementSuperseded(Permanent):
    """A newer import of the product took the place of the enhancement."""

    code = "enhancement_superseded"
    advice = "The newer import is enhanced instead."


class EnhancementLost(Permanent):
    """The enhancement was lost by the engine."""

    code = "enhancement_lost"
    advice = "Run it again. If it happens again, please report it."


class EnhancementOff(Refused):
    """There is no language model, or nothing that it should write."""

    code = "enhancement_off"
    advice = "The operator names a language model in CARTAGE_MODEL; an admin chooses tasks in the settings."
