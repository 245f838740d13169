"""Takes secrets out of text that is about to be logged or given away.

What we print on purpose holds none; this is for what others put into an exception, a URL, a header.
"""

from __future__ import annotations

import re

HIDDEN = "****"
_WORDS = "secret|password|passwd|pwd|token|signature|credential|api_?key|access_?key|account_?key"
_NAME = rf"[\w.-]*(?:{_WORDS})[\w.-]*"

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # user:password@host, in any URL or connection string; a raw password may hold '/' and '@'.
    # With a '?' before the '@' it could be a query as well: then all of it goes.
    (re.compile(r"(://[^/\s:]*):[^\s?#]*[?#]\S*@\S*"), rf"\1:{HIDDEN}"),
    (re.compile(r"(://[^/\s:]*):\S*@"), rf"\1:{HIDDEN}@"),
    # Authorization: Bearer x, Basic x; also as a pair of a repr
    (
        re.compile(
            r"((?:proxy-)?authorization|x-api-key|x-amz-security-token|cookie|set-cookie)"
            r"(['\"]?\s*[:=,]\s*['\"]?)[^\r\n'\"]+",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # a=b of a query or of a connection string, {'secret': 'x'}, secret: x
    (
        re.compile(
            rf"({_NAME}|\bsig|\bsas)(['\"]?\s*(?:[=:]|%3D)\s*['\"]?)[^\s&;,'\"}}\])]+",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # AWS key ids
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12}([A-Z0-9]{4})\b"), rf"{HIDDEN}\1"),
    # private keys
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
            re.DOTALL,
        ),
        HIDDEN,
    ),
)


def redact(text: str) -> str:
    """The text with every secret in it that can be told by its place replaced by stars."""
    for pattern, hidden in _PATTERNS:
        text = pattern.sub(hidden, text)
    return text
