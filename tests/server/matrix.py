"""Who gets what from each route: the one table that every route must have a row in."""

OK, LOGIN, UNKNOWN, DENIED, MISSING = "ok", "sent to the login", "not known", "not allowed", "not there"

# Pages:     nobody, another merchant, viewer, editor, admin
PUBLIC = (OK, OK, OK, OK, OK)
LIST = (LOGIN, OK, OK, OK, OK)
ONE = (LOGIN, MISSING, OK, OK, OK)
EDIT = (LOGIN, OK, DENIED, OK, OK)
EDIT_ONE = (LOGIN, MISSING, DENIED, OK, OK)
ADMIN = (LOGIN, OK, DENIED, DENIED, OK)
ADMIN_ONE = (LOGIN, MISSING, DENIED, DENIED, OK)
NOWHERE = (MISSING, MISSING, MISSING, MISSING, MISSING)

# The API:   nobody, another merchant's admin token, reading token, writing token, admin token
API_PUBLIC = (OK, OK, OK, OK, OK)
API_LIST = (UNKNOWN, OK, OK, OK, OK)
API_ONE = (UNKNOWN, MISSING, OK, OK, OK)
API_WRITE = (UNKNOWN, OK, DENIED, OK, OK)
API_WRITE_ONE = (UNKNOWN, MISSING, DENIED, OK, OK)
API_ADMIN = (UNKNOWN, OK, DENIED, DENIED, OK)
API_ADMIN_ONE = (UNKNOWN, MISSING, DENIED, DENIED, OK)

PAGES = {
    "GET /": PUBLIC,
    "GET /login": PUBLIC,
    "POST /login": PUBLIC,
    "POST /logout": LIST,
    "GET /join/{secret}": PUBLIC,
    "POST /join/{secret}": PUBLIC,
    "GET /import": LIST,
    "POST /import": EDIT,
    "GET /import/status/{product_id}": ONE,
    "GET /import/status/{product_id}/events": ONE,
    "POST /import/status/{product_id}/retry": EDIT_ONE,
    "POST /import/status/{product_id}/continue": EDIT_ONE,
    "POST /import/status/{product_id}/paste": EDIT_ONE,
    "POST /import/status/{product_id}/cancel": EDIT_ONE,
    "GET /import/many": LIST,
    "POST /import/many": EDIT,
    "GET /import/file": LIST,
    "POST /import/file": EDIT,
    "GET /import/template.csv": LIST,
    "GET /import/check/{draft_id}": ONE,
    "POST /import/check/{draft_id}": EDIT_ONE,
    "GET /batches": LIST,
    "GET /batches/{batch_id}": ONE,
    "GET /batches/{batch_id}/events": ONE,
    "POST /batches/{batch_id}/cancel": EDIT_ONE,
    "POST /batches/{batch_id}/retry": EDIT_ONE,
    "GET /batches/{batch_id}/result.csv": ONE,
    "GET /completions": LIST,
    "GET /products": LIST,
    "GET /products/{product_id}": ONE,
    "GET /products/{product_id}/edit": ONE,
    "POST /products/{product_id}/edit": EDIT_ONE,
    "POST /products/{product_id}/unlock": EDIT_ONE,
    "POST /products/{product_id}/pictures": EDIT_ONE,
    "GET /pictures/{picture_id}/{size}": ONE,
    "GET /imports": LIST,
    "GET /imports/{import_id}": ONE,
    "GET /imports/{import_id}/artifacts/{artifact_id}": ONE,
    "GET /costs": LIST,
    "GET /settings": LIST,
    "GET /settings/schedule": LIST,
    "POST /settings/schedule": ADMIN,
    "POST /settings/tokens": ADMIN,
    "POST /settings/tokens/{token_id}/revoke": ADMIN_ONE,
    "POST /settings/invitations": ADMIN,
    "POST /settings/people/{user_id}/role": ADMIN_ONE,
    "POST /settings/webhooks": ADMIN,
    "POST /settings/webhooks/{endpoint_id}/remove": ADMIN_ONE,
    "POST /settings/deliveries/{delivery_id}/again": ADMIN_ONE,
    "GET /docs": PUBLIC,
    "GET /static/{name:path}": PUBLIC,
    "GET /{path:path}": NOWHERE,
}
API = {
    "GET /openapi.json": API_PUBLIC,
    "GET /.well-known/http-message-signatures-directory": (MISSING, MISSING, MISSING, MISSING),
    "GET /livez": API_PUBLIC,
    "GET /readyz": API_PUBLIC,
    "GET /metrics": API_PUBLIC,
    "GET /api/scrape-status/{job_id}": API_ONE,
    "POST /v1/imports": API_WRITE,
    "GET /v1/imports": API_LIST,
    "GET /v1/imports/{import_id}": API_ONE,
    "POST /v1/imports/{import_id}/retry": API_WRITE_ONE,
    "POST /v1/imports/{import_id}/continue": API_WRITE_ONE,
    "POST /v1/imports/{import_id}/cancel": API_WRITE_ONE,
    "PUT /v1/imports/{import_id}/html": API_WRITE_ONE,
    "GET /v1/imports/{import_id}/artifacts": API_ONE,
    "GET /v1/imports/{import_id}/artifacts/{artifact}": API_ONE,
    "GET /v1/imports/{import_id}/events": API_ONE,
    "GET /v1/events": API_LIST,
    "GET /v1/tokens": API_ADMIN,
    "POST /v1/tokens": API_ADMIN,
    "DELETE /v1/tokens/{token_id}": API_ADMIN_ONE,
    "GET /v1/webhook-endpoints": API_ADMIN,
    "POST /v1/webhook-endpoints": API_ADMIN,
    "POST /v1/webhook-endpoints/{endpoint_id}/test": API_ADMIN_ONE,
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": API_ADMIN_ONE,
    "POST /v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/redeliver": API_ADMIN_ONE,
    "DELETE /v1/webhook-endpoints/{endpoint_id}": API_ADMIN_ONE,
    "GET /v1/products": API_LIST,
    "GET /v1/products/{product_id}": API_ONE,
    "PATCH /v1/products/{product_id}": API_WRITE_ONE,
    "GET /v1/products/{product_id}/events": API_ONE,
    "GET /v1/products/{product_id}/history": API_ONE,
    "POST /v1/products/{product_id}/pictures": API_WRITE_ONE,
    "GET /v1/pictures/{picture_id}/{size}": API_ONE,
    "POST /v1/products/{product_id}/enhance": API_WRITE_ONE,
    "POST /v1/products/{product_id}/enhance/continue": API_WRITE_ONE,
    "GET /v1/products/{product_id}/enhancements": API_ONE,
    "POST /v1/products/{product_id}/enhancements/decisions": API_WRITE_ONE,
    "GET /v1/enhancement": API_LIST,
    "PUT /v1/enhancement": API_WRITE,
    "GET /v1/schedule": API_LIST,
    "PUT /v1/schedule": API_WRITE,
    "GET /v1/costs": API_LIST,
    "GET /v1/export-targets": API_LIST,
    "PUT /v1/export-targets/{target}": API_WRITE,
    "POST /v1/exports": API_WRITE,
    "GET /v1/exports": API_LIST,
    "GET /v1/exports/{export_id}": API_ONE,
    "GET /v1/exports/{export_id}/download": API_ONE,
    "GET /v1/products/{product_id}/exports/{target}": API_ONE,
    "GET /v1/products/{product_id}/price": API_ONE,
    "GET /v1/pricing-rules": API_LIST,
    "PUT /v1/pricing-rules": API_WRITE,
    "POST /v1/pricing-rules/preview": API_WRITE,
    "POST /v1/batches": API_WRITE,
    "GET /v1/batches": API_LIST,
    "GET /v1/batches/{batch_id}": API_ONE,
    "POST /v1/batches/{batch_id}/cancel": API_WRITE_ONE,
    "POST /v1/batches/{batch_id}/retry": API_WRITE_ONE,
    "GET /v1/batches/{batch_id}/rows": API_ONE,
    "GET /v1/batches/{batch_id}/result.csv": API_ONE,
}
