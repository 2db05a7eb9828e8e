"""The key that signs our visits, shown to sites that want to check them."""

import json

from fastapi import FastAPI, Response

from cartage.fetching.signing import Signer
from cartage.model.errors import NotFound

MEDIA_TYPE = "application/http-message-signatures-directory+json"


def add_key_directory(server: FastAPI, signer: Signer | None) -> None:
    """Add the directory at its well-known path; nothing is there without a key."""

    @server.get("/.well-known/http-message-signatures-directory", include_in_schema=False)
    async def directory() -> Response:
        if signer is None:
            raise NotFound("Visits from here are not signed.")
        headers = {"Cache-Control": "max-age=86400"}
        return Response(json.dumps(signer.directory), headers=headers, media_type=MEDIA_TYPE)
