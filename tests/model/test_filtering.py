"""The filter language: what it reads, how it refuses, and how it is completed."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartage.model.filtering import Filter, FilterInvalid, Term, Word, complete, error_codes, parse_filter
from cartage.model.span import end_of, moment_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """Read a filter as plain tuples."""
    return [(term.word.value, term.values, term.turned) for term in parse_filter(text, NOON).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("linen  shirt", [("q", ("linen",), False), ("q", ("shirt",), False)]),
        ("status:FAILED", [("status", ("failed",), False)]),
        ("status:failed,queued", [("status", ("failed", "queued"), False)]),
        ("-error:cancelled", [("error", ("cancelled",), True)]),
        ("site:https://www.Shop.example/p/1", [("site", ("shop.example",), False)]),
        ('brand:"Lumen & Daughters"', [("brand", ("Lumen & Daughters",), False)]),
        ('brand:"A, B",C', [("brand", ("A, B", "C"), False)]),
        ('"status: unknown"', [("q", ("status: unknown",), False)]),
        ("-draft", [("q", ("draft",), True)]),
        ("https://shop.example/p?a=b", [("q", ("https://shop.example/p?a=b",), False)]),
        ("missing:price changed:7d since:24h", [
            ("missing", ("price",), False), ("changed", ("7d",), False), ("since", ("24h",), False)]),
        ('an "open quote', [("q", ("an",), False), ("q", ("open quote",), False)]),
        ("since:2026-11-01 until:2026-11-20t14:00 until:2W", [
            ("since", ("2026-11-01",), False), ("until", ("2026-11-20T14:00",), False), ("until", ("2w",), False)]),
        ("10:30", [("q", ("10:30",), False)]),
        ("STATUS:failed review:Needed", [("status", ("failed",), False), ("review", ("needed",), False)]),
        ("كوب batch:bat_1", [("q", ("كوب",), False), ("batch", ("bat_1",), False)]),
    ],
)  # fmt: skip
def test_a_filter_is_read(text: str, terms: list[tuple[str, tuple[str, ...], bool]]) -> None:
    """Words, values, quotes, minus and plain text mean what they look like."""
    assert read(text) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stauts:failed", "There is no `stauts:` to filter by; there are `status:`, `site:`"),
        ("stauts:failed", "Did you mean `status:`?"),
        ("status:faild", "`status:` does not know 'faild'; it knows queued, running"),
        ("status:faild", "Did you mean `failed`?"),
        ("error:not_fond", "Did you mean `not_found`?"),
        ("missing:colour", "it knows name, brand"),
        ("changed:soon", "it knows price, stock, an age such as 24h or 7d"),
        ("since:yesterday", "it knows an age such as 24h or 7d or a day such as 2026-11-20"),
        ("until:2026-02-30", "it knows an age such as 24h or 7d or a day such as 2026-11-20"),
        ("changed:2026-11-20", "it knows price, stock, an age such as 24h or 7d"),
        ("site:", "`site:` has no value; name a site"),
        ("brand:,", "`brand:` has no value; name a brand"),
        ("a " * 40, "at most 30 terms"),
        ("a" * 9000, "at most 8000 characters"),
    ],
)
def test_what_cannot_be_read_names_the_word_and_what_there_is(text: str, said: str) -> None:
    """An error names the wrong word, offers the right ones, and the nearest."""
    with pytest.raises(FilterInvalid) as refused:
        parse_filter(text, NOON)

    assert said in refused.value.detail


@given(
    st.lists(
        st.builds(
            Term,
            word=st.sampled_from([Word.TEXT, Word.BRAND]),
            values=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=3, unique=True).map(tuple),
            turned=st.booleans(),
        ),
        max_size=6,
    )
)
def test_a_filter_reads_back_as_it_was_written(terms: list[Term]) -> None:
    """Whatever was read and written again is read as the same, so that a link keeps what it means."""
    try:
        first = parse_filter(str(Filter(terms=tuple(terms))), NOON)
    except FilterInvalid:
        return

    assert parse_filter(str(first), NOON) == first


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text does anything else than give a filter or the one error."""
    with contextlib.suppress(FilterInvalid):
        assert parse_filter(text, NOON).at == NOON


def test_ages_count_back_from_a_moment() -> None:
    """Hours, days and weeks."""
    assert moment_of("24h", NOON) == NOON - timedelta(days=1)
    assert moment_of("7d", NOON) == moment_of("1w", NOON) == NOON - timedelta(days=7)


def test_a_day_is_meant_whole() -> None:
    """It begins at midnight UTC; as an end, all its hours are within. A time is a moment."""
    midnight = datetime(2026, 11, 20, tzinfo=UTC)

    assert moment_of("2026-11-20", NOON) == midnight
    assert end_of("2026-11-20", NOON) == midnight + timedelta(days=1)
    assert end_of("2026-11-20T14:00", NOON) == moment_of("2026-11-20T14:00", NOON) == midnight + timedelta(hours=14)
    assert end_of("24h", NOON) == moment_of("24h", NOON)


def test_a_word_is_set_anew_and_taken_away() -> None:
    """Links of a page change one word and keep the others."""
    wanted = parse_filter("status:failed mug", NOON)

    assert str(wanted.having(Word.STATUS, "imported")) == "mug status:imported"
    assert str(wanted.having(Word.STATUS)) == "mug"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("st", ["status:"]),
        ("mug -re", ["mug -review:"]),
        ("status:fa", ["status:failed"]),
        ("status:failed,que", ["status:failed,queued"]),
        ("brand:lum", ['brand:"Lumen & Daughters"']),
        ("error:", ["error:timeout"]),
        ("since:", ["since:24h", "since:7d", "since:30d"]),
        ("colour:re", []),
    ],
)
def test_the_last_word_is_completed(text: str, offered: list[str]) -> None:
    """Completion gives whole filters, with the merchant's own values."""
    known = {Word.BRAND: ["Lumen & Daughters", "Oak"], Word.ERROR: ["timeout"]}

    assert complete(text, known) == offered


def test_every_failure_of_an_import_can_be_filtered_by() -> None:
    """Codes of sites, providers and our own are all there."""
    assert {"not_found", "bot_challenge", "cancelled", "budget_reached", "robots_disallowed"} <= set(error_codes())
