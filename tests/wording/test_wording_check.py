"""What the check lets stand of a new text, and what not."""

import pytest
from hypothesis import given, settings, strategies

from cartage.wording.check import offences
from tests.wording.check_cases import CheckCase, check_cases

LANGUAGES = ["en", "ar", "de", "fr", "es", "it", "ja", None]
PIECES = strategies.sampled_from(
    [
        "500 ml",
        "1,299.50",
        "٥٠٠",
        "½",
        "cotton",
        "leather-free",
        "not",
        "waterproof",
        "قطن",
        "لتران",
        "مقاوم للماء",
        "WH-1000XM5",
        "in",
        '"',
        "'",
        "-",
        "/",
        "x",
        "×",
        "20",
        "30",
        "cm",
        "Italy",
        "evil.com",
        "a@b.co",
        ".",
        "\n",
        "1 200",
        "twenty",
        "five",
        "خمس",
        "وعشرون",
        "hundred",
        "and",
        "E27,E14",
        "2024-05-12",
        "3.2.1",
        "%",
        "$",
        "°",
        "free",
        "of",
    ]
)
TEXTS = strategies.one_of(
    strategies.text(max_size=60),
    strategies.lists(PIECES, max_size=14).map(" ".join),
    strategies.lists(PIECES, max_size=8).map("".join),
)
HOSTILE = ["1" * 20_000, "a-" * 8_000, "<" * 20_000, "[a](" * 5_000, "twenty-" * 3_000, "a.b." * 5_000, "@" * 20_000]


@pytest.mark.parametrize("case", check_cases(), ids=lambda case: case.line)
def test_what_a_text_adds_is_found(case: CheckCase) -> None:
    """Each line of tests/cases/new_texts.txt: what the source does not say, as written, and nothing else."""
    found = offences(case.text, case.language, case.source, case.source_language)

    assert {(each.kind, each.found) for each in found} == set(case.added)


def test_the_table_is_large() -> None:
    """The table holds refused and accepted texts in plenty, true translations among them."""
    cases = check_cases()

    assert len(cases) >= 250
    assert sum(not case.added for case in cases) >= 100
    assert sum(bool(case.added) for case in cases) >= 100
    assert sum(not case.added and case.language != case.source_language for case in cases) >= 60


@given(TEXTS, strategies.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_text_never_adds_to_itself(text: str, language: str | None) -> None:
    """Whatever a text says, it is its own source; nothing but markup is refused of it."""
    assert [each for each in offences(text, language, text, language) if each.kind != "markup"] == []


def test_the_sentence_is_shown_as_written() -> None:
    """An offence shows the one sentence that it stands in, with capitals, marks and digits as they were."""
    text = "A cotton bag. It holds ٢٠ litres! Soft."

    (offence,) = offences(text, "en", "A cotton bag.", "en")

    assert (offence.kind, offence.found, offence.sentence) == ("number", "٢٠ litres", "It holds ٢٠ litres!")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8])
def test_a_hostile_text_is_judged(text: str) -> None:
    """Text made to be slow is judged like any other, within the suite's limit of time."""
    found = offences(text, "en", "A bag.")

    assert all(each.found in each.sentence and each.sentence in text for each in found)
