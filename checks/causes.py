"""The closed list of causes: why a mail was not sent or not delivered.

Live checks and bounces speak of the same causes, so that what a bounce claims can be held against what a check
found. Each cause knows who has to act first and which chapter of the product helps. The words (what it means, the
first step) are in the catalogues under the cause's value.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Self


class Side(StrEnum):
    """Who has to act first."""

    SENDER_USER = "sender_user"
    """The person who wrote the mail."""
    SENDER_ADMIN = "sender_admin"
    """Whoever runs the sender's mail and DNS."""
    SENDER_PROVIDER = "sender_provider"
    """The company that hosts the sender's mail."""
    RECIPIENT = "recipient"
    """The recipient, or the recipient's IT."""
    NETWORK = "network"
    """Whoever runs the network in between."""


class Remedy(StrEnum):
    """The chapters of the product: the five remedies of the how-to and the two troubles it names beside them."""

    REPUTATION = "reputation"
    """Remedy 1: IP blocklists, and malware on the device that sends."""
    LIMITS = "limits"
    """Remedy 2: the provider's sending limits."""
    SMTP_AUTH = "smtp_auth"
    """Remedy 3: SMTP authentication and the way mail is handed to a server."""
    DNS = "dns"
    """Remedy 4: DNS records."""
    PROVIDER = "provider"
    """Remedy 5: ask the mail provider."""
    NETWORK = "network"
    """The path to the server."""
    SIZE = "size"
    """Attachments that are too big."""


class Cause(Enum):
    """One reason why mail does not arrive. ``value`` is its stable name in JSON and in history."""

    RECIPIENT_UNKNOWN = ("recipient_unknown", Side.SENDER_USER, None)
    RECIPIENT_DISABLED = ("recipient_disabled", Side.RECIPIENT, None)
    RECIPIENT_MAILBOX_FULL = ("recipient_mailbox_full", Side.RECIPIENT, None)
    RECIPIENT_DOMAIN_INVALID = ("recipient_domain_invalid", Side.SENDER_USER, Remedy.DNS)
    RECIPIENT_POLICY = ("recipient_policy", Side.RECIPIENT, Remedy.PROVIDER)
    RECIPIENT_SERVER_PROBLEM = ("recipient_server_problem", Side.RECIPIENT, Remedy.PROVIDER)
    UNREACHABLE_OR_EXPIRED = ("unreachable_or_expired", Side.NETWORK, Remedy.NETWORK)
    ROUTING_LOOP = ("routing_loop", Side.RECIPIENT, Remedy.DNS)
    TEMPORARILY_DEFERRED = ("temporarily_deferred", Side.RECIPIENT, None)
    RATE_LIMITED = ("rate_limited", Side.SENDER_ADMIN, Remedy.LIMITS)
    SENDER_QUOTA = ("sender_quota", Side.SENDER_USER, Remedy.LIMITS)
    SENDER_ACCOUNT_BLOCKED = ("sender_account_blocked", Side.SENDER_PROVIDER, Remedy.PROVIDER)
    SMTP_LOGIN = ("smtp_login", Side.SENDER_USER, Remedy.SMTP_AUTH)
    RELAY_DENIED = ("relay_denied", Side.SENDER_ADMIN, Remedy.SMTP_AUTH)
    SENDER_REFUSED = ("sender_refused", Side.SENDER_ADMIN, Remedy.SMTP_AUTH)
    DOMAIN_AUTH = ("domain_auth", Side.SENDER_ADMIN, Remedy.DNS)
    REVERSE_DNS = ("reverse_dns", Side.SENDER_ADMIN, Remedy.DNS)
    IP_BLOCKLISTED = ("ip_blocklisted", Side.SENDER_ADMIN, Remedy.REPUTATION)
    SPAM_CONTENT = ("spam_content", Side.SENDER_USER, Remedy.REPUTATION)
    MALWARE_OR_ATTACHMENT = ("malware_or_attachment", Side.SENDER_USER, Remedy.REPUTATION)
    MESSAGE_TOO_BIG = ("message_too_big", Side.SENDER_USER, Remedy.SIZE)
    MESSAGE_FORMAT = ("message_format", Side.SENDER_ADMIN, None)
    TLS_REQUIRED = ("tls_required", Side.SENDER_ADMIN, Remedy.SMTP_AUTH)
    CLIENT_CONNECTION = ("client_connection", Side.NETWORK, Remedy.NETWORK)

    owner: Side
    remedy: Remedy | None

    def __new__(cls, value: str, owner: Side, remedy: Remedy | None) -> Self:
        """Let ``Cause("smtp_login")`` find the member by its stable name."""
        member = object.__new__(cls)
        member._value_ = value
        member.owner = owner
        member.remedy = remedy
        return member
