"""What a token must be allowed for each route of the API: the one table that every route is looked up in."""

from collections.abc import Mapping

from cartage.model.access import Scope
from cartage.model.bulk import Act

READ, IMPORTS, PRODUCTS, EXPORTS, ADMIN = Scope.READ, Scope.IMPORTS, Scope.PRODUCTS, Scope.EXPORTS, Scope.ADMIN

STATUS = "/api/scrape-status/{job_id}"
ASKED: Mapping[str, tuple[Scope, ...]] = {
    f"GET {STATUS}": (READ, IMPORTS),
    "POST /v1/imports": (IMPORTS,),
    "GET /v1/imports/{import_id}": (READ, IMPORTS),
    "GET /v1/imports/{import_id}/events": (READ, IMPORTS),
    "POST /v1/imports/{import_id}/retry": (IMPORTS,),
    "POST /v1/imports/{import_id}/continue": (IMPORTS,),
    "POST /v1/imports/{import_id}/cancel": (IMPORTS,),
    "PUT /v1/imports/{import_id}/html": (IMPORTS,),
    "POST /v1/batches": (IMPORTS,),
    "GET /v1/batches/{batch_id}": (READ, IMPORTS),
    "GET /v1/batches/{batch_id}/rows": (READ, IMPORTS),
    "GET /v1/batches/{batch_id}/result.csv": (READ, IMPORTS),
    "POST /v1/batches/{batch_id}/cancel": (IMPORTS,),
    "POST /v1/batches/{batch_id}/retry": (IMPORTS,),
    "POST /v1/products/{product_id}/refresh": (IMPORTS,),
    "POST /v1/products/{product_id}/pictures": (IMPORTS,),
    "PATCH /v1/products/{product_id}": (PRODUCTS,),
    "POST /v1/products/{product_id}/pictures/files": (PRODUCTS,),
    "POST /v1/products/{product_id}/review": (PRODUCTS,),
    "POST /v1/products/{product_id}/enhance": (PRODUCTS,),
    "POST /v1/products/{product_id}/enhance/continue": (PRODUCTS,),
    "POST /v1/products/{product_id}/enhancements/decisions": (PRODUCTS,),
    "POST /v1/bulk-actions": (IMPORTS, PRODUCTS),
    "GET /v1/bulk-actions/{action_id}": (READ, IMPORTS, PRODUCTS),
    "POST /v1/bulk-actions/{action_id}/stop": (IMPORTS, PRODUCTS),
    "POST /v1/bulk-actions/{action_id}/undo": (IMPORTS, PRODUCTS),
    "POST /v1/exports": (EXPORTS,),
    "GET /v1/exports/{export_id}": (READ, EXPORTS),
    "GET /v1/exports/{export_id}/download": (READ, EXPORTS),
    "POST /v1/feeds": (EXPORTS,),
    "GET /v1/feeds": (EXPORTS,),
    "GET /v1/feeds/{feed_id}": (EXPORTS,),
    "PATCH /v1/feeds/{feed_id}": (EXPORTS,),
    "DELETE /v1/feeds/{feed_id}": (EXPORTS,),
    "POST /v1/feeds/{feed_id}/rotate": (EXPORTS,),
    "POST /v1/feeds/{feed_id}/make": (EXPORTS,),
    "POST /v1/pricing-rules/preview": (READ,),
    "PUT /v1/pricing-rules": (ADMIN,),
    "PUT /v1/export-targets/{target}": (ADMIN,),
    "PUT /v1/enhancement": (ADMIN,),
    "PUT /v1/schedule": (ADMIN,),
    "PUT /v1/refresh-policy": (ADMIN,),
    "PUT /v1/retention": (ADMIN,),
    "PATCH /v1/merchant": (ADMIN,),
    "GET /v1/workers": (ADMIN,),
    "GET /v1/pauses": (READ, IMPORTS),
    "PUT /v1/pauses/{site}": (IMPORTS,),
    "DELETE /v1/pauses/{site}": (IMPORTS,),
    "GET /v1/spacings": (ADMIN,),
    "PUT /v1/spacings/{site}": (ADMIN,),
    "DELETE /v1/spacings/{site}": (ADMIN,),
    "GET /v1/tokens": (ADMIN,),
    "POST /v1/tokens": (ADMIN,),
    "DELETE /v1/tokens/{token_id}": (ADMIN,),
    "GET /v1/webhook-endpoints": (ADMIN,),
    "POST /v1/webhook-endpoints": (ADMIN,),
    "PATCH /v1/webhook-endpoints/{endpoint_id}": (ADMIN,),
    "DELETE /v1/webhook-endpoints/{endpoint_id}": (ADMIN,),
    "POST /v1/webhook-endpoints/{endpoint_id}/enable": (ADMIN,),
    "POST /v1/webhook-endpoints/{endpoint_id}/test": (ADMIN,),
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": (ADMIN,),
    "POST /v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/redeliver": (ADMIN,),
}


def asked_for(method: str, *, path: str) -> tuple[Scope, ...]:
    """Give the scopes of which a token needs one; a route that only reads and is not named asks to read.

    Raises `LookupError` for any other: what is not named here is not served.
    """
    named = ASKED.get(f"{method} {path}")
    if named is None and method != "GET":
        raise LookupError(f"No scope is named for {method} {path}.")
    return named or (READ,)


def asked_by(act: Act) -> Scope:
    """Give the scope that an act on many products needs."""
    return IMPORTS if act.imports or act is Act.CANCEL else PRODUCTS
