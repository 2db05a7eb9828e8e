"""Links of a page that may lead to products: on its own site, and neither back to the page nor into its workings."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from cartage.model.listed import Listed

FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|pdf|zip|mp4|css|js|xml|json)$", re.IGNORECASE)
WORKINGS = re.compile(
    r"/(?:cart|basket|checkout|wish-?lists?|favou?rites|compare|comparison|log-?in|sign-?in|register|account|my-?account"
    r"|quick-?view|share|reviews?)(?:\.\w+)?/?$|/(?:cart|checkout|compare|wish-?list)/(?:add|remove)|/page/\d+/?$"
    r"|/sspa/click|/gp/(?:slredirect|help|cart)|/ajax",
    re.IGNORECASE,
)
ACTING = re.compile(
    r"add[-_]to[-_]?(?:cart|wishlist|compare)|action|quick-?view|return_?url|return_to|redirect(?:_url|_to)?",
    re.IGNORECASE,
)
# What a query says of the visit or of the product's variant, but not of which product it is.
ASIDE = re.compile(
    r"utm_.*|_pos|_sid|_ss|_psq|_fid|_v|gclid|fbclid|srsltid|variant|variation|variationid|attribute_.*|colou?r|size|ref|ref_"
    r"|qid|sr|keywords|psc|th|_encoding|pd_rd_.*|pf_rd_.*|content-id|dib|dib_tag|crid|sprefix|s|position|pos|list|from"
    r"|page|sort|orderby|q|query|search|searchterm",
    re.IGNORECASE,
)
# Where one script serves all pages, another query is another page.
SCRIPT = re.compile(r"\.(?:php|aspx?|cfm|jsp|do)$|^/?$", re.IGNORECASE)
MARKETPLACE_REFERENCE = re.compile(r"/ref=.*$")
COLLECTION = re.compile(r"^(?:/[a-z]{2}(?:-[a-z]{2})?)?/collections/[^/]+(?=/products/[^/]+/?$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Links:
    """Judge the links of the page at `own`; relative ones start from `base`."""

    own: str
    base: str

    def usable(self, href: str) -> str:
        """Give the absolute address that a link leads to, empty where that cannot be a product of this site."""
        href = href.strip()
        if not href or href.startswith("#"):
            return ""
        try:
            url = urldefrag(urljoin(self.base, href)).url
            parts, own = urlsplit(url), urlsplit(self.own)
        except ValueError:
            return ""
        if parts.scheme not in {"http", "https"} or not _same_site(parts, own):
            return ""
        path = MARKETPLACE_REFERENCE.sub("", parts.path)
        if _leads_nowhere(parts, path) or _is_own(parts, own):
            return ""
        return parts._replace(path=COLLECTION.sub("", path)).geturl()


def each_once(found: Iterable[Listed]) -> list[Listed]:
    """Give each product once, by the first name that it has; queries tell products apart where paths do not.

    What of a query tells of the visit, or of a product's variant, is left out.
    """
    listed = list(found)
    paths = Counter(urlsplit(url).path for url in {each.url for each in listed})
    by_path = max(paths.values(), default=0) <= max(2, len(paths))
    named: dict[str, Listed] = {}
    for each in listed:
        parts = urlsplit(each.url)
        told = [each for each in parse_qsl(parts.query, keep_blank_values=True) if not ASIDE.fullmatch(each[0])]
        path = parts.path.rstrip("/").lower()
        key = path if by_path else f"{path}?{urlencode(sorted(told))}"
        known = named.get(key) or Listed(url=parts._replace(query=urlencode(told)).geturl())
        named[key] = known if known.name else known.model_copy(update={"name": each.name})
    return list(named.values())


def _same_site(parts: SplitResult, own: SplitResult) -> bool:
    one, other = ((each.hostname or "").removeprefix("www.") for each in (parts, own))
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _leads_nowhere(parts: SplitResult, path: str) -> bool:
    if path in {"", "/"} and not parts.query:
        return True
    if FILE.search(path) or WORKINGS.search(path):
        return True
    return any(ACTING.fullmatch(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))


def _is_own(parts: SplitResult, own: SplitResult) -> bool:
    """Tell whether a link leads back to the page, sorted, filtered or turned over."""
    if parts.path.rstrip("/") != own.path.rstrip("/"):
        return False
    here, there = ({name for name, _ in parse_qsl(each.query)} for each in (own, parts))
    told = {name for name in there - here if not ASIDE.fullmatch(name)}
    return not (told and SCRIPT.search(parts.path))
