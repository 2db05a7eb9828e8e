"""Every setting: its name, default and one-line help; the only place that reads the environment."""

import ipaddress
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from cartage.model.errors import Misconfigured

EngineName = Literal["embedded", "inline", "elsewhere", "inngest"]
Whence = Literal["environment", "file", "default"]
PREFIX = "CARTAGE_"


class Settings(BaseSettings):
    """Hold the installation's settings, read from `CARTAGE_*` variables and a `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_parse_none_str="none",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data_dir: Path = Field(
        default=Path("data"), description="Folder for the database, the engine's journal and the lock."
    )
    database_url: str = Field(
        default="", description="SQLAlchemy address of the database; SQLite in the data folder if empty."
    )
    engine: EngineName = Field(
        default="embedded", description="What finishes imports: embedded, inngest, inline or elsewhere."
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the server listens on.")
    public_url: str = Field(
        default="",
        description="Address people and shops reach the server at, for links and uploaded pictures; host and port if "
        "empty.",
    )
    allowed_hosts: frozenset[str] = Field(
        default=frozenset(), description="Host names that requests may ask for, besides the public one and addresses."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        max_length=1000,
        pattern=r"^[0-9A-Fa-f.:/, ]*$",
        description="Addresses or networks of proxies in front, believed when they say whose request it is.",
    )
    secure_cookies: bool = Field(
        default=False, description="Send the login cookie over https only; switch on behind TLS."
    )
    disk_reserve_mb: int = Field(
        default=1024,
        ge=0,
        description="Megabytes on the data's disk below which no import begins; 0 asks for none. Not for Postgres.",
    )
    retry_attempts: int = Field(default=3, ge=1, le=10, description="Tries of one provider before the next one.")
    retry_first_delay_seconds: float = Field(default=5.0, ge=0, description="Wait after the first failed try; doubles.")
    fetch_deadline_seconds: float = Field(default=60.0, gt=0, description="Time in which a page must have arrived.")
    browser: str = Field(
        default="auto",
        description="Chromium for pages that plain HTTP cannot get: auto (the system's, if any), off, or its path.",
    )
    extra_ports: frozenset[int] = Field(
        default=frozenset(), description="Ports besides 80 and 443 that may be fetched."
    )
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description="HTTP proxy that shops and services are reached through: `http://name:password@host:port`.",
    )
    robots: Literal["obey", "ignore"] = Field(
        default="obey", description="Whether a site's robots.txt is obeyed or ignored."
    )
    host_spacing_seconds: float = Field(
        default=1.0, ge=0, le=600, description="Pause between two visits to a site (a registrable domain)."
    )
    signing_key_file: Path | None = Field(
        default=None, description="File with an Ed25519 key (PEM) that signs visits to sites (Web Bot Auth)."
    )
    contact: str = Field(
        default="",
        max_length=200,
        pattern=r"^[!-'*-~]*$",
        description="Address or e-mail that sites can write to about visits; goes into the User-Agent.",
    )
    pictures: Literal["on", "off"] = Field(
        default="on", description="Whether copies of products' pictures are kept: on or off."
    )
    pictures_per_product: int = Field(default=30, ge=1, le=200, description="Pictures that are kept of one product.")
    pictures_space_mb: int = Field(
        default=2048, ge=1, description="Megabytes that one merchant's pictures may take; further ones are left out."
    )
    concurrency: int = Field(default=8, ge=1, le=64, description="Imports that fetch at the same time.")
    merchant_concurrency: int = Field(default=6, ge=1, le=64, description="Of these, imports of one merchant.")
    host_concurrency: int = Field(default=2, ge=1, le=64, description="Of these, imports from one host.")
    zyte_key: SecretStr = Field(default=SecretStr(""), description="Key of Zyte API; its provider is used if set.")
    zyte_price: Decimal | None = Field(default=None, ge=0, description="US dollars that a call of Zyte costs.")
    oxylabs_key: SecretStr = Field(
        default=SecretStr(""), description="Oxylabs' API user as `name:password`; its provider is used if set."
    )
    oxylabs_price: Decimal | None = Field(default=None, ge=0, description="US dollars that a call of Oxylabs costs.")
    firecrawl_key: SecretStr = Field(
        default=SecretStr(""), description="Key of Firecrawl; its provider is used if set."
    )
    firecrawl_price: Decimal | None = Field(
        default=None, ge=0, description="US dollars that a credit of Firecrawl costs."
    )
    firecrawl_url: str = Field(default="https://api.firecrawl.dev", description="Address of Firecrawl's API.")
    apify_key: SecretStr = Field(default=SecretStr(""), description="Token of Apify; its provider is used if set.")
    apify_price: Decimal | None = Field(default=None, ge=0, description="US dollars that a run of the Actor costs.")
    apify_actor: str = Field(
        default="apify~e-commerce-scraping-tool", description="Actor that reads products at Apify."
    )
    budget_import: Decimal | None = Field(
        default=Decimal("0.10"),
        ge=0,
        description="US dollars that one import may spend before it asks; `none`: no cap.",
    )
    budget_batch: Decimal | None = Field(
        default=Decimal(20), ge=0, description="US dollars that a batch may spend before its imports ask."
    )
    budget_merchant_day: Decimal | None = Field(
        default=Decimal(20), ge=0, description="US dollars that a merchant may spend in a day (UTC)."
    )
    budget_day: Decimal | None = Field(
        default=Decimal(50), ge=0, description="US dollars that the whole installation may spend in a day (UTC)."
    )
    assumed_cost: Decimal = Field(
        default=Decimal("0.01"), ge=0, description="US dollars that a call of unknown cost weighs against the budgets."
    )
    model: str = Field(
        default="",
        description="Language model: `openai:`, `anthropic:` or `google:` and the model's name; none if empty.",
    )
    model_url: str = Field(
        default="",
        description="Address of the model's API, for a server of your own (Ollama, vLLM, llama.cpp: with `openai:`).",
    )
    model_key: SecretStr = Field(default=SecretStr(""), description="Key of the language model's API.")
    model_deadline_seconds: float = Field(
        default=120.0, gt=0, le=1800, description="Time in which a language model must have answered."
    )
    model_price_in: Decimal | None = Field(
        default=None, ge=0, description="US dollars for a million tokens in, where no public table knows the price."
    )
    model_price_out: Decimal | None = Field(default=None, ge=0, description="US dollars for a million tokens out.")
    model_price_cached: Decimal | None = Field(
        default=None, ge=0, description="US dollars for a million tokens in that the provider had cached."
    )
    fill: Literal["off", "thin", "missing"] = Field(
        default="thin",
        description="When the language model is asked: for `thin` pages, for whatever is `missing` of any, or `off`.",
    )
    inngest_url: str = Field(
        default="http://127.0.0.1:8288",
        validation_alias=AliasChoices("CARTAGE_INNGEST_URL", "INNGEST_BASE_URL"),
        description="Address of the Inngest server (`INNGEST_BASE_URL` works too).",
    )
    inngest_dev: str = Field(
        default="",
        validation_alias=AliasChoices("CARTAGE_INNGEST_DEV", "INNGEST_DEV"),
        description="1, or the address of a dev server, for one without keys; on loopback only (`INNGEST_DEV` too).",
    )
    inngest_event_key: str = Field(
        default="",
        validation_alias=AliasChoices("CARTAGE_INNGEST_EVENT_KEY", "INNGEST_EVENT_KEY"),
        description="Key under which Inngest takes events (`INNGEST_EVENT_KEY` too).",
    )
    inngest_signing_key: str = Field(
        default="",
        validation_alias=AliasChoices("CARTAGE_INNGEST_SIGNING_KEY", "INNGEST_SIGNING_KEY"),
        description="Key that signs what Inngest and Cartage say to each other (`INNGEST_SIGNING_KEY` too).",
    )
    inngest_serve_url: str = Field(
        default="", description="Address at which Inngest reaches this server; the public one if empty."
    )
    api_rate: int = Field(
        default=1200,
        ge=0,
        description="Requests a minute that each API token may make of one server process; 0 bounds nothing.",
    )
    metrics_token: str = Field(
        default="", description="Token that `/metrics` asks for as a bearer; open to whoever reaches it if empty."
    )
    otel_endpoint: str = Field(
        default="", description="Address of an OpenTelemetry collector (OTLP over HTTP) for spans; none if empty."
    )
    url: str = Field(
        default="",
        description="Address of a running Cartage for the command line, the client and `cartage mcp`; "
        "this machine's own data if empty.",
    )
    token: SecretStr = Field(default=SecretStr(""), description="Token for the Cartage that CARTAGE_URL names.")
    profile: str = Field(
        default="",
        description="Name of a profile of the command line, whose address and token stand for CARTAGE_URL and "
        "CARTAGE_TOKEN.",
    )
    profiles_file: Path = Field(
        default=Path("~/.config/cartage/profiles.toml"),
        description="File with the profiles of the command line: `[name]`, `url` and `token` or `token_file`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )

    @property
    def store_url(self) -> str:
        """Give the database's address."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'cartage.db').absolute()}"

    @property
    def disk_folder(self) -> Path | None:
        """Give the folder of the database's file; None where a server keeps the data."""
        scheme, _, rest = self.store_url.partition(":///")
        path = rest.partition("?")[0]
        return Path(path).parent if scheme.startswith("sqlite") and path not in {"", ":memory:"} else None

    @property
    def public_site(self) -> str:
        """Give the address at which shops reach the server; empty where only this machine does."""
        host = urlsplit(self.public_url).hostname or ""
        return "" if _is_of_this_machine(host) else self.public_url.rstrip("/")

    @property
    def site_url(self) -> str:
        """Give the address at which people reach the server."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def _is_of_this_machine(host: str) -> bool:
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings(**given: Any) -> Settings:
    """Read the settings, with `given` values before the environment's; raises `Misconfigured` naming the setting."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise Misconfigured(f"{name} is not usable: {first['msg']}.") from error


def whence() -> Mapping[str, Whence]:
    """Say of each setting where its value comes from: the environment, the `.env` file, or its default."""
    environment, file = _variables()
    told: dict[str, Whence] = {}
    for name in Settings.model_fields:
        names = variables_of(name)
        told[name] = "environment" if names & environment else "file" if names & file else "default"
    return told


def unknown_variables() -> Mapping[str, str]:
    """Give the `CARTAGE_*` variables that are no settings, each with the nearest that is one, or nothing."""
    known = sorted(set[str]().union(*map(variables_of, Settings.model_fields)))
    environment, file = _variables()
    strange = sorted(name for name in environment | file if name.startswith(PREFIX) and name not in known)
    own = [name.removeprefix(PREFIX) for name in known if name.startswith(PREFIX)]
    nearest = {name: next(iter(get_close_matches(name.removeprefix(PREFIX), own, 1)), "") for name in strange}
    return {name: near and f"{PREFIX}{near}" for name, near in nearest.items()}


def variables_of(name: str) -> frozenset[str]:
    """Name the variables that set a setting."""
    alias = Settings.model_fields[name].validation_alias
    others = alias.choices if isinstance(alias, AliasChoices) else ()
    return frozenset({f"{PREFIX}{name.upper()}", *(str(each) for each in others)})


def _variables() -> tuple[frozenset[str], frozenset[str]]:
    sources = EnvSettingsSource(Settings), DotEnvSettingsSource(Settings)
    environment, file = (frozenset(map(str.upper, source.env_vars)) for source in sources)
    return environment, file
