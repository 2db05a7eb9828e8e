"""What of each kind of record stands in a table: its headings, and where below them."""

from cartage.cli.record import Columns

PRODUCT: Columns = {
    "id": "id",
    "status": "status",
    "price": "facts.price",
    "name": "facts.name|source_url",
    "error": "error.code",
}
PRODUCT_IN_FULL: Columns = {
    "id": "id",
    "status": "status",
    "name": "facts.name",
    "brand": "facts.brand",
    "price": "facts.price",
    "regular price": "facts.regular_price",
    "availability": "facts.availability",
    "sku": "facts.sku",
    "gtin": "facts.gtin",
    "weight in grams": "facts.weight_grams",
    "variants": "facts.variants.sku",
    "missing": "missing",
    "locked": "locked",
    "your id": "external_id",
    "error": "error.detail",
    "what to do": "error.advice",
    "address": "source_url",
    "import": "import_id",
    "updated": "updated_at",
}
IMPORT: Columns = {"id": "id", "status": "status", "error": "error.code", "address": "url"}
IMPORT_IN_FULL: Columns = {
    "id": "id",
    "status": "status",
    "address": "url",
    "product": "product_id",
    "begun": "created_at",
    "your id": "external_id",
    "asked for by": "asked_by",
    "ended": "finished_at",
    "paused": "paused.paused_at",
    "paused by": "paused.paused_by",
    "in line": "queue_position",
    "steps": "steps.name",
    "how far": "steps.status",
    "providers": "attempts.provider",
    "http": "attempts.http_status",
    "cost": "cost",
    "error": "error.detail",
    "what to do": "error.advice",
}
ENHANCEMENT: Columns = {"id": "id", "task": "task", "field": "field", "status": "status", "text": "text"}
BATCH: Columns = {"id": "id", "status": "status", "rows": "total", "counts": "counts", "begun": "created_at"}
CHECK: Columns = {
    "rows": "total",
    "new": "new",
    "already imported": "already_imported",
    "twice": "duplicate",
    "skipped": "skipped",
    "not usable": "invalid",
    "used": "used",
    "handed back": "handed_back",
    "seconds": "seconds",
    "costs at most": "most_cost",
    "row": "errors.row",
    "line": "errors.error.line",
    "amiss": "errors.error.detail",
}
BULK: Columns = {"id": "id", "status": "status", "action": "action", "match": "total", "done": "done"}
FORECAST: Columns = {"id": "id", "can": "can", "cannot": "cannot", "why not": "why_not"}
EXPORT: Columns = {"id": "id", "status": "status", "target": "target", "products": "done", "error": "error.detail"}
FEED: Columns = {
    "id": "id",
    "status": "status",
    "name": "name",
    "target": "target",
    "products": "serving.report.products",
    "fetched": "fetched_at",
    "address": "address",
}
FEED_IN_FULL: Columns = {
    "id": "id",
    "status": "status",
    "name": "name",
    "address": "address",
    "target": "target",
    "filter": "filter",
    "settings": "settings",
    "at the latest every (hours)": "every_hours",
    "products": "serving.report.products",
    "made": "serving.finished_at",
    "newest": "newest.id",
    "how far": "newest.status",
    "found": "newest.report.groups.code",
    "error": "newest.error.detail",
    "fetched": "fetched_at",
    "by": "fetched_by",
}
EVENT: Columns = {"at": "at", "event": "name", "import": "import_id", "product": "product_id", "data": "data"}
COSTS: Columns = {"name": "name", "tries": "attempts", "known cost": "known_cost", "cost not known": "unknown"}
DIFFERENCE: Columns = {"field": "field", "is": "kind", "before": "before", "now": "after", "kept because": "kept"}
HISTORY: Columns = {"from": "at", "price": "price", "availability": "availability"}
MERCHANT: Columns = {"id": "id", "name": "name", "currency": "currency", "units": "units"}
PROFILE: Columns = {"profile": "profile", "url": "url"}
TOKEN: Columns = {
    "id": "id",
    "name": "name",
    "scopes": "scopes",
    "created": "created_at",
    "ends": "expires_at",
    "last used": "last_used_at",
    "from": "last_used_from",
    "revoked": "revoked_at",
}
MADE_TOKEN: Columns = {"id": "id", "name": "name", "scopes": "scopes", "token": "token"}
PAUSE: Columns = {"site": "site", "waiting": "waiting", "paused by": "paused_by", "since": "paused_at"}
SPACING: Columns = {"site": "site", "seconds": "seconds", "set by": "set_by", "set": "set_at"}
SETTING: Columns = {"setting": "setting", "value": "value", "from": "from"}
