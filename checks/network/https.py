"""Small documents over HTTPS, fetched from addresses that were judged before.

Redirects are not followed, the size and the time are capped, and the certificate is verified as RFC 8461 §3.3 asks.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from checks.network.answers import PAGE_LIMIT, Page, Trouble, foreign
from checks.network.blame import silence, unconnected
from checks.network.certificates import TrustAnchors, refusal
from checks.network.guard import Guard

Lookup = Callable[[str], Awaitable[Sequence[str] | Trouble]]
"""From a host name to its addresses, or the trouble that prevented it."""

_TOTAL = 8.0  # seconds
_HTTPS_PORT = 443
_NAME_AND_PORT = re.compile(rf"([a-z0-9_-]+\.)+[a-z][a-z0-9-]*(:{_HTTPS_PORT})?")


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


async def fetch(
    url: str, guard: Guard, anchors: TrustAnchors, lookup: Lookup, user_agent: str, *, most: int = PAGE_LIMIT
) -> Page:
    """Fetch one document of at most ``most`` octets.

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
            return await _get(client, url, user_agent, most)
        except aiohttp.ClientConnectorCertificateError as error:
            return Page(url=url, trouble=Trouble.TLS_FAILED, certificate=refusal(error.certificate_error))
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


async def _get(client: aiohttp.ClientSession, url: str, user_agent: str, most: int) -> Page:
    async with client.get(url, allow_redirects=False, headers={"User-Agent": user_agent}) as response:
        body = bytearray()
        async for chunk in response.content.iter_chunked(8192):
            body += chunk
            if len(body) > most:
                return Page(url=url, trouble=Trouble.TOO_BIG, status=response.status)
        return Page(
            url=url,
            status=response.status,
            content_type=foreign(response.headers.get("Content-Type", "")),
            location=foreign(response.headers.get("Location", "")),
            body=bytes(body),
        )


def _is_for_us(url: str) -> bool:
    """Whether a URL leads to the HTTPS port of a host with a name.

    All of the authority (RFC 3986 §3.2) must be a name and no more than that port as it stands: libraries read
    addresses out of the strangest texts, and what comes before an ``@`` is no host. No address ends in a label that
    begins with a letter.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_NAME_AND_PORT.fullmatch(parts.netloc))


def _trouble(error: OSError) -> Trouble:
    return error.trouble if isinstance(error, _LookupFailedError) else unconnected(error, "")
