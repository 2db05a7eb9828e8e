"""What steps and providers do, in words that a person reads; the doors translate them."""

from collections.abc import Callable

PROVIDERS = {
    "direct": "Read the page directly",
    "shop_api": "Ask the shop's own product data",
    "browser": "Open the page in a browser",
    "kept": "Read the page we kept",
    "pasted": "Read the HTML you pasted",
    "language_model": "Ask the language model",
    "model_trial": "Try the language model",
    "enhance": "Write texts",
    "apify": "Ask Apify",
    "firecrawl": "Ask Firecrawl",
    "oxylabs": "Ask Oxylabs",
    "zyte": "Ask Zyte",
    "pictures": "Fetch the pictures",
}
STEPS = {
    "try pictures": "Fetch the pictures",
    "fill": "Ask the language model for what is missing",
    "wait": "Wait before the next try",
    "save": "Save the product",
}
AGAIN = "%(step)s, again"


def step_title(name: str, say: Callable[[str], str] = str) -> str:
    """Say in words what a step such as `try direct 2` does; `say` translates a sentence."""
    match name.split():
        case ["try", provider, "1"]:
            return provider_title(provider, say)
        case ["try", provider, number] if number.isdecimal():
            return say(AGAIN) % {"step": provider_title(provider, say)}
        case [word, *_]:
            return say(STEPS.get(name) or STEPS.get(word, name))
        case _:
            return name


def provider_title(provider: str, say: Callable[[str], str] = str) -> str:
    """Say in words what a provider does."""
    return say(PROVIDERS.get(provider, provider.replace("_", " ").capitalize()))
