"""Bounces: what somebody pastes when mail came back, read and judged. Pure: no network, no languages.

:func:`read` takes anything: a delivery report, a free-text bounce, a line of a log, an error of a mail program.
``mail`` takes a message apart, ``layouts`` finds the recipients and what was said about each, ``judging`` decides what
it means by the ``rules``, ``masking`` removes secrets.
"""

from checks.bounce.masking import masked
from checks.bounce.reading import Failure, Innocent, Kind, Original, Reading, read
from checks.bounce.rules import Advice, Certainty

__all__ = ["Advice", "Certainty", "Failure", "Innocent", "Kind", "Original", "Reading", "masked", "read"]
