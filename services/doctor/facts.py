"""What the doctor saw: plain values, gathered once, judged by the checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from ..identity.transport import LOCAL_HOSTS


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. ``body`` is cut after a few kilobytes; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float
    # how often the same header was sent: proxies that add CORS headers of their own break CORS
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """No HTTP answer. ``kind`` is dns, refused, timeout, tls or other."""

    kind: str
    text: str


Outcome = Reply | Failure | None


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """This Odoo process and its configuration."""

    database: str
    databases_for_host: tuple[str, ...]  # those that a request without a cookie could mean
    database_count: int
    db_name_set: bool
    dbfilter: str
    proxy_mode: bool
    workers: int
    gevent_port: int
    cron_threads: int
    limit_time_real: int
    clock_skew: float  # seconds; positive: Odoo's clock is ahead of the database's
    wkhtmltopdf: str
    odoo_sh: bool


@dataclass(frozen=True, slots=True)
class RedisFacts:
    configured: bool
    failure: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Probes:
    """What the public address answered. None: not asked, because something before it failed."""

    endpoint: Outcome = None
    plain_http: Outcome = None
    echo: Outcome = None
    stream_gap: float | None = None  # seconds between two pieces that were sent a second apart
    resource_metadata: Outcome = None
    server_metadata: Outcome = None
    preflight: Outcome = None
    foreign_origin: Outcome = None
    websocket: Outcome = None
    certificate_days: float | None = None
    bus_health: Outcome = None


@dataclass(frozen=True, slots=True)
class Facts:
    """
    :param base_url: ``web.base.url``, without a slash at the end
    :param browser_origin: where the person at the screen opened Odoo, or empty
    :param echoed: what the server saw of the probe that asked for it (see the controller), or None
    """

    base_url: str
    browser_origin: str
    enabled: bool
    https_only: bool
    cors_origin: str
    statement_timeout: int
    server: ServerFacts
    redis: RedisFacts
    probes: Probes = field(default_factory=Probes)
    echoed: dict | None = None

    @property
    def address(self) -> SplitResult:
        return urlsplit(self.base_url)

    @property
    def is_local(self) -> bool:
        return self.address.hostname in LOCAL_HOSTS

    @property
    def endpoint_url(self) -> str:
        return f"{self.base_url}/odoo/mcp"

    @property
    def reached(self) -> bool:
        """Whether the public address led to this very server."""
        return self.echoed is not None
