"""What an address of a stream is (pure): an HLS playlist of any host, or a video of a host whose player may stand in our page."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, urlsplit

EMBED_HOSTS = ("www.youtube-nocookie.com", "player.vimeo.com")  # the hosts whose frames a stage may show
HERE = ("127.0.0.1", "localhost")  # without https: a stream on one's own machine, for trying

_YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com", "www.youtube-nocookie.com")
_VIMEO = ("vimeo.com", "www.vimeo.com", "player.vimeo.com")
# A host and a port go into a header as they are, so they are nothing but letters, digits, dots and hyphens.
_NETLOC = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)

STREAM_WRONG = "Enter a full address that starts with https:// and ends in .m3u8, or the address of a YouTube or Vimeo video."
HOST_WRONG = (
    "Only videos of YouTube and Vimeo can be shown inside the page. A stream elsewhere needs an address that ends in .m3u8; "
    "for any other page use the link to join."
)
CAPTIONS_WRONG = "Enter the full address of a WebVTT file, which starts with https://, or leave this empty."


class StreamKind(StrEnum):
    hls = "hls"
    embed = "embed"


@dataclass(frozen=True, slots=True)
class Stream:
    kind: StreamKind
    src: str  # the playlist, or the address of the host's player
    origin: str  # scheme and host, as a Content-Security-Policy names them


def stream_at(address: str) -> Stream | None:
    """What is at this address; None for what can't be played in our page."""
    parts = _sound(address)
    if parts is None:
        return None
    if parts.path.lower().endswith(".m3u8"):
        return Stream(StreamKind.hls, address, _origin(parts))
    src = _embedded(parts)
    return Stream(StreamKind.embed, src, _origin(urlsplit(src))) if src else None


def captions_origin(address: str) -> str:
    """Where a WebVTT file comes from; empty for none, or for an address that can't be one."""
    parts = _sound(address)
    return _origin(parts) if parts else ""


def stream_trouble(address: str) -> str:
    """The sentence beside the field; empty where nothing is wrong."""
    if not address or stream_at(address):
        return ""
    return HOST_WRONG if _sound(address) else STREAM_WRONG


def captions_trouble(address: str) -> str:
    return "" if not address or captions_origin(address) else CAPTIONS_WRONG


def _sound(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for a number that no port has
    except ValueError:
        return None
    plain = address.isprintable() and address.isascii() and " " not in address and _NETLOC.fullmatch(parts.netloc.lower())
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    return parts if plain and secure else None


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _embedded(parts: SplitResult) -> str:
    """The address of the host's own player, which asks for as little about the viewer as that host allows; empty for no video."""
    host = parts.hostname if parts.scheme == "https" and parts.port in (None, 443) else ""
    if host in _YOUTUBE and (video := _youtube_id(parts, host)):
        return f"https://www.youtube-nocookie.com/embed/{video}"
    if host in _VIMEO and (found := re.fullmatch(r"/(?:video/)?([0-9]{1,15})(?:/([0-9a-f]{1,20}))?/?", parts.path)):
        secret = found[2] or next(iter(parse_qs(parts.query).get("h", [])), "")
        unlisted = f"&h={secret}" if re.fullmatch(r"[0-9a-f]{1,20}", secret) else ""
        return f"https://player.vimeo.com/video/{found[1]}?dnt=1{unlisted}"
    return ""


def _youtube_id(parts: SplitResult, host: str) -> str:
    way = re.fullmatch(r"/(?:embed/|live/|shorts/)?([\w-]{6,20})/?", parts.path, re.ASCII)
    asked = next(iter(parse_qs(parts.query).get("v", [])), "")
    video = asked if parts.path == "/watch" else way[1] if way and (host == "youtu.be" or parts.path.count("/") > 1) else ""
    return video if re.fullmatch(r"[\w-]{6,20}", video, re.ASCII) else ""
