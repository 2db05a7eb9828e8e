"""Templates: one environment that escapes everything, and the filters that put values into words."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cartage.exports.lint import is_below_cost
from cartage.imports.pausing import pause_of
from cartage.model.batch import Batch
from cartage.model.catalogue import Attempt, CatalogueProduct
from cartage.model.merchant import UNSAID
from cartage.model.pause import Pause, holding
from cartage.model.picture import Picture
from cartage.model.product import Image, Money
from cartage.model.spending import DOLLAR
from cartage.model.traits import host_of
from cartage.web import words
from cartage.web.assets import asset_url
from cartage.web.evidence import EVIDENCE
from cartage.web.language import LANGUAGES, Spoken, direction, gettext, language_of, ngettext, speaking, spoken
from cartage.web.measures import measuring, weight
from cartage.web.sentences import told

FOLDER = Path(__file__).parent / "templates"
COUNTED = {
    "day": ("%(count)s day", "%(count)s days"),
    "combination": ("%(count)s combination", "%(count)s combinations"),
    "picture": ("%(count)s picture", "%(count)s pictures"),
    "row": ("%(count)s row", "%(count)s rows"),
    "site": ("%(count)s site", "%(count)s sites"),
    "variant": ("%(count)s variant", "%(count)s variants"),
    "try": ("%(count)s try", "%(count)s tries"),
    "product": ("%(count)s product", "%(count)s products"),
    "price": ("%(count)s price", "%(count)s prices"),
    "error": ("%(count)s error", "%(count)s errors"),
    "warning": ("%(count)s warning", "%(count)s warnings"),
    "file": ("%(count)s file", "%(count)s files"),
}
TICKED = re.compile(r"`([^`]+)`")
SIZES = (("gigabyte", 1_000_000_000), ("megabyte", 1_000_000), ("kilobyte", 1000))
SIGN_AFTER_LETTERS = re.compile(r"(?<=[A-Z])[^\w\s]$")  # from the right, US$ would become $US
LETTER_THEN_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")
SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 86400


def page(request: Request, template: str, code: int = 200, /, **context: Any) -> HTMLResponse:
    """Render a whole page for whoever asks."""
    return HTMLResponse(fragment(request, template, **context), code)


def fragment(request: Request, template: str, /, **context: Any) -> str:
    """Render a template with what every page knows: the visitor, the address and the language."""
    visitor = getattr(request.state, "visitor", None)
    language = language_of(request)
    about_page = {"path": request.url.path, "language": language, "direction": direction(language)}
    about_page["came_from"] = _way_back(request)
    with speaking(language), measuring(visitor.merchant if visitor else UNSAID):
        return environment().get_template(template).render(visitor=visitor, **(about_page | context))


def _way_back(request: Request) -> str:
    """Give where the page can be had again: a form's answer only by the page that the form was on."""
    parts = urlsplit(str(request.url) if request.method == "GET" else request.headers.get("referer", ""))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@cache
def environment() -> Environment:
    """Make the environment, once; an unknown name in a template is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "ago": ago,
        "answers": answers,
        "said": told,
        "batch_title": batch_title,
        "cost": cost,
        "counted": counted,
        "duration": duration,
        "host": host,
        "money": money,
        "weight": weight,
        "in_dollars": in_dollars,
        "number": number,
        "day": day,
        "days_since": days_since,
        "roughly": roughly,
        "spent": spent,
        "size": size,
        "ticked": ticked,
        "about": about,
        "between": between,
        "path_of": path_of,
        "utc": utc,
        "web_link": web_link,
        "act": words.act,
        "step_title": words.step_title,
        "provider_title": words.provider_title,
        "failure_title": words.failure_title,
        "failure_told": words.failure_told,
        "finding_title": words.finding_title,
        "error_title": words.error_title,
        "error_advice": words.error_advice,
        "error_origin": words.error_origin,
        "fields_in_words": words.fields_in_words,
        "tasks_in_words": words.tasks_in_words,
    }
    names: dict[str, Any] = {
        **EVIDENCE,
        "asset": asset_url,
        "is_below_cost": is_below_cost,
        "shots_of": shots_of,
        "thumbnail_of": thumbnail_of,
        "languages": LANGUAGES,
        "words": Spoken(words),
    }
    cast("Any", made).install_gettext_callables(gettext, ngettext, newstyle=True)
    made.filters.update(filters | IMPORTS)
    made.globals.update(names)
    return made


def money(value: Money) -> str:
    """Write an amount with its currency's sign, keeping every digit that was stated."""
    written = format_currency(value.amount, value.currency, locale=spoken(), decimal_quantization=False)
    return SIGN_AFTER_LETTERS.sub("\\g<0>\u200e", LETTER_THEN_DIGIT.sub("\u00a0", written))


def in_dollars(amount: Decimal) -> str:
    """Write an amount of US dollars."""
    return money(Money(amount=amount, currency=DOLLAR))


def roughly(value: Money) -> str:
    """Write an estimated amount by its first two digits, cents at least."""
    amount = round(value.amount, max(2, 1 - value.amount.adjusted())) if value.amount else value.amount
    return money(value.model_copy(update={"amount": amount}))


def cost(attempt: Attempt) -> str:
    """Say what an attempt cost."""
    if attempt.cost is None:
        return gettext("not known")
    return money(attempt.cost) if attempt.cost.amount != Decimal(0) else gettext("free")


def answers(attempts: Sequence[Attempt]) -> list[str]:
    """Write with which HTTP statuses the site answered tries that failed, each with how often: `HTTP 403 × 2`."""
    counts = Counter(each.http_status for each in attempts if each.failure and each.http_status)
    return [f"HTTP {status}" + (f" × {count}" if count > 1 else "") for status, count in counts.items()]


def spent(attempts: Sequence[Attempt]) -> str:
    """Say what attempts cost together: not known, where that of one is not."""
    costs = [attempt.cost for attempt in attempts]
    known = [each for each in costs if each is not None]
    if len(known) < len(costs):
        return gettext("not known")
    whole = sum((each.amount for each in known), Decimal(0))
    return money(Money(amount=whole, currency=known[0].currency)) if whole else gettext("free")


def batch_title(batch: Batch) -> str:
    """Name a batch as its owner did, else by when it was handed in."""
    at = batch.created_at.astimezone(UTC)
    told = {"date": format_date(at, "dd MMMM y", locale=spoken()), "time": f"{at:%H:%M}"}
    return batch.name or gettext("List of %(date)s, %(time)s UTC") % told


def counted(count: int, thing: str) -> str:
    """Say how many there are of a thing."""
    one, many = COUNTED[thing]
    return ngettext(one, many, count) % {"count": number(count)}


def duration(milliseconds: int) -> str:
    """Write a length of time in the unit that suits it."""
    seconds = milliseconds / 1000
    if seconds < SECOND:
        return gettext("%(count)s ms") % {"count": milliseconds}
    if seconds < MINUTE:
        return gettext("%(count)s s") % {"count": format_decimal(round(seconds, 1), "0.0", locale=spoken())}
    apart = {"minutes": int(seconds // MINUTE), "seconds": int(seconds % MINUTE)}
    return gettext("%(minutes)s min %(seconds)s s") % apart


def after_so_long(seconds: float) -> str:
    """Write a moment on a scale of time in the unit that its mark is round in."""
    if seconds and seconds % HOUR == 0:
        return gettext("%(count)s h") % {"count": number(int(seconds // HOUR))}
    if seconds and seconds % MINUTE == 0:
        return gettext("%(count)s min") % {"count": number(int(seconds // MINUTE))}
    return gettext("%(count)s s") % {"count": format_decimal(seconds, locale=spoken())}


def pause_at(pauses: Sequence[Pause], url: str) -> Pause | None:
    """Give the pause that an address waits for; None where it waits for none."""
    return holding(pauses, host_of(url))


IMPORTS: dict[str, Any] = {
    "pause_at": pause_at,
    "pause_of": pause_of,
    "started_by": words.started_by,
    "after_so_long": after_so_long,
}


def day(at: date) -> str:
    """Write a day."""
    return format_date(at, "d MMMM y", locale=spoken())


def days_since(at: date) -> int:
    """Count the days since one."""
    return (datetime.now(UTC).date() - at).days


def number(value: int) -> str:
    """Write a whole number with its thousands apart."""
    return format_decimal(value, locale=spoken())


def size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    unit, ratio = next((each for each in SIZES if count >= each[1]), ("byte", 1))
    return format_unit(round(count / ratio, 1), unit, length="short", locale=spoken())


def ticked(text: str) -> Markup:
    """Write a text with what stands between backticks as code."""
    return Markup(TICKED.sub(r'<code dir="ltr">\1</code>', str(escape(text))))  # noqa: S704 - escaped before


def about(seconds: float) -> str:
    """Write a length of time as roughly as it is known."""
    amount, unit = _roughly(seconds)
    return gettext(unit) % {"count": amount}


def between(seconds: tuple[float, float]) -> str:
    """Write a range of lengths of time."""
    low, unit = _roughly(seconds[0])
    high = about(seconds[1])
    if about(seconds[0]) == high:
        return high
    told = low if unit == _roughly(seconds[1])[1] else about(seconds[0])
    return gettext("%(low)s to %(high)s") % {"low": told, "high": high}


def _roughly(seconds: float) -> tuple[str, str]:
    if seconds < MINUTE:
        return f"{max(5, round(seconds / 5) * 5)}", "%(count)s s"
    if seconds < HOUR:
        return f"{round(seconds / MINUTE)}", "%(count)s min"
    if seconds < DAY:
        return f"{seconds / HOUR:.1f}".removesuffix(".0"), "%(count)s h"
    return f"{seconds / DAY:.1f}", "%(count)s days"


def ago(moment: datetime) -> str:
    """Say how long ago something was."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit in (DAY, HOUR, MINUTE):
        if seconds >= unit:
            whole = timedelta(seconds=-(seconds // unit) * unit)
            return format_timedelta(whole, threshold=1, add_direction=True, locale=spoken())
    return gettext("just now")


def utc(moment: datetime) -> str:
    """Write a moment in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def host(url: str) -> str:
    """Name the site of an address."""
    return (_parts(url) or ("", ""))[1].removeprefix("www.") or url


def path_of(url: str) -> str:
    """Give an address without its site, for a list whose site is known."""
    parts = _parts(url)
    return url.split(parts[1], 1)[1] if parts and parts[1] else url


def web_link(url: str | None) -> str | None:
    """Give an address that may be linked to, or None: only http and https may."""
    parts = _parts(url or "")
    return url if parts and parts[0] in {"http", "https"} and parts[1] else None


def thumbnail_of(product: CatalogueProduct) -> str:
    """Give the address of a product's first picture, small; empty where there is none."""
    shots = shots_of(product)
    return f"/pictures/{shots[0][0].id}/small" if shots else ""


def shots_of(product: CatalogueProduct) -> list[tuple[Picture, Image]]:
    """List the pictures of a product that there is a copy of, each once, with what the page says of them."""
    images = {image.url: image for image in product.facts.images} if product.facts else {}
    kept = {each.id: (each, images[each.url]) for each in reversed(product.pictures) if each.id and each.url in images}
    return list(reversed(kept.values()))


def _parts(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme, parts.netloc
