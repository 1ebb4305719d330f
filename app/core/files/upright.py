"""A program of its own: makes the HEIC or WebP picture at its input an upright JPEG at its output.

It runs apart from the portal so that a hostile picture ends only this; it imports nothing of the portal."""

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


def make_upright() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    Image.MAX_IMAGE_PIXELS = None  # counted here
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
    sys.exit(make_upright())
