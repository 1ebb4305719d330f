"""A program of its own: makes the HEIC or WebP picture at its input an upright JPEG at its output; or, told `for-print`,
a JPEG or PNG picture one that is small and holds nothing but its pixels.

It runs apart from the portal so that a hostile picture ends only this; it imports nothing of the portal."""

import io
import resource
import sys

import pillow_heif
from PIL import ExifTags, Image, ImageOps

MOST_PIXELS = 64_000_000
MOST_MEMORY = 1_500 * 1024**2
MOST_SECONDS = 40
TOO_LARGE = 3
QUALITY = 90
KEPT_TAGS = (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.DateTime)
"""Of what the camera noted; nothing that says where."""


FOR_PRINT = "for-print"
LONGEST_PRINTED = 1_000
"""Pixels of the longer side: three centimetres of a letter need no more."""
MOST_PRINTED = 1024**2
"""Bytes."""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    Image.MAX_IMAGE_PIXELS = None  # counted here


def make_for_print() -> int:
    """A PNG stays one, for sharp edges, unless it is too large so."""
    with Image.open(sys.stdin.buffer, formats=["JPEG", "PNG"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return TOO_LARGE
        kind = picture.format
        small = _on_white(ImageOps.exif_transpose(picture))
    small.thumbnail((LONGEST_PRINTED, LONGEST_PRINTED))
    small.info.clear()
    as_png, as_jpeg = io.BytesIO(), io.BytesIO()
    small.save(as_png, "PNG", optimize=True)
    small.save(as_jpeg, "JPEG", quality=QUALITY)
    is_png = kind == "PNG" and as_png.tell() <= MOST_PRINTED
    sys.stdout.buffer.write((as_png if is_png else as_jpeg).getvalue())
    return 0


def make_upright() -> int:
    pillow_heif.register_heif_opener()
    with Image.open(sys.stdin.buffer, formats=["HEIF", "WEBP"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return TOO_LARGE
        upright = ImageOps.exif_transpose(picture)
        noted = picture.getexif()
        profile = picture.info.get("icc_profile")
    exif = Image.Exif()
    exif.update({tag: noted[tag] for tag in KEPT_TAGS if tag in noted})
    _on_white(upright).save(sys.stdout.buffer, "JPEG", quality=QUALITY, exif=exif, icc_profile=profile)
    return 0


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent becomes white, as on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    solid = picture.convert("RGBA")
    white = Image.new("RGBA", solid.size, "white")
    return Image.alpha_composite(white, solid).convert("RGB")


if __name__ == "__main__":
    limit()
    sys.exit(make_for_print() if FOR_PRINT in sys.argv else make_upright())
