"""Who is asking: the session cookie, and the checks that a form was sent from our own page."""

import functools
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response

from cartage.accounts.service import SESSION_LASTS, Accounts, Login
from cartage.api.scrape_status import SESSION_COOKIE
from cartage.imports.pasting import LONGEST_PASTE_BYTES
from cartage.model.access import Forbidden, Role
from cartage.model.errors import NotAuthenticated
from cartage.model.merchant import Merchant, Session, User
from cartage.model.pause import Pause

LARGEST_FORM = 256 * 1024
LARGEST_PASTE_FORM = 3 * LONGEST_PASTE_BYTES + LARGEST_FORM  # percent-encoding may triple it
LARGEST_UPLOAD = 16 * 1024 * 1024
LARGEST_PICTURES = 40 * 1024 * 1024
LARGEST_BODY = 2 * LARGEST_PASTE_FORM
MOST_READ = 64  # files of a form; how many of them are taken is said with its other errors
MOST_FIELDS = 1020  # a form of two hundred variants has five for each
LENGTH = re.compile("[0-9]{1,18}")
OWN_PAGES = {"same-origin", "none"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Hold who is signed in: the session, its cookie's secret, the merchant acted for, and what that paused."""

    session: Session
    secret: str
    merchant: Merchant
    user: User
    pauses: Sequence[Pause] = ()

    @property
    def merchant_id(self) -> str:
        """Name the merchant that everything shown belongs to."""
        return self.session.merchant_id

    def may(self, role: str) -> bool:
        """Tell whether the visitor's role is enough."""
        return self.user.role.covers(Role(role))


@dataclass(frozen=True, slots=True)
class Upload:
    """Hold a file that came with a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """Hold a form that a signed-in visitor sent from our own page, with its files where it has some.

    Where they are `too_large`, there are none, and the fields are there all the same.
    """

    visitor: Visitor
    fields: dict[str, str]
    uploads: tuple[Upload, ...] = ()
    too_large: bool = False

    @property
    def upload(self) -> Upload | None:
        """Give the form's first file."""
        return self.uploads[0] if self.uploads else None

    @property
    def merchant_id(self) -> str:
        """Name the merchant that the form acts for."""
        return self.visitor.merchant_id

    @property
    def asked_by(self) -> str:
        """Name the person who sent the form, as records name people."""
        return self.visitor.user.email


@dataclass(frozen=True, slots=True)
class Sessions:
    """Tell visitors apart by their cookie, and trust only forms of our own."""

    accounts: Accounts
    secure: bool

    async def visitor(self, request: Request) -> Visitor:
        """Find who is signed in; raises `NotAuthenticated`."""
        secret = request.cookies.get(SESSION_COOKIE, "")
        session = await self.accounts.session(secret) if secret else None
        if session is None:
            raise NotAuthenticated("Nobody is logged in.")
        user = await self.accounts.user(session.user_id)
        merchant = await self.accounts.merchant(session.merchant_id)
        found = Visitor(session, secret, merchant, user, await self.accounts.store.pauses.pauses(merchant.id))
        request.state.visitor = found
        return found

    async def anyone(self, request: Request) -> Visitor | None:
        """Find who is signed in, if anyone is."""
        try:
            return await self.visitor(request)
        except NotAuthenticated:
            return None

    async def posted(self, request: Request) -> Posted:
        """Read an editor's form; one without the session's own token is refused."""
        return await self._posted(request, LARGEST_FORM, Role.EDITOR)

    async def pasted(self, request: Request) -> Posted:
        """Read an editor's form that carries a page's HTML."""
        return await self._posted(request, LARGEST_PASTE_FORM, Role.EDITOR)

    async def uploaded(self, request: Request) -> Posted:
        """Read an editor's form that carries a file; one that is too large leaves the fields."""
        return await self._posted(request, LARGEST_UPLOAD, Role.EDITOR, bound=LARGEST_BODY)

    async def pictured(self, request: Request) -> Posted:
        """Read an editor's form that carries pictures; where they are too large, the fields are left."""
        return await self._posted(request, LARGEST_PICTURES, Role.EDITOR, MOST_READ, bound=LARGEST_BODY)

    async def administered(self, request: Request) -> Posted:
        """Read an admin's form."""
        return await self._posted(request, LARGEST_FORM, Role.ADMIN)

    async def operated(self, request: Request) -> Posted:
        """Read a form of an admin of the operator's own business."""
        posted = await self.administered(request)
        await self.accounts.check_operates(posted.merchant_id)
        return posted

    async def posted_by_anyone(self, request: Request) -> Posted:
        """Read a form of whoever is signed in."""
        return await self._posted(request, LARGEST_FORM, Role.VIEWER)

    def begin(self, response: Response, login: Login) -> None:
        """Give the browser the new session's cookie."""
        response.set_cookie(
            SESSION_COOKIE,
            login.secret,
            max_age=int(SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self.secure,
        )

    def forget(self, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=self.secure)

    async def _posted(self, request: Request, largest: int, needed: Role, most: int = 1, *, bound: int = 0) -> Posted:
        visitor = await self.visitor(request)
        fields, uploads = await read_uploads(request, largest, most, bound or largest)
        if not hmac.compare_digest(fields.get("csrf", "").encode(), visitor.session.csrf.encode()):
            raise HTTPException(403, "The form did not come from the page we gave you, or that page is too old.")
        if not visitor.user.role.covers(needed):
            raise Forbidden(f"Your role, {visitor.user.role.value}, may not do this.")
        action = str(getattr(request.scope.get("route"), "path", request.url.path))
        named = [*request.path_params.values(), *filter(None, [fields.get("site")])]
        request.state.note = functools.partial(
            self.accounts.note, visitor.merchant_id, visitor.user.email, action, " ".join(named)
        )
        return Posted(visitor, fields, uploads or (), too_large=uploads is None)


def only_looked(request: Request) -> None:
    """Keep a form that asked to see something, and for nothing to be done, out of the audit log."""
    request.state.note = None


async def read_form(request: Request, largest: int = LARGEST_FORM) -> dict[str, str]:
    """Read a form's text fields; raises as `read_uploads` does."""
    return (await read_uploads(request, largest, 1, largest))[0]


async def read_uploads(
    request: Request, largest: int, most: int, bound: int
) -> tuple[dict[str, str], tuple[Upload, ...] | None]:
    """Read a form's text fields, and its files; None in their place where these are larger than `largest` together.

    One sent from another site's page, of more files than these or bytes than the bound, or that cannot be read is
    refused.
    """
    if _is_foreign(request):
        raise HTTPException(403, "The form was sent from another site's page.")
    if _length(request) > bound:
        raise HTTPException(413, "The form is larger than any that belongs here.")
    uploads, left = list[Upload](), largest
    try:
        async with request.form(max_files=most, max_fields=MOST_FIELDS, max_part_size=largest) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            for _, file in form.multi_items():
                if not isinstance(file, str):
                    uploads.append(Upload(file.filename or "", await file.read(max(left, 0) + 1)))
                    left -= len(uploads[-1].content)
    except UnicodeError as error:
        raise HTTPException(400, "The form is written in characters that nobody can read.") from error
    if left < 0 and bound <= largest:
        raise HTTPException(413, "The file is larger than any that belongs here.")
    return fields, None if left < 0 else tuple(uploads)


def _length(request: Request) -> int:
    """Read how long a form says it is; 0 where it does not say."""
    written = request.headers.get("content-length", "0")
    if not LENGTH.fullmatch(written):
        raise HTTPException(400, "The form's length is not a number of bytes.")
    return int(written)


def _is_foreign(request: Request) -> bool:
    """Go by `Sec-Fetch-Site`, else by `Origin`: browsers send at least one, and no script can forge either."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in OWN_PAGES
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
