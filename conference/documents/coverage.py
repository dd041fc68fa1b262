"""Which signs the fonts of documents have (OpenType's cmap), so that a name that would come out as boxes is told before it is printed."""

import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import typst

from conference.documents.render import fonts_folder

Ranges = list[tuple[int, int]]  # first and last code point


def without_font(words: Iterable[str]) -> list[str]:
    """Those of the words in which some sign has no font, here or on this machine."""
    return [word for word in words if any(not _has_font(ord(sign)) for sign in word if not sign.isspace())]


@lru_cache(maxsize=20_000)
def _has_font(code: int) -> bool:
    if code in range(0x200B, 0x2010) or code in range(0x202A, 0x202F) or code in range(0xFE00, 0xFE10):
        return True  # marks of direction, joiners, variants: nothing to see
    return any(first <= code <= last for ranges in _fonts() for first, last in ranges)


@lru_cache(maxsize=1)
def _fonts() -> tuple[Ranges, ...]:
    known = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(fonts_folder())]).fonts()
    files = sorted({(font.path, font.index) for font in known if font.path})
    return tuple(ranges for path, index in files if (ranges := _ranges(Path(path), index)))


def _ranges(path: Path, index: int) -> Ranges:
    try:
        return list(_read(path.read_bytes(), index))
    except (OSError, struct.error, ValueError):  # a font that can't be read covers nothing
        return []


def _read(data: bytes, index: int) -> Iterator[tuple[int, int]]:
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    for number in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            yield from _cmap(data, offset)


def _cmap(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        (offset,) = struct.unpack_from(">I", data, cmap + 4 + 8 * number + 4)
        table = cmap + offset
        (kind,) = struct.unpack_from(">H", data, table)
        if kind == 12:
            (groups,) = struct.unpack_from(">I", data, table + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", data, table + 16 + 12 * group)
                yield first, last
        elif kind == 4:
            (twice,) = struct.unpack_from(">H", data, table + 6)
            ends = struct.unpack_from(f">{twice // 2}H", data, table + 14)
            starts = struct.unpack_from(f">{twice // 2}H", data, table + 16 + twice)
            yield from (pair for pair in zip(starts, ends, strict=True) if pair[0] != 0xFFFF)
