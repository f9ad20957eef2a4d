"""The address guard: which network addresses the crawler may connect to at all (I8).

Asked for every connection, after name resolution, so that neither a redirect nor a name that points inward can lead the
crawler to loopback, private or link-local addresses. NIANBAO_ALLOW_PRIVATE_HOSTS lifts it.

To Twisted a host without any address left is one that does not resolve; `explain` tells an operator the truth.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from crawler.errors import AddressRefused

CARRIES_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


def is_public(address: str) -> bool:
    """Whether this is an address of the open internet; an IPv4 address inside an IPv6 one counts as itself."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = _embedded(parsed) if isinstance(parsed, ipaddress.IPv6Address) else parsed
    return inner.is_global and not inner.is_multicast


def refusal(host: str, address: str) -> str:
    return f"{host} is at {address}, a private address; NIANBAO_ALLOW_PRIVATE_HOSTS=true lets the crawler go there"


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """IPv4-mapped, 6to4, NAT64 (RFC 6052) and the old IPv4-compatible form all lead to an IPv4 address."""
    if any(address in network for network in CARRIES_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


class GuardedResolver(CachingHostnameResolver):
    def __init__(self, reactor: Any, cache_size: int, *, allow_private: bool) -> None:
        super().__init__(reactor, cache_size)
        self._allow_private = allow_private
        self._refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        settings = crawler.settings
        allow = settings.getbool("NIANBAO_ALLOW_PRIVATE_HOSTS")
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), allow_private=allow)

    def resolveHostName(  # noqa: N802
        self,
        receiver: Any,
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        guarded = receiver if self._allow_private else _PublicOnly(receiver, hostName, self._refused)
        return super().resolveHostName(guarded, hostName, portNumber, addressTypes, transportSemantics)

    def explain(self, host: str) -> None:
        """Raises AddressRefused if this host did resolve, but not to an address that the crawler may connect to."""
        if address := self._refused.get(host):
            raise AddressRefused(refusal(host, address))


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on only public addresses, and notes the others in `refused`."""

    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver, self._host, self._refused = receiver, host, refused

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
