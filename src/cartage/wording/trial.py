"""What a language model is asked when it is tried out: the smallest question about a product that has one answer."""

from cartage.language_model import Question
from cartage.model.product import Value

INSTRUCTIONS = "A shop names a product. Answer with the colour that its name tells, as one word in lower case."
NAMED = "Enamel camp mug, red, 350 ml"
MOST_TOKENS = 1000  # models that think first count their thoughts


class Colour(Value):
    """Name the colour that a product's name tells."""

    colour: str


QUESTION = Question(INSTRUCTIONS, [NAMED], Colour, MOST_TOKENS)
