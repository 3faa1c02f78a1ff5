"""Passwords and tokens that people paste along with an error: gone before anything is kept or shown."""

from __future__ import annotations

import re

MASK = "•••"

_VALUE = r"(?:\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s\"',;<>]{1,500})"
_NAMES = (
    r"pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|api[-_ ]?key|access[-_ ]?key|auth[-_ ]?key|client[-_ ]?secret"
    r"|passwort|kennwort|mot de passe|contrase(?:ñ|n)a|senha|wachtwoord|пароль|密码|密碼|パスワード|ﾊﾟｽﾜｰﾄﾞ"
)
# What stands behind "password:" in an error of a server is not a password: "Invalid password: authentication failed".
_PLAIN_WORDS = (
    r"(?!(?:is|was|are|not|the|has|incorrect|invalid|wrong|authentication|auth|failed|failure|login|required|error|user"
    r"|unknown|bad|expired|mismatch|must|for|and|or|please|denied|rejected|your|if|a|an|in|to|on|of|with)\b)"
)
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    # AUTH with an initial response, and what a client says after a 334 (RFC 4954 §4).
    (
        re.compile(r"(?i)\b(AUTH[ \t]+(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5)[ \t]+)[A-Za-z0-9+/=_-]{4,}"),
        r"\1" + MASK,
    ),
    (
        re.compile(
            r"(?m)^([^\n]{0,60}\b334\b[^\n]{0,200}\n[^\nA-Za-z0-9]{0,20}"
            r"(?:[CS]:)?[ \t]*)[A-Za-z0-9+/]{2,}={0,2}(?=[ \t\r]*$)"
        ),
        r"\1" + MASK,
    ),
    (re.compile(r"(?i)\b(Bearer|Basic)([ \t]+)(?=[A-Za-z._~-]{0,500}[0-9+/=])[A-Za-z0-9._~+/=-]{8,}"), r"\1\2" + MASK),
    (
        re.compile(rf"(?i)(?<![a-z])((?:{_NAMES})[\"']?[ \t]*(?:[:=：＝]|=>|は|is:)[ \t]*){_PLAIN_WORDS}{_VALUE}"),
        r"\1" + MASK,
    ),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,200}:)[^\s/@]{1,200}(?=@)"), r"\1" + MASK),
    (re.compile(r"\bxox[a-z]-[A-Za-z0-9-]{6,}|\bxapp-[A-Za-z0-9-]{6,}"), MASK),  # Slack
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"), MASK),  # a JSON Web Token
    (re.compile(r"\bSG\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"), MASK),  # SendGrid
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), MASK),  # Amazon
    (re.compile(r"\bkey-[0-9a-f]{32}\b"), MASK),  # Mailgun
    (re.compile(r"\bya29\.[A-Za-z0-9_-]{10,}"), MASK),  # Google OAuth
)


def masked(text: str) -> str:
    """The text with passwords and tokens masked; everything else stays as it is."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text
