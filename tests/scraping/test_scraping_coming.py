"""What an import may still do, in words that screens and programs share."""

import pytest

from cartage.scraping.coming import IF_NEEDED, Coming, first_of, to_come
from tests.contracts.records import a_product, a_step, an_import

PLANNED = ("try shop_api 1", "try direct 1", "fill 1", "save")


def test_before_it_begins_all_but_the_first_try_may_not_be_needed() -> None:
    """The first provider and the saving are sure, the others and the language model only where needed."""
    coming = to_come(an_import(a_product("mer_1"), planned=PLANNED), [])

    assert coming == [
        Coming("try shop_api 1"), Coming("try direct 1", IF_NEEDED), Coming("fill 1", IF_NEEDED), Coming("save"),
    ]  # fmt: skip


def test_a_rest_before_another_try_has_begun_its_provider() -> None:
    """A provider that rests is not to come once more."""
    import_ = an_import(a_product("mer_1"), planned=PLANNED)

    coming = to_come(import_, [a_step(import_.id, "try shop_api 1"), a_step(import_.id, "wait for direct 2")])

    assert [each.name for each in coming] == ["fill 1", "save"]


@pytest.mark.parametrize(
    ("step", "first"),
    [
        ("try direct 3", "try direct 1"),
        ("wait for direct 2", "try direct 1"),
        ("wait for language_model 2", "fill 1"),
        ("fill 2", "fill 1"),
        ("save", "save"),
    ],
)
def test_a_step_goes_on_with_the_first_of_its_kind(step: str, first: str) -> None:
    """Tries and rests of one provider, or of the language model, are one."""
    assert first_of(step) == first
