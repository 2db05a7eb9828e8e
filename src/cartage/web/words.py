"""What the pages call things: sides, statuses, providers, sources, fields and failures, in plain words."""

from collections.abc import Sequence

from babel.lists import format_list

from cartage.exports.lint import CODES
from cartage.listing import Sort
from cartage.model.access import Scope
from cartage.model.batch import RowStatus
from cartage.model.catalogue import Import, ImportState, Status, StepState
from cartage.model.enhancement import EnhancementState, Task, TextField, Wanted
from cartage.model.errors import CartageError, Failure, Origin
from cartage.model.evidence import Source, Verdict
from cartage.model.export import Severity
from cartage.model.failure import kinds
from cartage.model.product import Availability, Condition
from cartage.model.webhook import DeliveryState, MessageName
from cartage.model.wishes import Render
from cartage.scraping import titles
from cartage.web import bulk_words, columns, copying, field_words, mapping, refresh_words
from cartage.web.language import OWN, gettext, spoken
from cartage.web.sentences import told
from cartage.wording.tasks import language_name

SIDES = {
    Origin.YOU: "This is on your side",
    Origin.SITE: "This is on the shop's side",
    Origin.US: "This is on our side",
    Origin.PROVIDER: "This is on a provider's side",
}
STATUSES = {
    Status.IMPORTING: "Importing",
    Status.IMPORTED: "Imported",
    Status.ENHANCED: "Enhanced",
    Status.FAILED: "Failed",
}
STATUS_TONES = {
    Status.IMPORTING: "busy",
    Status.IMPORTED: "good",
    Status.ENHANCED: "good",
    Status.FAILED: "bad",
}
IMPORT_STATES = {
    ImportState.QUEUED: ("Waiting", "busy"),
    ImportState.RUNNING: ("Running", "busy"),
    ImportState.SUCCEEDED: ("Succeeded", "good"),
    ImportState.FAILED: ("Failed", "bad"),
}
STEP_STATES = {
    StepState.RUNNING: ("Running", "busy"),
    StepState.WAITING: ("Waiting", "wait"),
    StepState.SUCCEEDED: ("Done", "good"),
    StepState.FAILED: ("Failed", "bad"),
    StepState.SKIPPED: ("Skipped", "idle"),
}
SOURCES = {
    Source.JSON_LD: "Structured data (JSON-LD)",
    Source.MICRODATA: "Structured data (microdata)",
    Source.RDFA: "Structured data (RDFa)",
    Source.OPEN_GRAPH: "Sharing tags (Open Graph)",
    Source.EMBEDDED_JSON: "Data inside the page",
    Source.PLATFORM: "The shop software's own data",
    Source.SERVICE: "A hosted service",
    Source.VISIBLE: "Text on the page",
    Source.HEAD: "The page's head",
    Source.ADDRESS: "The page's address",
    Source.PERSON: "Set by hand",
    Source.MODEL: "Text on the page, found by a language model",
    Source.PICTURE: "Seen in pictures by a language model, not verified",
    Source.GONE: "The page is gone",
}
ORIGINS = {
    Source.JSON_LD: "From page data",
    Source.MICRODATA: "From page data",
    Source.RDFA: "From page data",
    Source.OPEN_GRAPH: "From page data",
    Source.EMBEDDED_JSON: "From page data",
    Source.PLATFORM: "From page data",
    Source.HEAD: "From page data",
    Source.SERVICE: "From a hosted service",
    Source.ADDRESS: "From the page's address",
    Source.VISIBLE: "From visible text",
    Source.MODEL: "From the language model, verified",
    Source.PICTURE: "From the language model, not verified",
    Source.GONE: "From your rule for pages that are gone",
    Source.PERSON: "From you",
}
VERDICTS = {
    Verdict.PRODUCT: "A product",
    Verdict.THIN: "A product, with gaps",
    Verdict.BLOCKED: "Blocked",
    Verdict.LOGIN: "Behind a login",
    Verdict.GONE: "Gone",
    Verdict.LISTING: "A list of products",
    Verdict.NOT_A_PRODUCT: "Not a product",
    Verdict.EMPTY: "Empty",
}
AVAILABILITIES = {
    Availability.IN_STOCK: ("In stock", "good"),
    Availability.OUT_OF_STOCK: ("Out of stock", "bad"),
    Availability.PRE_ORDER: ("Pre-order", "busy"),
    Availability.BACK_ORDER: ("Back-order", "wait"),
    Availability.LIMITED_AVAILABILITY: ("Few left", "wait"),
    Availability.DISCONTINUED: ("Discontinued", "bad"),
}
CONDITIONS = {
    Condition.NEW: "New",
    Condition.USED: "Used",
    Condition.REFURBISHED: "Refurbished",
    Condition.DAMAGED: "Damaged",
}
FIELDS, FIELD_TITLES = field_words.FIELDS, field_words.TITLES
PLATFORMS = {"shopify": "Shopify", "woocommerce": "WooCommerce", "magento": "Magento", "prestashop": "PrestaShop"}
CHOICES = {
    "": "not set",
    "g": "g",
    "kg": "kg",
    "lb": "lb",
    "oz": "oz",
    "true": "yes",
    "false": "no",
    "active": "on sale at once",
    "draft": "as drafts",
    "female": "female",
    "male": "male",
    "unisex": "unisex",
    "newborn": "newborn",
    "infant": "infant",
    "toddler": "toddler",
    "kids": "kids",
    "adult": "adult",
    "new": "new",
    "refurbished": "refurbished",
    "used": "used",
}
UNITS = {"": "Not chosen", "metric": "Metric: grams and kilograms", "us": "US: ounces and pounds"}
TARGET_SETTINGS = {
    "link_template": "Link template",
    "status": "Status",
    "weight_unit": "Weight unit",
    "category": "Category",
    "tags": "Tags",
    "google_category": "Google category",
    "gender": "Gender",
    "age_group": "Age group",
    "condition": "Condition",
    "google_columns": "Google columns",
    "sales_channel": "Sales channel",
    "shipping_profile": "Shipping profile",
    "tax_percent": "Tax percent",
}
SEVERITIES = {Severity.ERROR: "Error", Severity.WARNING: "Warning"}
ACTS = {
    "log in": "Logged in",
    "join": "Joined",
    "renew password": "Chose a new password",
    "/logout": "Logged out",
    "/import": "Imported an address",
    "/import/status/{product_id}/retry": "Imported again",
    "/import/status/{product_id}/continue": "Let an import go on beyond its budget",
    "/import/status/{product_id}/paste": "Pasted a page",
    "/import/status/{product_id}/cancel": "Cancelled an import",
    "/import/many": "Pasted a list",
    "/import/file": "Uploaded a list",
    "/import/check/{draft_id}": "Started a list",
    "/batches/{batch_id}/cancel": "Cancelled a list",
    "/batches/{batch_id}/retry": "Tried rows of a list again",
    "/products/{product_id}/edit": "Edited a product",
    "/products/{product_id}/arrange": "Arranged pictures",
    "/products/{product_id}/variants": "Set variants",
    "/products/{product_id}/unlock": "Left a field to the page",
    "/products/{product_id}/pictures": "Fetched pictures again",
    "/products/{product_id}/look": "Previewed a refresh",
    "/exports": "Exported products",
    "/settings/exports/{target}": "Changed the settings of a target",
    "/settings/general": "Changed the general settings",
    "/settings/pricing": "Changed the pricing rules",
    "/products/{product_id}/review": "Reviewed a draft",
    "/products/{product_id}/enhance": "Asked for texts",
    "/products/{product_id}/enhance/continue": "Let the writing of texts go on beyond its budget",
    "/products/{product_id}/enhancements": "Decided on texts",
    "/settings/enhancement": "Changed what is written",
    "/settings/schedule": "Changed the schedule of refreshes",
    "/settings/refresh-policy": "Changed what refreshes may change",
    "/settings/tokens": "Made a token",
    "/settings/tokens/{token_id}/revoke": "Revoked a token",
    "/settings/invitations": "Made an invitation",
    "/settings/people/{user_id}/role": "Changed a role",
    "/settings/people/{user_id}/password-link": "Made a link to a new password",
    "/settings/people/{user_id}/remove": "Removed a person",
    "/settings/password": "Changed their password",
    "/settings/webhooks": "Added a webhook",
    "/settings/models/try": "Tried the language model",
    "/settings/retention": "Set how long things are kept",
    "/bulk": "Acted on many products",
    "/bulk/{action_id}/stop": "Stopped a bulk action",
    "/bulk/{action_id}/undo": "Undid a bulk action",
    "/settings/webhooks/{endpoint_id}/remove": "Removed a webhook",
    "/settings/webhooks/{endpoint_id}/events": "Changed a webhook's events",
    "/settings/webhooks/{endpoint_id}/test": "Tested a webhook",
    "/settings/webhooks/{endpoint_id}/enable": "Switched a webhook on",
    "/settings/deliveries/{delivery_id}/again": "Sent a delivery again",
}
MESSAGES = {
    MessageName.IMPORT_SUCCEEDED: "An import succeeded",
    MessageName.IMPORT_NEEDS_REVIEW: "An import brought something to look at",
    MessageName.IMPORT_FAILED: "An import failed",
    MessageName.BATCH_COMPLETED: "A list is complete",
    MessageName.PRODUCT_CHANGED: "A product changed",
    MessageName.PRODUCT_ENHANCED: "Texts were written",
    MessageName.ENHANCEMENT_FAILED: "Texts could not be written",
    MessageName.EXPORT_COMPLETED: "An export is over",
}
MESSAGE_NAMES = {"test": "A test", **{name.value: told for name, told in MESSAGES.items()}}
DELIVERY_STATES = {
    DeliveryState.WAITING: "Waiting",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.FAILED: "Given up",
}
DELIVERY_TONES = {DeliveryState.WAITING: "wait", DeliveryState.DELIVERED: "good", DeliveryState.FAILED: "bad"}
TASKS = {
    Task.TITLE: "Title",
    Task.DESCRIPTION: "Description",
    Task.SEO: "Title and text for search engines",
    Task.BULLETS: "Bullet points",
    Task.TRANSLATION: "Translation",
}
TASKS_TOLD = {
    Task.TITLE: "Brand and kind first, at most 150 characters.",
    Task.DESCRIPTION: "Full sentences, at most 1,500 characters.",
    Task.SEO: "At most 60 and 150 characters.",
    Task.BULLETS: "Three to six.",
    Task.TRANSLATION: "Title and description, into each of the languages below.",
}
TEXT_FIELDS = {
    TextField.TITLE: "Title",
    TextField.DESCRIPTION: "Description",
    TextField.SEO_TITLE: "Title for search engines",
    TextField.SEO_DESCRIPTION: "Text for search engines",
    TextField.BULLETS: "Bullet points",
}
ENHANCEMENT_STATES = {
    EnhancementState.PROPOSED: ("To look at", "wait"),
    EnhancementState.ACCEPTED: ("Accepted", "good"),
    EnhancementState.REJECTED: ("Rejected", "idle"),
    EnhancementState.REFUSED: ("Refused by the check", "bad"),
    EnhancementState.UNCHANGED: ("As on the page", "known"),
    EnhancementState.REPLACED: ("Replaced", "idle"),
}
OFFENCES = {
    "number": "A number that the page does not state",
    "unit": "A measure that the page does not state",
    "material": "A material that the page does not name",
    "claim": "A claim that the page does not make",
    "link": "An address that the page does not have",
    "email": "An address that the page does not have",
    "markup": "Markup instead of plain text",
    "language": "Not in the language that was asked for",
    "length": "Longer than it may be",
}
ROW_STATUSES = {
    RowStatus.IMPORTED: ("Imported", "good"),
    RowStatus.ALREADY_IMPORTED: ("Already imported", "known"),
    RowStatus.RUNNING: ("Running", "busy"),
    RowStatus.QUEUED: ("Queued", "idle"),
    RowStatus.DUPLICATE: ("Twice in the list", "idle"),
    RowStatus.SKIPPED: ("Skipped", "idle"),
    RowStatus.CANCELLED: ("Cancelled", "wait"),
    RowStatus.DELETED: ("Deleted since", "idle"),
    RowStatus.FAILED: ("Failed", "bad"),
    RowStatus.INVALID: ("Not usable", "bad"),
}
SORTS = {
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.NAME: "By name",
    Sort.CHEAPEST: "Price, low to high",
    Sort.DEAREST: "Price, high to low",
    Sort.UPDATED: "Last changed first",
}
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1256": "Arabic (Windows-1256)",
    "gb18030": "Chinese (GB 18030)",
    "shift_jis": "Japanese (Shift JIS)",
}
SCOPES = {
    Scope.READ: ("See products, imports, costs and settings", "sees"),
    Scope.IMPORTS: ("Import, retry and cancel", "imports"),
    Scope.PRODUCTS: ("Change products", "changes products"),
    Scope.EXPORTS: ("Make exports", "exports"),
    Scope.ADMIN: ("Change settings, prices, tokens and webhooks", "changes settings"),
}
DELIMITERS = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
RENDERS = {Render.AUTO: "Where that is needed", Render.FIRST: "First of all", Render.NEVER: "Never"}
STEP_SIDES = {"input": "Input", "output": "Output", "log": "Log", "cost": "Cost", "artifacts": "Artifacts"}
GROUPS, RENEWALS, WHEN_GONE = refresh_words.GROUPS, refresh_words.RENEWALS, refresh_words.WHEN_GONE
COPIES, COLUMNS, USES = copying.TITLES, columns.TITLES, mapping.USES
PROVIDERS, STEPS = titles.PROVIDERS, titles.STEPS
CHECKS = {"database": "Database", "disk": "Disk", "worker": "Worker"}
BULK_ACTS, HINDRANCES = bulk_words.ACTS, bulk_words.HINDRANCES
BULK_STATES, BULK_LEGEND = bulk_words.STATES, bulk_words.LEGEND
BRITISH = "en_GB"  # "a, b or c"
UNKNOWN_FAILURE = "The import did not work"


def step_title(name: str) -> str:
    """Say in words what a step such as `try direct 2` does."""
    return titles.step_title(name, gettext)


def finding_title(code: str) -> str:
    """Say in one sentence what a finding is about."""
    known = CODES.get(code)
    return gettext(known.meaning) if known else code


def act(action: str) -> str:
    """Say in words what an entry of the audit log is about."""
    return gettext(ACTS.get(action, action))


def started_by(import_: Import) -> str:
    """Say who started an import: a person, a token, the schedule or the command line; empty where nobody noted it."""
    asked_by = import_.asked_by
    if import_.scheduled:
        return gettext("the schedule")
    if asked_by == "command line":
        return gettext("the command line")
    kind, _, name = asked_by.partition(" ")
    return gettext("token %(name)s") % {"name": name} if kind == "token" and name else asked_by


def provider_title(provider: str) -> str:
    """Say in words what a provider does."""
    return titles.provider_title(provider, gettext)


def failure_title(failure: Failure) -> str:
    """Say in one sentence what happened, as the error's own class says it."""
    return error_title(failure.code)


def failure_told(failure: Failure) -> str:
    """Say what happened to what, and what to do."""
    return f"{told(failure.detail)} {gettext(failure.advice)}".strip()


def error_title(code: str) -> str:
    """Say in one sentence what an error code stands for."""
    kind = kinds().get(code)
    return gettext(kind.title() if kind else UNKNOWN_FAILURE)


def error_advice(code: str) -> str:
    """Say what to do about an error code."""
    return gettext(kinds().get(code, CartageError).advice)


def error_origin(code: str) -> Origin:
    """Say whose side an error code is on."""
    return kinds().get(code, CartageError).origin


def fields_in_words(names: tuple[str, ...]) -> str:
    """Name fields kindly, as the end of a sentence."""
    words = [gettext(FIELDS.get(name, name.replace("_", " "))) for name in names]
    return format_list(words, style="or", locale=BRITISH if spoken() == OWN else spoken())


def tasks_in_words(wanted: Sequence[Wanted]) -> str:
    """Name tasks as a sentence has them: `title, translation into Arabic`."""
    named = (_task_in_words(each) for each in wanted)
    return gettext(", ").join(f"{name[0].lower()}{name[1:]}" for name in named)


def _task_in_words(wanted: Wanted) -> str:
    task = gettext(TASKS[wanted.task])
    if not wanted.language:
        return task
    return gettext("%(task)s into %(language)s") % {"task": task, "language": language_name(wanted.language, spoken())}
