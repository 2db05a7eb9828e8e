"""What can be wrong with products for a shop: each code with its severity and fix, and checks that targets share."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartage.exports.article import Article, Offer
from cartage.exports.links import host_of
from cartage.extraction.identifiers import check_digit
from cartage.model.errors import PageNotFound
from cartage.model.export import Finding, Severity
from cartage.model.pricing import Basis, PricingRules, SellingPrice

ERROR, WARNING = Severity.ERROR, Severity.WARNING
GTIN_LENGTHS = {8, 12, 13, 14}
AMOUNT = re.compile(r"\d+(?:\.\d+)?")
NO_DECIMALS = re.compile(r"-?\d+(?:\.\d+)?(?: [A-Z]{3})?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN_VALUE = 60


@dataclass(frozen=True, slots=True)
class Code:
    """Describe one kind of finding: how bad it is, what it means, and what to do."""

    severity: Severity
    meaning: str
    fix: str


CODES: Mapping[str, Code] = {
    "title_missing": Code(ERROR, "The product has no name.", "Write a name on the product's page."),
    "title_too_long": Code(WARNING, "The title is longer than the target shows.", "Shorten the name."),
    "description_missing": Code(WARNING, "The product has no description.", "Write one on the product's page."),
    "description_too_long": Code(WARNING, "The description is longer than the target takes.", "Shorten it."),
    "brand_missing": Code(WARNING, "The brand is not known.", "Set the brand on the product's page."),
    "handle_charset": Code(
        WARNING,
        "The name has no Latin letters to make an address of, so that a code stands in its place.",
        "Write a handle on the product's page.",
    ),
    "page_gone": Code(
        WARNING,
        "The page that the product is from is gone; what is written is what it said last.",
        "Archive it, or leave it out: -error:not_found; Settings say what becomes of such products by themselves.",
    ),
    "price_missing": Code(ERROR, "The selling price is not known.", "Set a price, or a rate in your pricing rules."),
    "price_zero": Code(WARNING, "It would be sold for nothing.", "Set a price, or fix your pricing rules."),
    "price_below_cost": Code(
        WARNING,
        "It would be sold for less than the source asks.",
        "Raise the price that you set, or leave it to the page, so that your pricing rules hold.",
    ),
    "price_not_decimal": Code(ERROR, "A price is not a plain number.", "Please report it: this is our fault."),
    "locked_price_unused": Code(
        WARNING,
        "You set one price, and the variants cost differently, so that each keeps its own.",
        "Leave the price to the page again, or set the variants' prices.",
    ),
    "compare_at_without_evidence": Code(
        WARNING,
        "There is a regular price that no source was seen to state; it is left out.",
        "Import the product again, so that its evidence is kept.",
    ),
    "compare_at_not_above_price": Code(
        WARNING,
        "The regular price is not above the selling price; it is left out.",
        "Nothing, unless you want a compare-at price: then look at your pricing rules.",
    ),
    "compare_at_from_rule": Code(
        WARNING,
        "The compare-at price is the source's regular price taken through your rule: nobody has asked it yet.",
        "Where the law wants a price that you really asked (in the EU, the lowest of 30 days), switch it off.",
    ),
    "currency_mixed": Code(
        ERROR,
        "The target has one currency, and this product's prices are in another than those before it.",
        "Set your currency and the rates in your pricing rules.",
    ),
    "sku_missing": Code(WARNING, "It has no SKU; where the target needs a code, one is made.", "Set the SKU."),
    "sku_duplicate": Code(ERROR, "Another product or variant in the file has the same SKU.", "Give each its own."),
    "sku_not_alphanumeric": Code(
        WARNING, "The target's documentation asks for letters and digits only.", "Change it if the import refuses it."
    ),
    "gtin_checksum": Code(ERROR, "The barcode number's check digit or length is wrong.", "Take it off the product."),
    "identifier_missing": Code(
        WARNING, "Neither barcode number nor part number is known.", "Set the GTIN where the maker gave one."
    ),
    "option_value_missing": Code(ERROR, "A variant does not say which it is.", "Import the product again."),
    "options_too_many": Code(ERROR, "The target takes no more options.", "Leave the product out of this export."),
    "variants_too_many": Code(
        ERROR,
        "The target takes no more variants.",
        "Leave values of its options out, or the product out of this export.",
    ),
    "variant_option_duplicate": Code(ERROR, "Two variants have the same options.", "Import the product again."),
    "option_missing_on_update": Code(
        ERROR,
        "Options are missing from the file, so that an update would delete variants.",
        "Keep the option columns in the file.",
    ),
    "availability_missing": Code(
        WARNING, "It is not known whether it is in stock.", "Look at the shop, and say what it shows."
    ),
    "availability_date_missing": Code(
        WARNING, "A pre-order or back-order needs the day from which it is there.", "Add the date in the feed's rules."
    ),
    "stock_count_missing": Code(
        WARNING,
        "The target counts stock, and nobody says how many there are: what is in stock cannot be bought at first.",
        "Set the quantities in your shop after the import.",
    ),
    "condition_missing": Code(
        WARNING,
        "The condition is not known.",
        "Set the condition of the product, or in the target's settings if all are alike.",
    ),
    "image_missing": Code(WARNING, "It has no picture.", "Import the product again, or add a picture by its address."),
    "image_not_public": Code(
        WARNING,
        "A picture was uploaded and has no public address; it is left out.",
        "Have CARTAGE_PUBLIC_URL set to where shops reach this Cartage; where it is, upload the picture again.",
    ),
    "image_url_not_https": Code(
        WARNING,
        "A picture's address is not https.",
        "Upload the picture instead, where your Cartage is reached by https; or leave it out.",
    ),
    "image_url_too_long": Code(ERROR, "A picture's address is longer than the target takes.", "Leave the picture out."),
    "image_url_comma": Code(ERROR, "A comma would cut a picture's address in two.", "Leave the picture out."),
    "images_too_many": Code(WARNING, "The target takes fewer pictures; the last are left out.", "Put the best first."),
    "image_too_small_google_2027": Code(
        WARNING,
        "A picture is smaller than the 500 × 500 pixels that Google asks for from 31 January 2027.",
        "Look for a larger picture.",
    ),
    "link_template_missing": Code(
        ERROR,
        "Nobody knows where the product is in your shop.",
        "Set the link template in the target's settings.",
    ),
    "link_missing": Code(
        WARNING, "The markup does not say where the product's page is.", "Set the link template in the settings."
    ),
    "link_off_domain": Code(ERROR, "The link leads to the source instead of your own shop.", "Fix the link template."),
    "ai_text_in_plain_field": Code(
        ERROR,
        "A text that a language model wrote stands in a field for people's texts.",
        "Use the structured field.",
    ),
    "apparel_detail_missing": Code(
        WARNING,
        "Clothes need a colour, a size, a gender and an age group.",
        "Set gender and age group in the target's settings.",
    ),
    "weight_missing": Code(WARNING, "The weight is not known.", "Set the weight."),
    "category_missing": Code(
        WARNING, "The target's own category is not set.", "Set the category in the target's settings."
    ),
    "tax_not_stated": Code(
        WARNING,
        "The target wants prices without tax, and your settings do not say what tax is in yours: none is taken off.",
        "Set the tax in the target's settings, 0 where there is none.",
    ),
    "csv_formula_prefix": Code(
        WARNING,
        "A cell begins like a formula, which spreadsheet programs may run.",
        "Import the file as it is; for a copy to look at, use --excel-safe.",
    ),
    "separator_in_value": Code(ERROR, "A value holds a sign that parts values here.", "Rename the value."),
    "unknown_column": Code(
        ERROR, "The target does not know a column, and may refuse the whole file.", "Take the column out."
    ),
    "file_over_15mb": Code(ERROR, "A file is larger than the 15 MB that the target takes.", "Split it: --split-mb 14."),
}


def found(code: str, article: Article | None, field: str, message: str, offer: Offer | None = None) -> Finding:
    """Make a finding of a known code, about one of a product's offers where there is one."""
    known = CODES[code]
    return Finding(
        severity=known.severity,
        code=code,
        product_id=article.id if article else "",
        variant=offer.place if offer else None,
        field=field,
        message=message,
        fix=known.fix,
    )


def check_article(article: Article, rules: PricingRules) -> Iterator[Finding]:
    """Look at what every shop needs: a name, prices, codes, options and pictures."""
    if not article.title:
        yield found("title_missing", article, "title", "It has no name.")
    elif not article.named:
        yield found("handle_charset", article, "handle", f"“{article.handle}” stands for “{article.title}”.")
    if not article.text:
        yield found("description_missing", article, "description", "It has no description.")
    failure = article.product.failure
    if failure and failure.code == PageNotFound.code:
        yield found("page_gone", article, "", f"{article.product.source_url}: {failure.detail}")
    yield from _check_prices(article, rules)
    yield from _check_codes(article)
    yield from _check_options(article)
    yield from check_pictures(article)


def _check_prices(article: Article, rules: PricingRules) -> Iterator[Finding]:
    for offer in article.offers:
        if offer.price is None:
            yield found("price_missing", article, "price", f"{label(offer)}{offer.selling.reason}", offer)
        elif not offer.price.amount:
            yield found("price_zero", article, "price", f"{label(offer)}The price is 0 {offer.price.currency}.", offer)
    for offer in article.offers:
        if is_below_cost(offer.selling):
            told = f"{label(offer)}{offer.price} is less than the {offer.selling.cost} that the source asks."
            yield found("price_below_cost", article, "price", told, offer)
    if article.lock_unused:
        yield found("locked_price_unused", article, "price", f"Your price is {article.facts.price}.")
    if article.prices.without_evidence:
        yield found("compare_at_without_evidence", article, "regular_price", "Nothing shows the regular price.")
    yield from _check_struck(article, rules)


def _check_struck(article: Article, rules: PricingRules) -> Iterator[Finding]:
    struck = [each.selling for each in article.offers if each.selling.compare_at]
    set_by_hand = "regular_price" in article.product.locked
    derived = [each for each in struck if each.basis is Basis.RULE and len(each.steps) > 1 and not set_by_hand]
    if derived:
        told = f"{derived[0].compare_at} is written beside {derived[0].price}."
        yield found("compare_at_from_rule", article, "compare_at", told)
    regular, price = article.facts.regular_price, article.facts.price
    plain = rules.compare_at == "source" and not struck and not article.prices.without_evidence
    if plain and regular and price and article.prices.own.price:
        yield found("compare_at_not_above_price", article, "compare_at", f"{regular} is not above {price}.")


def _check_codes(article: Article) -> Iterator[Finding]:
    for sku in article.repeated:
        again = next(offer for offer in reversed(article.offers) if offer.sku == sku)
        yield found("sku_duplicate", article, "sku", f"“{sku}” is in the file already.", again)
    without = [offer for offer in article.offers if not offer.sku]
    if without:
        told = f"{len(without)} of {len(article.offers)} have no SKU."
        yield found("sku_missing", article, "sku", told, without[0])
    for offer in article.offers:
        if offer.gtin and not is_gtin(offer.gtin):
            yield found("gtin_checksum", article, "gtin", f"{label(offer)}{offer.gtin} is no GTIN.", offer)


def _check_options(article: Article) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for offer in article.offers:
        if "" in offer.values:
            missing = next(name for name, value in offer.options if not value)
            yield found("option_value_missing", article, missing, f"{label(offer)}It has no {missing}.")
        elif offer.values in seen:
            yield found("variant_option_duplicate", article, "options", f"“{' / '.join(offer.values)}” appears twice.")
        seen.add(offer.values)


def check_pictures(article: Article) -> Iterator[Finding]:
    """Look at the pictures: whether there are any, and whether a shop can fetch them."""
    known = len(article.facts.images)
    if left_out := known - len(article.images):
        told = f"{left_out} of its {known} pictures."
        yield found("image_not_public", article, "images", told)
    if not article.images:
        yield found("image_missing", article, "images", "It has no picture.")
    for url in dict.fromkeys([*(each.url for each in article.images), *(each.image for each in article.offers)]):
        if url and not url.startswith("https://"):
            yield found("image_url_not_https", article, "images", url)


def check_stock(article: Article) -> Iterator[Finding]:
    """Tell where it is not known whether something is in stock."""
    unknown = [offer for offer in article.offers if offer.availability is None]
    if unknown:
        message = f"Nobody says whether {len(unknown)} of {len(article.offers)} are in stock."
        yield found("availability_missing", article, "availability", message, unknown[0])


def check_weight(article: Article) -> Iterator[Finding]:
    """Tell where a weight is not known."""
    unknown = [offer for offer in article.offers if offer.weight_grams is None]
    if unknown:
        told = f"{len(unknown)} of {len(article.offers)} have no weight."
        yield found("weight_missing", article, "weight", told, unknown[0])


def check_limits(article: Article, *, options: int, variants: int) -> Iterator[Finding]:
    """Hold a product to what the target takes."""
    if len(article.options) > options:
        told = f"It has {len(article.options)} options, the target takes {options}."
        yield found("options_too_many", article, "options", told)
    if len(article.offers) > variants:
        told = f"It has {len(article.offers)} variants, the target takes {variants}."
        yield found("variants_too_many", article, "variants", told)


def check_cells(article: Article, rows: Iterable[Mapping[str, str]]) -> Iterator[Finding]:
    """Look for cells that a spreadsheet program would take for formulas; once for each column."""
    seen: set[str] = set()
    for row in rows:
        for column, value in row.items():
            risky = value.startswith(FORMULA) and not NO_DECIMALS.fullmatch(value)
            if risky and column not in seen:
                seen.add(column)
                yield found("csv_formula_prefix", article, column, f"It begins “{value[:SHOWN_VALUE]}”.")


def check_amounts(article: Article, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> Iterator[Finding]:
    """Hold prices to plain decimal numbers."""
    for row in rows:
        for column in columns:
            if (value := row.get(column, "")) and not AMOUNT.fullmatch(value):
                yield found("price_not_decimal", article, column, f"“{value[:SHOWN_VALUE]}” is not a plain number.")


def check_columns(article: Article, rows: Iterable[Mapping[str, str]], known: Iterable[str]) -> Iterator[Finding]:
    """Hold rows to the columns that the target knows."""
    allowed = set(known)
    for column in dict.fromkeys(column for row in rows for column in row):
        if column not in allowed:
            yield found("unknown_column", article, column, f"“{column}” is no column of this target.")


def check_link(article: Article, link: str, field: str) -> Iterator[Finding]:
    """Hold a link to the merchant's own shop."""
    if not link:
        yield found("link_template_missing", article, field, "There is no link template.")
    elif host_of(link) == host_of(article.product.source_url):
        yield found("link_off_domain", article, field, f"{link} is at the source's own site.")


def is_below_cost(selling: SellingPrice) -> bool:
    """Tell whether something is sold for less than it costs, as far as both are known in one currency."""
    price, cost = selling.price, selling.cost
    return bool(price and cost and price.currency == cost.currency and price.amount < cost.amount)


def label(offer: Offer) -> str:
    """Begin a message with the variant that it is about, where there are several."""
    return f"{' / '.join(offer.values)}: " if offer.values else ""


def is_gtin(code: str) -> bool:
    """Tell whether a code has the length and check digit of a GTIN."""
    plain = code.isascii() and code.isdigit() and len(code) in GTIN_LENGTHS
    return plain and check_digit(code[:-1]) == int(code[-1])
