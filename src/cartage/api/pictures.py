"""Pictures in the API: the copies that are kept of products' images, and files that are uploaded."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from cartage.api.callers import Asker
from cartage.api.versions import tell_version
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.imports.uploads import LARGEST_FILE, MOST_FILES, File, Uploads
from cartage.model.arrangement import LONGEST_ALT
from cartage.model.errors import InvalidInput
from cartage.model.picture import MEDIA_TYPE, Size
from cartage.wire.catalogue import ImportOut, ProductOut

HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
WEBP: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}

MULTIPART = "multipart/form-data"
YES = {"true", "1", "yes"}
DRY: dict[int | str, dict[str, Any]] = {
    200: {"model": ProductOut, "description": "All could be taken; the product is as it was."}
}
SMALL_FIELD = 64 * 1024
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_FILES,
                            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                            "description": "JPEG, PNG, GIF, WebP or AVIF, each of at most 12 MB.",
                        },
                        "alt": {"type": "string", "maxLength": LONGEST_ALT, "description": "Words for them."},
                        "first": {
                            "type": "boolean",
                            "default": False,
                            "description": "They come first, and stand for the product.",
                        },
                        "dry_run": {
                            "type": "boolean",
                            "default": False,
                            "description": "Only tell what cannot be taken; the product stays as it is.",
                        },
                    },
                }
            }
        },
    }
}


def add_pictures(router: APIRouter, imports: Imports, uploads: Uploads, merchant: Any) -> None:
    """Add the pictures, fetching a product's anew, and uploading some."""
    _add_uploading(router, Upkeep(imports.store), uploads, merchant)

    @router.get("/v1/pictures/{picture_id}/{size}", tags=["products"], response_class=Response, responses=WEBP)
    async def get_picture(picture_id: str, size: Size, *, merchant_id: str = merchant) -> Response:
        """Get a picture as WebP: `full` has at most 2048 pixels a side, `small` 480.

        Ids stand in `pictures` of a product. 404 where there is no such picture of yours, or no copy of it is kept any
        more.
        """
        content = await imports.store.gallery.get(merchant_id, picture_id, size)
        return Response(content, headers=HEADERS, media_type=MEDIA_TYPE)

    @router.post("/v1/products/{product_id}/pictures", status_code=202, tags=["products"])
    async def fetch_pictures(product_id: str, asked_by: Asker, *, merchant_id: str = merchant) -> ImportOut:
        """Fetch an imported product's pictures again, and nothing else.

        409 for any other product, and where keeping pictures is switched off.
        """
        return ImportOut.of((await imports.by(asked_by).fetch_pictures(merchant_id, product_id)).import_)


def _add_uploading(router: APIRouter, upkeep: Upkeep, uploads: Uploads, merchant: Any) -> None:
    @router.post(
        "/v1/products/{product_id}/pictures/files",
        status_code=201,
        tags=["products"],
        openapi_extra=BODY,
        responses=DRY,
    )
    async def upload_pictures(
        product_id: str, request: Request, response: Response, *, merchant_id: str = merchant
    ) -> ProductOut:
        """Show pictures from files with a product, behind its others; no import takes them away.

        All of them or none: what cannot be taken is named by its place. Shops fetch them at their link `public` where
        this server has a public address; where it has none, exports leave them out, and say so. 409 where keeping
        pictures is switched off.
        """
        await upkeep.store.catalogue.product(merchant_id, product_id)
        form = await _form_of(request)
        uploaded = await uploads.keep(merchant_id, form.files)
        for refusal in uploaded.refused.values():
            raise refusal
        response.status_code = 200 if form.dry_run else 201
        product = await upkeep.hang(
            merchant_id, product_id, uploaded.kept, form.alt, first=form.first, dry_run=form.dry_run
        )
        tell_version(response, product)
        return ProductOut.of(product, evidence=True)


@dataclass(frozen=True, slots=True)
class _Form:
    files: list[File]
    alt: str
    first: bool
    dry_run: bool


async def _form_of(request: Request) -> _Form:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MULTIPART:
        raise HTTPException(415, f"Send the files as {MULTIPART}.")
    async with request.form(max_files=MOST_FILES, max_fields=10, max_part_size=SMALL_FIELD) as form:
        entries = form.multi_items()
        files = [
            File(each.filename or name, await each.read(LARGEST_FILE + 1))
            for name, each in entries
            if not isinstance(each, str)
        ]
        told = {name: each for name, each in entries if isinstance(each, str)}
    if not files:
        raise InvalidInput("There is no file in the form.", "/files")
    alt = told.get("alt", "").strip()
    if len(alt) > LONGEST_ALT:
        raise InvalidInput(f"Alt text has at most {LONGEST_ALT} letters.", "/alt")
    first, dry_run = (told.get(name, "").lower() in YES for name in ("first", "dry_run"))
    return _Form(files, alt, first, dry_run)
