"""Whether a socket was opened by a page of ours (pure): browsers let any site open sockets anywhere, and send our cookies along."""

from urllib.parse import urlsplit


def is_ours(origin: str, host: str, base_url: str) -> bool:
    """The Origin must be the house's own address, or the host that was asked for. None at all is no page of ours."""
    if not origin or origin == "null":
        return False
    if origin.lower() == _origin_of(base_url):
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # such as http://[
        return False
    return parts.scheme in ("http", "https") and bool(host) and origin.lower() == f"{parts.scheme}://{host.lower()}"


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
