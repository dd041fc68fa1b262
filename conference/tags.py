"""An answer's tag, and whether the reader has it already (RFC 9110, 8.8.3 and 13.1.2; pure)."""

import hashlib
import re

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(body: bytes) -> str:
    """A weak tag: compression makes other bytes of the same answer."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


def has_tag(etag: str, if_none_match: str) -> bool:
    """Whether the reader's list of tags, or `*`, has this one; tags are compared weakly (8.8.3.2)."""
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in _TAG.findall(if_none_match)
