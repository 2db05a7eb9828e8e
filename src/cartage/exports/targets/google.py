"""Google Merchant Center's feed as a tab-separated file; OpenAI's product feed takes it as well.

Source: support.google.com/merchants, Product data specification (answer 7052112 and those it names). A text that a
language model wrote stands in the structured field, and the plain one stays empty, for it would win.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cartage.exports.amounts import money_text, number_text
from cartage.exports.article import Article, Offer
from cartage.exports.details import age_group_of, detail_of, gender_of
from cartage.exports.form import Row, Table
from cartage.exports.links import offer_link
from cartage.exports.lint import check_article, check_link, found
from cartage.exports.target import Target, Terms, Written
from cartage.exports.wording import one_line
from cartage.model.export import Finding, TargetSettings
from cartage.model.product import Availability, Condition

ORDER = (
    "id", "title", "structured_title", "description", "structured_description", "link", "image_link",
    "additional_image_link", "availability", "price", "sale_price", "condition", "brand", "gtin", "mpn",
    "identifier_exists", "google_product_category", "product_type", "item_group_id", "color", "size", "gender",
    "age_group", "material", "shipping_weight",
)  # fmt: skip
ALWAYS = set(ORDER) - {"title", "structured_title", "description", "structured_description"}
FILE = "google"
BY_MODEL = "trained_algorithmic_media"
LONGEST_ID, LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_URL = 50, 150, 5000, 2000
MOST_PICTURES = 10
SMALLEST = 500
STOCK = {
    Availability.IN_STOCK: "in_stock",
    Availability.LIMITED_AVAILABILITY: "in_stock",
    Availability.OUT_OF_STOCK: "out_of_stock",
    Availability.DISCONTINUED: "out_of_stock",
    Availability.PRE_ORDER: "preorder",
    Availability.BACK_ORDER: "backorder",
}
CONDITIONS = {Condition.NEW: "new", Condition.REFURBISHED: "refurbished", Condition.USED: "used"}
APPAREL = ("166", "apparel & accessories")


def columns(_: TargetSettings, used: Iterable[str]) -> Sequence[str]:
    """Give the columns: the plain texts, the structured ones, or both where a file has both."""
    present = set(used)
    return [name for name in ORDER if name in ALWAYS or name in present]


def write(article: Article, terms: Terms) -> Written:
    """Write a row for each variant."""
    return Written(rows={FILE: [_row(article, offer, terms) for offer in article.offers]})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product and its rows as Google does."""
    yield from check_article(article, terms.rules)
    yield from check_items(article, terms, written.of(FILE))


def check_items(article: Article, terms: Terms, rows: Sequence[Row]) -> Iterator[Finding]:
    """Look at the rows, whatever file they are for."""
    for offer, row in zip(article.offers, rows, strict=True):
        yield from check_link(article, row.get("link", ""), "link")
        yield from _check_texts(article, row)
        yield from _check_words(article, offer, row)
    yield from _check_pictures(article, rows)
    yield from _check_apparel(article, terms, rows)


def items(article: Article, terms: Terms) -> Iterator[dict[str, str]]:
    """Give each variant's attributes with their values, but for what is written differently by file."""
    for offer in article.offers:
        yield _plain_cells(article, offer, terms) | _detail_cells(article, offer, terms.settings)


def _row(article: Article, offer: Offer, terms: Terms) -> Row:
    cells = _plain_cells(article, offer, terms) | _detail_cells(article, offer, terms.settings)
    for name, field in (("title", "name"), ("description", "description")):
        text = cells.pop(name)
        if field in article.by_model:
            cells[f"structured_{name}"] = f'{BY_MODEL}:"{text}"'
        else:
            cells[name] = text
    return cells


def _plain_cells(article: Article, offer: Offer, terms: Terms) -> dict[str, str]:
    settings = terms.settings
    struck = offer.selling.compare_at
    pictures = article.pictures_of(offer)
    known = bool(offer.gtin or (article.brand and article.facts.mpn))
    return {
        "id": offer.key[:LONGEST_ID],
        "title": one_line(article.title_of(offer)),
        "description": one_line(article.text),
        "link": offer_link(settings.link_template, article.handle, offer.key, article.id),
        "image_link": pictures[0] if pictures else "",
        "additional_image_link": ",".join(pictures[1 : MOST_PICTURES + 1]),
        "availability": STOCK[offer.availability] if offer.availability else "",
        "price": money_text(struck or offer.price),
        "sale_price": money_text(offer.price) if struck else "",
        "condition": CONDITIONS.get(article.condition, "used") if article.condition else settings.condition,
        "brand": article.brand,
        "gtin": offer.gtin,
        "mpn": article.facts.mpn or "",
        "identifier_exists": "yes" if known else "no",
        "google_product_category": settings.google_category,
        "product_type": " > ".join(article.facts.breadcrumbs),
        "item_group_id": article.group[:LONGEST_ID] if len(article.offers) > 1 else "",
    }


def _detail_cells(article: Article, offer: Offer, settings: TargetSettings) -> dict[str, str]:
    told: Mapping[str, str] = {**article.details, **{detail_of(name): value for name, value in offer.options}}
    return {
        "color": told.get("color", ""),
        "size": told.get("size", ""),
        "gender": gender_of(told.get("gender", "")) or settings.gender,
        "age_group": age_group_of(told.get("age_group", "")) or settings.age_group,
        "material": told.get("material", ""),
        "shipping_weight": "" if offer.weight_grams is None else f"{number_text(offer.weight_grams)} g",
    }


def _check_texts(article: Article, row: Row) -> Iterator[Finding]:
    for name, field in (("title", "name"), ("description", "description")):
        if row.get(name) and field in article.by_model:
            yield found("ai_text_in_plain_field", article, name, f"A model wrote the {name}.")
    title = row.get("title") or row.get("structured_title", "")
    if len(title.removeprefix(f"{BY_MODEL}:").strip('"')) > LONGEST_TITLE:
        yield found("title_too_long", article, "title", f"It has {len(title)} characters of {LONGEST_TITLE}.")
    if len(article.text) > LONGEST_DESCRIPTION:
        told = f"It has {len(article.text)} characters of {LONGEST_DESCRIPTION}."
        yield found("description_too_long", article, "description", told)


def _check_words(article: Article, offer: Offer, row: Row) -> Iterator[Finding]:
    if not row.get("availability"):
        yield found("availability_missing", article, "availability", f"{row.get('id')}: nobody says.", offer)
    if row.get("availability") in {"preorder", "backorder"}:
        told = f"{row.get('id')} is a {row.get('availability')}."
        yield found("availability_date_missing", article, "availability_date", told, offer)
    if not row.get("condition"):
        yield found("condition_missing", article, "condition", f"{row.get('id')}: nobody says.")
    if row.get("identifier_exists") == "no":
        told = f"{row.get('id')} has no GTIN, and no MPN with a brand."
        yield found("identifier_missing", article, "gtin", told, offer)
    if not row.get("brand"):
        yield found("brand_missing", article, "brand", f"{row.get('id')}: nobody says.")


def _check_pictures(article: Article, rows: Sequence[Row]) -> Iterator[Finding]:
    for image in article.images:
        small = [size for size in (image.width, image.height) if size and size < SMALLEST]
        if small:
            told = f"{image.width or '?'} × {image.height or '?'} px: {image.url}"
            yield found("image_too_small_google_2027", article, "image_link", told)
        if len(image.url) > LONGEST_URL:
            yield found("image_url_too_long", article, "image_link", f"It has {len(image.url)} characters.")
    if len(article.images) > MOST_PICTURES + 1:
        told = f"It has {len(article.images)} pictures, of which {MOST_PICTURES + 1} are written."
        yield found("images_too_many", article, "additional_image_link", told)
    known = {image.url for image in article.images} | {offer.image for offer in article.offers}
    for row in rows:
        for url in filter(None, row.get("additional_image_link", "").split(",")):
            if url not in known:
                yield found("image_url_comma", article, "additional_image_link", url)


def _check_apparel(article: Article, terms: Terms, rows: Sequence[Row]) -> Iterator[Finding]:
    category = terms.settings.google_category.strip().casefold()
    is_apparel = category.startswith(APPAREL[1]) or category == APPAREL[0]
    needed = ("color", "size", "gender", "age_group")
    missing = [name for name in needed if any(not row.get(name) for row in rows)] if is_apparel else []
    if missing:
        yield found("apparel_detail_missing", article, missing[0], f"It has no {', '.join(missing)}.")


SETTINGS = ("link_template", "google_category", "gender", "age_group", "condition")
TARGET = Target(
    name="google",
    title="Google Merchant Center",
    about="tab-separated feed; also for OpenAI's product feed",
    files=(
        Table(
            FILE,
            columns,
            suffix="tsv",
            media_type="text/tab-separated-values; charset=utf-8",
            delimiter="\t",
            newline="\n",
            used_only=True,
            known=ORDER,
            note="Title and description are plain, structured where a model wrote them, or both where a file has both.",
        ),
    ),
    settings=SETTINGS,
    write=write,
    check=check,
    needs_link=True,
    one_currency=False,
)
