"""Bring the catalogues of the pages' sentences up to date; `make docs` runs it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from cartage.exports.known import TARGETS
from cartage.exports.lint import CODES
from cartage.model import (
    access,
    enhancement_errors,
    errors,
    export,
    feed,
    filtering,
    language_errors,
    machine_errors,
    request_errors,
    service_errors,
    visit_errors,
)
from cartage.model.access import Role
from cartage.model.export import TargetSettings
from cartage.model.failure import CartageError
from cartage.scraping import coming, skipping, titles
from cartage.settings import Settings
from cartage.web import (
    answers,
    arranging,
    costs,
    editing,
    facets,
    feeds,
    general,
    installation,
    mending,
    refreshing,
    upkeep,
    words,
)
from cartage.web.language import FOLDER, LANGUAGES, OWN
from cartage.web.rendering import COUNTED
from cartage.web.rendering import FOLDER as TEMPLATES
from cartage.web.words import UNKNOWN_FAILURE, error_title
from docs.details import details

ERRORS = (
    access, enhancement_errors, errors, export, feed, filtering, language_errors, machine_errors, request_errors,
    service_errors, visit_errors,
)  # fmt: skip
PAGES = TEMPLATES.parent
TABLES = (
    "SIDES", "STATUSES", "IMPORT_STATES", "STEP_STATES", "PROVIDERS", "STEPS", "VERDICTS", "FIELDS", "FIELD_TITLES",
    "SORTS", "BULK_ACTS", "AVAILABILITIES", "CONDITIONS", "SOURCES", "ORIGINS", "ROW_STATUSES",
    "TASKS", "TASKS_TOLD", "TEXT_FIELDS", "ENHANCEMENT_STATES", "OFFENCES", "ACTS", "DELIMITERS",
    "ENCODINGS", "BULK_STATES", "COPIES", "CHECKS", "HINDRANCES", "BULK_LEGEND", "CHOICES", "UNITS", "TARGET_SETTINGS",
    "GROUPS", "RENEWALS", "SCOPES", "WHEN_GONE", "SEVERITIES", "RENDERS", "COLUMNS", "STEP_SIDES", "MESSAGES",
    "DELIVERY_STATES", "USES",
)  # fmt: skip
PLAIN = (
    UNKNOWN_FAILURE,
    titles.AGAIN,
    "A test",
    "new",
    "gone",
    "changed",
    "%(count)s min",
    "%(count)s h",
    "%(count)s days",
)


def sentences() -> Catalog:
    """Gather what the pages say: the templates' marked texts, the tables of words, and the errors'."""
    found = Catalog()
    for path in sorted(TEMPLATES.glob("*.html")):
        for _, function, message in environment().extract_translations(path.read_text()):
            forms = (message,) if isinstance(message, str) else [each for each in message if each]
            found.add(tuple(forms[:2]) if function == "ngettext" else forms[0])
    for message in filter(None, (*PLAIN, *_called(), *_words(), *_troubles(), *_errors())):
        found.add(message)
    for forms in COUNTED.values():
        found.add(forms)
    return found


def environment() -> Any:
    """Make an environment that reads marked texts as the pages' own does."""
    return Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)


def details_told() -> Catalog:
    """Gather the sentences of errors, findings and steps that the pages do not say themselves."""
    own, found = sentences(), Catalog()
    for message in details():
        if message.replace("%%", "%") not in own:
            found.add(message)
    return found


def update(path: Path, language: str, said: Catalog) -> None:
    """Write a catalogue anew: new sentences without a translation, gone ones left out."""
    kept = Catalog(language)
    if path.exists():
        with path.open("rb") as file:
            kept = read_po(file, locale=language)
    fresh = Catalog(language, project="Cartage", fuzzy=False, creation_date=kept.creation_date)
    fresh.header_comment = "# The pages of Cartage."
    for message in said:
        if message.id:
            known = kept.get(message.id if isinstance(message.id, str) else message.id[0])
            fresh.add(message.id, known.string if known else "")
    with path.open("wb") as file:
        write_po(file, fresh, sort_output=True, width=0, no_location=True)


def _called() -> Iterator[str]:
    for path in sorted(PAGES.glob("*.py")):
        with path.open("rb") as file:
            yield from (str(message) for _, message, _, _ in extract("python", file, keywords={"gettext": None}))


def _words() -> Iterator[str]:
    for name, _ in (*facets.PRODUCT_FACETS, *facets.IMPORT_FACETS):
        yield name
    yield from (*refreshing.PERIODS.values(), *feeds.PERIODS.values(), feeds.UNUSABLE)
    yield from (*upkeep.KEPT_DAYS.values(), *costs.TITLES.values(), *costs.CAPS.values())
    yield from (mending.FIX, *mending.CALLED.values(), costs.FETCHING, *costs.STEPS.values())
    yield from (
        arranging.NONE_LEFT,
        arranging.TOO_LONG,
        editing.CHANGED,
        *skipping.REASONS,
        coming.IF_NEEDED,
        general.NO_WORKER,
        general.START_ONE,
        *(Settings.model_fields[name].description or "" for name in installation.SHOWN),
        *(each.value for each in Role),
    )
    for table in TABLES:
        for entry in getattr(words, table).values():
            yield entry[0] if isinstance(entry, tuple) else entry
    described = (words.SCOPES, words.BULK_ACTS, words.GROUPS, words.RENEWALS, words.WHEN_GONE)
    for _, *forms in (entry for table in described for entry in table.values()):
        yield from forms
    yield from _exporting()


def _exporting() -> Iterator[str]:
    for code in CODES.values():
        yield from (code.meaning, code.fix)
    for target in TARGETS.values():
        yield from (target.title, target.about)
    yield from (field.description or "" for field in TargetSettings.model_fields.values())


def _troubles() -> Iterator[str]:
    for trouble in (answers.MISSING, answers.BROKEN):
        yield from (trouble.title, trouble.detail, trouble.advice)
    for title, advice in answers.REFUSED.values():
        yield from (title, advice)
    yield from ("That did not work", "Go back.", "A part of the address is not as it should be.")


def _errors() -> Iterator[str]:
    for module in ERRORS:
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, CartageError) and "code" in vars(kind):
                yield error_title(kind.code)
                yield from filter(None, [kind.advice])


if __name__ == "__main__":
    for tongue in LANGUAGES:
        if tongue != OWN:
            FOLDER.mkdir(exist_ok=True)
            update(FOLDER / f"{tongue}.po", tongue, sentences())
            update(FOLDER / f"{tongue}.details.po", tongue, details_told())
