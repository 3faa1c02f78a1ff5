"""Small documents over HTTPS, fetched from addresses that were judged before.

Redirects are not followed, the size and the time are capped, and the certificate is verified as RFC 8461 §3.3 asks.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from checks.network.answers import CertificateState, Page, Trouble, foreign
from checks.network.blame import silence, unconnected
from checks.network.certificates import TrustAnchors
from checks.network.guard import Guard

Lookup = Callable[[str], Awaitable[Sequence[str] | Trouble]]
"""From a host name to its addresses, or the trouble that prevented it."""

_TOTAL = 8.0  # seconds
_LIMIT = 64 * 1024  # octets; RFC 8461 §3.3 suggests this cap for policies
_HTTPS_PORT = 443
_NAME = re.compile(r"([a-z0-9_-]+\.)+[a-z][a-z0-9-]*")
_VERIFY_CODES = {
    9: CertificateState.NOT_YET_VALID,
    10: CertificateState.EXPIRED,
    62: CertificateState.WRONG_NAME,
}


class _LookupFailedError(OSError):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class _JudgingResolver(AbstractResolver):
    """Hands aiohttp only addresses that the guard lets through."""

    def __init__(self, lookup: Lookup, guard: Guard) -> None:
        self._lookup = lookup
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        addresses = await self._lookup(host)
        if isinstance(addresses, Trouble):
            raise _LookupFailedError(addresses)
        permitted = [address for address in addresses if self._guard.permits(address, port)]
        if not permitted:
            raise _LookupFailedError(Trouble.GUARDED if addresses else Trouble.NO_ADDRESS)
        return [self._result(host, address, port) for address in permitted]

    def _result(self, host: str, address: str, port: int) -> ResolveResult:
        target, target_port = self._guard.endpoint(address, port)
        return ResolveResult(
            hostname=host,
            host=target,
            port=target_port,
            family=socket.AF_INET6 if ":" in target else socket.AF_INET,
            proto=0,
            flags=socket.AI_NUMERICHOST,
        )

    async def close(self) -> None:
        """Nothing is held."""


async def fetch(url: str, guard: Guard, anchors: TrustAnchors, lookup: Lookup, user_agent: str) -> Page:
    """Fetch one document.

    Only ``https`` on port 443 and host names are taken: an address in a URL would go past the resolver and the guard.
    """
    if not _is_for_us(url):
        return Page(url=url, trouble=Trouble.GUARDED)
    connector = aiohttp.TCPConnector(
        resolver=_JudgingResolver(lookup, guard), ssl=anchors.context, use_dns_cache=False, force_close=True
    )
    timeout = aiohttp.ClientTimeout(total=_TOTAL)
    due = asyncio.get_running_loop().time() + _TOTAL
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as client:
        try:
            return await _get(client, url, user_agent)
        except aiohttp.ClientConnectorCertificateError as error:
            return Page(url=url, trouble=Trouble.TLS_FAILED, certificate=_state(error.certificate_error))
        except aiohttp.ClientSSLError:
            return Page(url=url, trouble=Trouble.TLS_FAILED)
        except TimeoutError:
            return Page(url=url, trouble=silence(due))
        except aiohttp.ClientConnectorError as error:
            return Page(url=url, trouble=_trouble(error.os_error))
        except aiohttp.ClientConnectionError:
            return Page(url=url, trouble=Trouble.DISCONNECTED)
        except aiohttp.ClientError:
            return Page(url=url, trouble=Trouble.BAD_ANSWER)


async def _get(client: aiohttp.ClientSession, url: str, user_agent: str) -> Page:
    async with client.get(url, allow_redirects=False, headers={"User-Agent": user_agent}) as response:
        body = bytearray()
        async for chunk in response.content.iter_chunked(8192):
            body += chunk
            if len(body) > _LIMIT:
                return Page(url=url, trouble=Trouble.TOO_BIG, status=response.status)
        return Page(
            url=url,
            status=response.status,
            content_type=foreign(response.headers.get("Content-Type", "")),
            location=foreign(response.headers.get("Location", "")),
            body=bytes(body),
        )


def _state(error: Exception) -> CertificateState:
    """What OpenSSL's verification said, as the codes of X509_verify_cert_error_string(3) tell it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY_CODES.get(error.verify_code, CertificateState.UNTRUSTED)
    return CertificateState.UNTRUSTED


def _is_for_us(url: str) -> bool:
    """Whether a URL leads to the HTTPS port of a host with a name.

    The name must be one as it stands: libraries read addresses out of the strangest texts.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and port in (None, _HTTPS_PORT) and bool(_NAME.fullmatch(parts.netloc.split(":")[0]))


def _trouble(error: OSError) -> Trouble:
    return error.trouble if isinstance(error, _LookupFailedError) else unconnected(error, "")
