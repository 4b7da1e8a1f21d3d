"""What a host is: the gates that it stands behind, and whether its address is one of the public network.

A host is asked slowly twice over: as itself and as a part of its registrable domain, because a publisher's sections
are often names of one machine. Where the name says nothing about who runs the machine (an IP address, ``localhost``, a
single label) the gate is host and port instead: one's own servers share a host, and one busy service must not freeze
the others.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

Address = IPv4Address | IPv6Address

_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")
_OWN = tuple(IPv4Network(n) for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))
_OWN6 = tuple(IPv6Network(n) for n in ("::1/128", "fc00::/7", "fe80::/10"))


@lru_cache(maxsize=4096)
def literal_address(host: str) -> Address | None:
    """The address that ``host`` spells, or None for a name.

    Reads what the C library's ``inet_aton`` reads: ``127.1``, ``2130706433`` and ``0x7f.0.0.1`` are all loopback. A
    check that knows only the dotted quad lets them pass, and the resolver then connects to them.
    """
    text = host.strip("[]").rstrip(".").lower()
    try:
        return ip_address(text)
    except ValueError:
        return _legacy_ipv4(text)


def _legacy_ipv4(text: str) -> IPv4Address | None:
    numbers = [_c_number(part) for part in text.split(".")]
    if len(numbers) > 4 or any(n is None for n in numbers):
        return None
    *heads, last = [n for n in numbers if n is not None]
    if any(n > 255 for n in heads) or last >= 256 ** (4 - len(heads)):
        return None
    return IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(heads)) + last)


def _c_number(text: str) -> int | None:
    if not (text.isascii() and text.isalnum()):
        return None
    base = 16 if text.startswith("0x") else 8 if text.startswith("0") else 10
    try:
        return int(text, base)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """True for an address of the public network; False for loopback, private, link-local (the cloud's metadata service
    is one), carrier-grade NAT, multicast, reserved, unspecified, and for every IPv6 form that wraps such an IPv4
    address.

    Proxies with "fake" name resolution answer with 198.18.0.0/15, which is not public: behind one, a source reaches
    its own configured host and nothing else.
    """
    if isinstance(address, IPv6Address):
        wrapped = _wrapped_ipv4(address)
        if wrapped:
            return all(is_public(inner) for inner in wrapped)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _wrapped_ipv4(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def is_own_network(address: Address) -> bool:
    """True for the addresses behind which one's own servers stand: loopback, RFC 1918, unique local, link-local.

    Narrower than "not public", because only here may a source be asked without its robots.txt.
    """
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return is_own_network(mapped) if mapped else any(address in net for net in _OWN6)
    return any(address in net for net in _OWN)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    # Reads the list inside the wheel (80 ms); this library has no code path that downloads one on its own.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The part of ``host`` that somebody registered (``news.example.gov.cn`` -> ``example.gov.cn``).

    Addresses, single labels and public suffixes themselves come back as they are, in lower case.
    """
    name = host.rstrip(".").lower()
    if "." not in name or literal_address(name) is not None:
        return name
    return str(_suffixes().privatesuffix(name) or name)


@lru_cache(maxsize=4096)
def authority(url: str) -> tuple[str, int]:
    """Host in lower case and port (80 or 443 where none is named) of ``url``; ``("", 0)`` when it has no host."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", 0
    return host, (port or _PORTS.get(parts.scheme, 0)) if host else 0


@lru_cache(maxsize=4096)
def gate_keys(url: str) -> tuple[str, ...]:
    """The gates that a request for ``url`` passes: the host first, then its registrable domain if that is another name.

    >>> gate_keys("https://news.example.com.cn/a")
    ('news.example.com.cn', 'example.com.cn')
    >>> gate_keys("http://127.0.0.1:1200/weather")
    ('127.0.0.1:1200',)
    """
    host, port = authority(url)
    if not host:
        return ()
    if "." not in host or literal_address(host) is not None:
        return (f"{host}:{port}",)
    return tuple(dict.fromkeys((host, registrable_domain(host))))
