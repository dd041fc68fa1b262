"""Does the reader have it already? Conditional requests (RFC 9110, 13; pure)."""

from datetime import UTC, datetime
from email.utils import format_datetime

from conference.tags import has_tag


def http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)


def has_it(etag: str, modified_at: datetime, *, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """True: answer 304. A list of tags, or `*`, wins over a date (13.2.2).

    A date counts only when it is the very one that we gave: a rehearsal's clock can be set back, and then "not modified since" lies.
    """
    if if_none_match is not None:
        return has_tag(etag, if_none_match)
    return if_modified_since == http_date(modified_at)
