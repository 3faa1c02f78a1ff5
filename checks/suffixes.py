"""Which part of a name somebody registered, by the Public Suffix List as its package ships it."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    """The list; reading it takes a twentieth of a second, so only who asks pays for it, and once."""
    return PublicSuffixList()


def registered_domain(name: str) -> str | None:
    """The domain registered below a public suffix, the organizational domain of RFC 7489 §3.2.

    ``None`` for a name that is a public suffix itself.
    """
    return _suffixes().privatesuffix(name)
