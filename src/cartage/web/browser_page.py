"""The page in front of a person, HTML included: a bookmark hands it to a form, and only a click there imports it."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.service import Imports
from cartage.model.errors import CartageError, Conflict, Origin
from cartage.web.answers import go
from cartage.web.importing import status_path
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor

PATH = "/import/page"
ASKED = "cartage: hand the page over"
BOOKMARK = (
    "(()=>{const site=%(site)s,opened=open(site+%(path)s);"
    "if(!opened){alert('Let this site open a tab, then click the bookmark again.');return}"
    "const hand=event=>{if(event.source!==opened||event.origin!==site||event.data!==%(asked)s)return;"
    "removeEventListener('message',hand);"
    "opened.postMessage({url:location.href,html:document.documentElement.outerHTML},site)};"
    "addEventListener('message',hand)})()"
)


def add_browser_page(router: APIRouter, imports: Imports, sessions: Sessions, site_url: str) -> None:
    """Add the form that takes a page with its HTML, and the bookmark that fills it in."""

    async def shown(request: Request, status: int = 200, **context: Any) -> Response:
        site = site_url or str(request.base_url).rstrip("/")
        return page(request, "browser_page.html", status, bookmark=bookmark(site), asked=ASKED, **context)

    @router.get(PATH)
    async def show_form(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        del visitor
        return await shown(request, url="", error=None)

    @router.post(PATH)
    async def submit(request: Request, posted: Annotated[Posted, Depends(sessions.pasted)]) -> Response:
        url = posted.fields.get("url", "")
        try:
            own = imports.by(posted.asked_by)
            submission = await own.submit_page(posted.merchant_id, url, posted.fields.get("html", ""))
        except CartageError as error:
            if error.origin is not Origin.YOU:
                raise
            status = 409 if isinstance(error, Conflict) else 422
            return await shown(request, status, url=url, error=error.failure())
        return go(status_path(submission.product.id))


def bookmark(site: str) -> str:
    """Give the bookmark's address: a script that opens the form at a site and hands it the page, and nothing else."""
    script = BOOKMARK % {"site": _quoted(site), "path": _quoted(PATH), "asked": _quoted(ASKED)}
    return "javascript:" + quote(script, safe="()[]{}!'=,;:.>|&+/?")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
