"""A photo made harmless: its picture is painted anew as JPEG; all else in the file (where it was taken, by what) is left behind."""

import struct
import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.Image import Transpose

from conference.errors import Invalid

MAX_PHOTO = 8 * 1024 * 1024  # bytes
MAX_PIXELS = 50_000_000
SMALLEST, LARGEST = 160, 640  # pixels on a side
HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
QUALITY = 84
ORIENTATION = 0x0112  # EXIF's tag for how the camera was held
TURNS: dict[object, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
TAKEN = "Choose a photo as JPEG, PNG or WebP."


def clean_photo(file: BinaryIO, largest: int = LARGEST) -> bytes:
    """The picture as JPEG, upright, at most `largest` on a side. Raises Invalid. It computes for a while: call it in a thread."""
    file.seek(0)
    if not file.read(12).startswith(HEADS):
        raise Invalid("photo", "This is not a photo that we can read. " + TAKEN)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as picture:
                _check_size(*picture.size)
                return _painted(picture, largest)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning) as wrong:
        raise Invalid("photo", "This photo is damaged, or is not what its name says. " + TAKEN) from wrong


def _check_size(width: int, height: int) -> None:
    """Known from the file's head, before any of it is unpacked."""
    if width * height > MAX_PIXELS:
        raise Invalid("photo", "This photo has too many pixels. Make it smaller: a few thousand on each side are enough.")
    if min(width, height) < SMALLEST:
        raise Invalid("photo", f"This photo is too small: it needs at least {SMALLEST} pixels on each side.")


def _painted(picture: Image.Image, largest: int) -> bytes:
    picture.draft("RGB", (largest * 2, largest * 2))  # a JPEG is read at a size that is enough
    picture.thumbnail((largest, largest))
    whole = _upright(picture).convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    written = BytesIO()
    paper.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held. Only that is read: whatever else a camera or an attacker wrote there can't spoil the picture."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION))
    except (ValueError, TypeError, SyntaxError, KeyError, OSError, OverflowError, struct.error):
        turn = None
    return picture.transpose(turn) if turn is not None else picture
