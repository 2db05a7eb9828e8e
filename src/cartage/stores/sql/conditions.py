"""Filters as SQL: what each word asks of a product, and of an import."""

import json
from collections.abc import Callable, Mapping

from sqlalchemy import Column, ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from cartage.model.catalogue import ImportState, Status
from cartage.model.filtering import Archived, Change, Filter, Standing, Term, Word
from cartage.model.span import end_of, is_age, moment_of
from cartage.stores.sql.pauses import is_paused
from cartage.stores.sql.tables import batch_rows, imports, product_history, products

Condition = Callable[[str], ColumnElement[bool]]

UNDER_WAY = (ImportState.QUEUED.value, ImportState.RUNNING.value)
OWN_WORDS = {Word.STATUS, Word.ERROR, Word.BATCH, Word.ACTION, Word.SINCE, Word.UNTIL}
WHOLE = (Status.IMPORTED.value, Status.ENHANCED.value)


def of_products(wanted: Filter) -> ColumnElement[bool]:
    """Give what a filter asks of a row of `products`."""
    words = {
        **SHARED,
        Word.STATUS: _product_status,
        Word.ERROR: _product_error,
        Word.BATCH: _in_batch,
        Word.ACTION: _acted_on,
    }
    fits = _all(wanted, words)
    return fits if wanted.asks(Word.ARCHIVED) else and_(fits, products.c.archived_at.is_(None))


def of_imports(wanted: Filter) -> ColumnElement[bool]:
    """Give what a filter asks of a row of `imports` joined with its product."""
    words = {
        **SHARED,
        Word.STATUS: _import_status,
        Word.ERROR: _import_error,
        Word.BATCH: _of_batch,
        Word.ACTION: _of_action,
    }
    return _all(wanted, words, imports)


def only_of_imports(wanted: Filter) -> bool:
    """Tell whether a filter asks nothing of an import's product."""
    own = all(term.word in OWN_WORDS for term in wanted.terms)
    return own and not any(Standing.ENHANCED in term.values for term in wanted.terms)


def _all(wanted: Filter, words: Mapping[Word, Condition], came_in: FromClause = products) -> ColumnElement[bool]:
    conditions: dict[Word, Condition] = {
        **words,
        Word.SINCE: lambda value: came_in.c.created_at >= moment_of(value, wanted.at),
        Word.UNTIL: lambda value: came_in.c.created_at < end_of(value, wanted.at),
        Word.CHANGED: lambda value: _changed(value, wanted),
    }
    return and_(true(), *(_term(term, conditions[term.word]) for term in wanted.terms))


def _term(term: Term, condition: Condition) -> ColumnElement[bool]:
    any_fits = or_(false(), *(condition(value) for value in term.values))
    return ~any_fits if term.turned else any_fits


def _product_status(value: str) -> ColumnElement[bool]:
    importing = products.c.status == Status.IMPORTING.value
    match Standing(value):
        case Standing.QUEUED | Standing.RUNNING | Standing.PAUSED:
            present = and_(imports.c.id == products.c.import_id, _import_status(value))
            return and_(importing, exists(select(imports.c.id).where(present)))
        case Standing.SUCCEEDED:
            return products.c.status.in_(WHOLE)
        case _:
            return products.c.status == value.upper()


def _import_status(value: str) -> ColumnElement[bool]:
    match Standing(value):
        case Standing.IMPORTING:
            return imports.c.state.in_(UNDER_WAY)
        case Standing.PAUSED:
            return and_(imports.c.state == ImportState.QUEUED.value, is_paused())
        case Standing.IMPORTED | Standing.SUCCEEDED:
            return imports.c.state == ImportState.SUCCEEDED.value
        case Standing.ENHANCED:
            present = imports.c.id == products.c.import_id
            return and_(present, products.c.status == Status.ENHANCED.value)
        case _:
            return imports.c.state == value


def of_site(column: Column[str], site: str) -> ColumnElement[bool]:
    """Ask of a column whether it names a site, or a subdomain of it."""
    return or_(column == site, column.endswith(f".{site}", autoescape=True))


def _changed(value: str, wanted: Filter) -> ColumnElement[bool]:
    own = product_history.c.product_id == products.c.id
    if is_age(value):
        earlier = product_history.alias("earlier")
        before = exists(
            select(earlier.c.at).where(
                earlier.c.product_id == product_history.c.product_id, earlier.c.at < product_history.c.at
            )
        )
        recent = product_history.c.at >= moment_of(value, wanted.at)
        return exists(select(product_history.c.at).where(own, recent, before))
    seen = product_history.c.price if value == Change.PRICE.value else product_history.c.availability
    kinds = select(func.count(func.distinct(func.coalesce(seen, "")))).where(own)
    return kinds.scalar_subquery() > 1


def _product_error(value: str) -> ColumnElement[bool]:
    return products.c.error == value


def _import_error(value: str) -> ColumnElement[bool]:
    return imports.c.error == value


def _in_batch(value: str) -> ColumnElement[bool]:
    return products.c.id.in_(
        select(batch_rows.c.product_id).where(batch_rows.c.batch_id == value, batch_rows.c.product_id.is_not(None))
    )


def _of_batch(value: str) -> ColumnElement[bool]:
    return func.coalesce(imports.c.batch_id, "") == value


def _of_action(value: str) -> ColumnElement[bool]:
    return func.coalesce(imports.c.action_id, "") == value


def _acted_on(value: str) -> ColumnElement[bool]:
    present = and_(imports.c.id == products.c.import_id, imports.c.action_id == value)
    archived = func.coalesce(products.c.archived_by, "") == value
    return or_(archived, exists(select(imports.c.id).where(present)))


def _archived(value: str) -> ColumnElement[bool]:
    match Archived(value):
        case Archived.ANY:
            return true()
        case Archived.YES:
            return products.c.archived_at.is_not(None)
        case Archived.NO:
            return products.c.archived_at.is_(None)


SHARED: Mapping[Word, Condition] = {
    Word.SITE: lambda value: of_site(products.c.site, value),
    Word.BRAND: lambda value: products.c.brand_key == value.casefold(),
    Word.MISSING: lambda value: products.c.lacks.contains(f'"{value}"', autoescape=True),
    Word.REVIEW: lambda value: products.c.review == value,
    Word.PICTURES: lambda value: products.c.pictured == value,
    Word.TAG: lambda value: products.c.tag_keys.contains(
        json.dumps(value.casefold(), ensure_ascii=False), autoescape=True
    ),
    Word.ID: lambda value: products.c.id == value,
    Word.EXTERNAL_ID: lambda value: and_(products.c.external_id.is_not(None), products.c.external_id == value),
    Word.ARCHIVED: _archived,
    Word.TEXT: lambda value: products.c.searched.contains(value.casefold(), autoescape=True),
}
