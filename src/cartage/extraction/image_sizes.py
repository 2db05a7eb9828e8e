"""Which picture an address shows and in which size, as content delivery networks and shop software write it."""

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

UNKNOWN_WIDTH = 10_000
FILE = r"(?=\.\w{3,4}(?:$|\?))"
# Ways of asking a network for a size; without them the same address gives the picture as it was uploaded.
WHOLE = tuple(
    (re.compile(host), re.compile(pattern, re.IGNORECASE), whole)
    for host, pattern, whole in (
        (r"cdn\.shopify\.com|/cdn/shop/|hstatic\.net", rf"_(?:\d+x\d*|x\d+|pico|icon|thumb|small|compact|medium|large|grande|master|\{{width\}}x)(?:_crop_\w+)?(?:@\dx)?{FILE}", ""),
        (r"cdn\.shopify\.com|/cdn/shop/", r"(?<=[?&])(?:width|height|crop|pad_color)=[^&]*&?", ""),
        (r"static\.wixstatic\.com/media/", r"/v1/(?:fill|fit|crop)/.*$", ""),
        (r"(?:media-amazon|ssl-images-amazon)\.com", r"\._[A-Z0-9,_]+_(?=\.\w{3,4}$)", ""),
        (r"i\.ebayimg\.com", r"/s-l\d+(?=\.\w+$)", "/s-l1600"),
        (r"i\.etsystatic\.com", r"/il_(?:\d+x[N\d]+)\.", "/il_fullxfull."),
        (r"(?:alicdn|aliexpress-media)\.com", r"(?<=\.jpg|\.png)_(?:\d+x\d+)?[^/]*$", ""),
        (r"images\.squarespace-cdn\.com|static1\.squarespace\.com", r"\?format=\w+$", ""),
        (r"i5\.walmartimages\.com", r"\?odn.*$", ""),
        (r"image2/", r";max(?:height|width)=\d+", ""),
    )
)  # fmt: skip
QUERY_END = re.compile(r"[?&]+(?=#|$)")
# Networks that fetch another site's picture and shrink it name that picture in their own address.
PROXY = re.compile(
    r"/(?:_next/image|_vercel/image|_ipx|cdn-cgi/image|image/fetch)\b|^https?://(?:wsrv\.nl|images\.weserv\.nl)/",
    re.IGNORECASE,
)
INNER = re.compile(r"/(https?:/{1,2}[^?#]+)$")
PHOTON = re.compile(r"^https?://i\d\.wp\.com/([^?#]+)")

SIZE_WORDS = {
    "xs": 60, "mini": 60, "thumb": 100, "thumbs": 100, "thumbnail": 100, "thumbnails": 100, "tiny": 60, "small": 240, "sm": 240,
    "kucuk": 240, "related": 200, "cart": 125, "home": 250, "detail": 400, "medium": 480, "md": 480, "orta": 480, "preview": 300,
    "generated": 500, "cache": 600, "thumbnail_images": 100, "info_images": 400, "popup_images": 1000, "big": 1000, "lg": 1000,
    "large": 1000, "thickbox": 1100, "buyuk": 1200, "xl": 1400, "detailed": 2000, "zoom": 2000, "full": 2000, "hires": 2000,
    "hi-res": 2000, "orig": 3000, "original": 3000, "originals": 3000, "original_images": 3000, "master": 3000,
}  # fmt: skip
WORDS = "|".join(SIZE_WORDS)
NAMED_FILE = re.compile(rf"[-_.,](mini|thumb(?:nail)?|small|medium|large|big|xl|zoom|original){FILE}", re.IGNORECASE)
NAMED_FOLDER = re.compile(rf"/(?:\d+-)?({WORDS})(?:_default|_main)?(?=/)", re.IGNORECASE)
FILTERED = re.compile(rf"/media/cache/(?:resolve/)?(?:[a-z0-9]+_)+?({WORDS})(?=[_/])")
SIZES = (
    re.compile(r"/v1/(?:fill|fit|crop)/.*$"),
    NAMED_FILE,
    re.compile(
        rf"_(?:\d{{2,4}}x\d{{0,4}}|x\d{{2,4}}|pico|icon|thumb|small|compact|medium|large|grande|master)(?:_crop_\w+)?(?:@\dx)?{FILE}"
    ),
    re.compile(rf"-\d{{2,4}}x\d{{2,4}}{FILE}"),
    re.compile(rf"-(\d{{2,4}})-(?:0|\1){FILE}"),
    re.compile(rf"\._[A-Z0-9,_]+_{FILE}"),
    re.compile(r"/(?:w|h|c|q|f|t|g|e)_[^/]+(?=/)"),
    re.compile(r"/cache/[0-9a-f]{32}(?=/)"),
    re.compile(r"/media/cache/(?:resolve/)?[a-z][a-z0-9]*_[a-z0-9_]*(?=/)"),
    re.compile(r"/(?:s-l\d+|[a-z]?\d{2,4}x\d{2,4})(?=\.\w+$)"),
    re.compile(r"/il_(?:fullxfull|\d+x[N\d]+)(?=\.)"),
    re.compile(rf"\.\d{{2,4}}\.\d{{2,4}}{FILE}"),
    re.compile(r"(?<=\d)-[a-z]+_[a-z0-9_]+(?=/[^/]+$)"),
    re.compile(r"/thumbnails/\d+/\d+(?=/)"),
    re.compile(r"/\d{2,4}x\d{2,4}(?:x\d)?(?=/)|/\d{2,4}_\d{2,4}_\d{2,3}(?=/)|/\d{2,4}w(?=/)"),
    re.compile(r"(?<=/)\d+_\d+_productGfx_"),
    re.compile(r"(?:/[0-9a-f]{2}){2,3}(?=/)"),
)
STORES = re.compile(
    r"/(?:environment|userdata|public|gfx|stencil|images?|imgs?|media|pictures?|files?|catalog|shop)(?=/)",
    re.IGNORECASE,
)
DATED = re.compile(r"/(\d{13})(?:-[A-Z0-9]+)?/([^/]+)$")
# Some networks number their pictures: what follows the number is a size and a name.
NUMBERED = re.compile(
    r"/(?:arquivos/ids/|images/thumbs/|web/image/(?=[\w.]+/\d+/image))((?:[\w.]+/(?=\d+/image))?\d+)(?:[-_/]|$)"
)
PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|bmp)$", re.IGNORECASE)
SIZE_KEY = re.compile(r"(?:w|h|wid|hei|width|height|q|quality|fmt|format|sw|sh|\$.*)(?:=|$)")
WIDTH = re.compile(
    r"(?:^|[?&_/,\-])(?:w|wid|width|sw|imwidth|s-l|sl)[=_]?(\d{2,4})(?!\d)|[_\-/](\d{2,4})x(\d{0,4})|\.(\d{2,4})\.\d{2,4}\.\w{3,4}(?:$|\?)|/(\d{2,4})w/|-(\d{2,4})-(?:0|\6)\.\w{3,4}(?:$|\?)|/thumbs/\d{5,}_[^/]*_(\d{2,4})\.\w{3,4}$|/(\d{2,4})_\d{2,4}_\d{2,3}/|/image_(\d{2,4})(?:/|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def whole_picture(url: str) -> str:
    """Give the address of the picture itself where an address asks a known network for a smaller form of it."""
    url = _proxied(url)
    for host, pattern, whole in WHOLE:
        if host.search(url):
            url = QUERY_END.sub("", pattern.sub(whole, url))
    return url


def _proxied(url: str) -> str:
    """Give the address that a proxy's address names, or the proxy's own where what it names is none."""
    inner = _inner(url)
    try:
        return inner if urlsplit(inner).scheme in ("http", "https") else url
    except ValueError:
        return url


def _inner(url: str) -> str:
    if photon := PHOTON.match(url):
        return f"https://{photon[1]}"
    if not PROXY.search(url):
        return ""
    parts = urlsplit(url)
    asked = parse_qs(parts.query).get("url", [""])[0]
    inner = asked or (match[1] if (match := INNER.search(unquote(parts.path))) else "")
    if inner.startswith("/"):
        return f"{parts.scheme}://{parts.netloc}{inner}"
    return re.sub(r"^(https?):/+", r"\1://", inner)


@lru_cache(maxsize=8192)
def picture_key(url: str) -> str:
    """Reduce an address to what names the picture, without sizes, hosts and query."""
    parts = urlsplit(url)
    if dated := DATED.search(parts.path):
        return f"{dated[1]}/{dated[2]}"
    if numbered := NUMBERED.search(parts.path):
        return f"ids/{numbered[1]}"
    path = parts.path
    for size in SIZES:
        path = size.sub("", path)
    is_file = PICTURE.search(path) is not None
    if is_file:
        path = STORES.sub("", NAMED_FOLDER.sub("", path))
    query = "" if is_file else parts.query
    identity = "&".join(part for part in query.split("&") if not SIZE_KEY.match(part))
    return f"{parts.netloc.lower()}{path}?{identity}" if len(path) < 12 or identity else path.rsplit("/", 1)[-1] + path


def width_of(url: str) -> int:
    """Tell how wide the picture at an address is, as far as the address says; what says nothing is taken for whole."""
    if found := list(WIDTH.finditer(url)):
        match = found[-1]
        return int(next(filter(None, match.groups())))
    if NUMBERED.search(url):
        return UNKNOWN_WIDTH
    if named := NAMED_FILE.search(urlsplit(url).path):
        return SIZE_WORDS[named[1].lower()]
    if filtered := FILTERED.search(url):
        return SIZE_WORDS[filtered[1]]
    folders = NAMED_FOLDER.findall(urlsplit(url).path)
    return min((SIZE_WORDS[folder.lower()] for folder in folders), default=UNKNOWN_WIDTH)
