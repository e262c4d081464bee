"""From which sites a line may be opened: a browser lets any page open one, and sends the visitor's cookie along."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit


def is_own(headers: Mapping[str, str], *, is_behind_proxy: bool = False, others: Sequence[str] = ()) -> bool:
    """Tell whether a request comes from one of our own pages, or from no page at all.

    is_behind_proxy: a proxy names the host that the browser sees; without one, anybody could.  others: further hosts.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    hosts = {_host(f"//{headers.get('host', '')}"), *map(_host, others)}
    if is_behind_proxy:
        hosts.add(_host(f"//{headers.get('x-forwarded-host', '').partition(',')[0].strip()}"))
    return _host(origin) in hosts - {None}


def _host(address: str) -> tuple[str, int | None] | None:
    """Return name and port; the usual port of the scheme is none, as browsers leave it out."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        port = None if (parts.scheme, parts.port) in (("http", 80), ("https", 443)) else parts.port
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname else None
