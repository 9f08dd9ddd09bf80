"""Where people reach this installation, and what follows for cookies, hosts and the proxy in front of it.

One setting decides: `PLENUM_ADDRESS`, for instance `https://plenum.example.org`. Without it Plenum is plain and local.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from plenum.site.home import HomeTrouble, setting

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
LOOPBACK = ("127.0.0.0/8", "::1/128")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Address:
    """Where people reach the pages; `origin` is empty for an installation that is plain and local.

    `hosts` are the names that the pages answer for; `proxies` the networks whose word about the browser is believed;
    `hsts_seconds` for how long browsers are told to insist on HTTPS.
    """

    origin: str
    hosts: tuple[str, ...]
    proxies: tuple[Network, ...]
    hsts_seconds: int = 0

    @property
    def secure(self) -> bool:
        """Whether people come by HTTPS."""
        return self.origin.startswith("https://")


def address() -> Address:
    """Return what the settings say. Raises HomeTrouble naming the setting that makes no sense."""
    origin, host = _origin(setting("ADDRESS"))
    more = [each.strip() for each in setting("HOSTS").split(",") if each.strip()]
    return Address(
        origin=origin,
        hosts=tuple(dict.fromkeys((*([host] if host else []), *more, *LOCAL_HOSTS))),
        proxies=_networks(setting("PROXIES", ",".join(LOOPBACK))) if origin else (),
        hsts_seconds=_seconds(setting("HSTS_SECONDS", "0")) if origin.startswith("https://") else 0,
    )


def _origin(text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    try:
        parts = urlsplit(text.rstrip("/"))
        port = parts.port
    except ValueError as error:
        raise _not_an_address(text) from error
    known = {"scheme": parts.scheme in ("http", "https"), "host": parts.hostname}
    if not all(known.values()) or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise _not_an_address(text)
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{host}" + ("" if usual else f":{port}"), host


def _not_an_address(text: str) -> HomeTrouble:
    return HomeTrouble(
        f"PLENUM_ADDRESS is {text!r}, which is no address of a site. Write it like https://plenum.example.org."
    )


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(
            ipaddress.ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip()
        )
    except ValueError as error:
        raise HomeTrouble(
            f"PLENUM_PROXIES is {text!r}: {error}. Write addresses or networks: 10.0.0.5,10.1.0.0/16."
        ) from error


def _seconds(text: str) -> int:
    if not text.isdecimal():
        raise HomeTrouble(
            f"PLENUM_HSTS_SECONDS is {text!r}; write a number of seconds, such as 31536000 for a year."
        )
    return int(text)
