"""The only sockets of the checks: DNS, SMTP, HTTPS.

``Network`` lives as long as the process: resolver sockets, trust anchors, the address guard. ``Inquiry`` lives as long
as one run: it shares questions in flight, numbers the evidence and stops a run from asking without end. Trouble on the
wire is a value (``Trouble``), never an exception: whatever prevents an answer is "could not tell", with its reason.
"""

from checks.network.answers import Answer, Conversation, Evidence, NameServer, Page, RecordType, Trouble
from checks.network.guard import Guard
from checks.network.inquiry import Inquiry, Network

__all__ = [
    "Answer",
    "Conversation",
    "Evidence",
    "Guard",
    "Inquiry",
    "NameServer",
    "Network",
    "Page",
    "RecordType",
    "Trouble",
]
