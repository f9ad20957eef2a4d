"""TLS: how a host is greeted, as it should be, or as it was once.

    standard   TLS 1.2 and 1.3, today's ciphers, secure renegotiation
    legacy     TLS 1.0 and later, OpenSSL's security level 0, servers that know no secure renegotiation (RFC 5746)

A host gets the legacy context only after a handshake of the standard one failed, and for the rest of the run: some
modern servers never answer the legacy greeting. OpenSSL 3 and later speak TLS 1.0 and 1.1 at level 0 alone, as their
handshakes are signed over SHA-1. Certificates are not verified in either: portals' certificates lapse, and what
came is kept with the address it came from.
"""

from typing import Any

from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

LEGACY_CIPHERS = b"DEFAULT:@SECLEVEL=0"
OP_LEGACY_SERVER_CONNECT = 0x4

Place = tuple[bytes, int]
"""A host in lower case and its port."""


class _Legacy(CertificateOptions):
    def _makeContext(self, skipCiphers: bool = False) -> Any:  # noqa: N802, N803  # its signature
        context = super()._makeContext(skipCiphers)
        context.set_cipher_list(LEGACY_CIPHERS)
        context.set_options(OP_LEGACY_SERVER_CONNECT)
        return context


@implementer(IPolicyForHTTPS)
class Greetings:
    """`legacy` are the places that are greeted in the old way."""

    def __init__(self) -> None:
        self.legacy: set[Place] = set()
        self._standard = CertificateOptions(fixBrokenPeers=True)
        self._legacy = _Legacy(fixBrokenPeers=True, insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  # Twisted's interface
        options = self._legacy if (hostname.lower(), port) in self.legacy else self._standard
        return _ScrapyClientTLSOptions26(options._makeTLSConnection, hostname.decode("ascii"))
