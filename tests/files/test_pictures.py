"""Of a photo the place goes and nothing else; HEIC and WebP become upright JPEG."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from app.core.files import pictures, unfit
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.unfit import Unfit
from tests.support import samples

TURNED = 6
"""The orientation of a phone held upright."""
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description exif:GPSLatitude='41,17.0S' exif:Flash='0'>"
    b"<exif:GPSLongitude>174,47.0E</exif:GPSLongitude></rdf:Description></x:xmpmeta>"
)


def spooled(content: bytes) -> Spool:
    spool = Spool()
    spool.write(content)
    return spool


@pytest.fixture
def made() -> Iterator[list[Spool]]:
    spools: list[Spool] = []
    yield spools
    for spool in spools:
        spool.close()


def without_place(content: bytes, made: list[Spool]) -> bytes | None:
    made.append(spooled(content))
    found = pictures.without_place(made[-1])
    if found is None:
        return None
    made.append(found)
    found.seek(0)
    return found.read()


def upright(content: bytes, made: list[Spool]) -> Image.Image:
    made.append(spooled(content))
    made.append(pictures.upright_jpeg(made[-1], Allowance()))
    made[-1].seek(0)
    return Image.open(io.BytesIO(made[-1].read()))


def scan_of(content: bytes) -> bytes:
    """The picture itself: all from the start of its scan."""
    return content[content.index(b"\xff\xda") :]


def test_the_place_is_dropped_and_the_picture_stays_byte_for_byte(made: list[Spool]) -> None:
    before = samples.jpeg(gps=True)
    after = without_place(before, made)
    assert after is not None
    assert len(after) == len(before)
    assert scan_of(after) == scan_of(before)
    exif = Image.open(io.BytesIO(after)).getexif()
    assert samples.GPS in Image.open(io.BytesIO(before)).getexif()
    assert samples.GPS not in exif
    assert not exif.get_ifd(samples.GPS)
    assert exif[0x010F] == "A phone"
    assert exif[0xA5A5] == 7
    assert b"2026:03:03" in before
    assert b"2026:03:03" not in after


def test_a_photo_without_a_place_stays_as_it_is(made: list[Spool]) -> None:
    assert without_place(samples.jpeg(), made) is None


def test_the_place_is_dropped_from_xmp_too(made: list[Spool]) -> None:
    after = without_place(samples.jpeg(xmp=XMP), made)
    assert after is not None
    assert b"GPS" not in after
    assert b"exif:Flash='0'" in after
    assert scan_of(after) == scan_of(samples.jpeg(xmp=XMP))


@pytest.mark.parametrize("cut", [30, 36, 44, 60, 80, 120])
def test_a_damaged_exif_block_hurts_nobody(made: list[Spool], cut: int) -> None:
    before = bytearray(samples.jpeg(gps=True))
    before[cut : cut + 8] = b"\xff" * 8
    after = without_place(bytes(before), made) or before
    assert len(after) == len(before)
    assert after[-200:] == before[-200:]


@pytest.mark.parametrize("make", [samples.heic, samples.webp])
def test_a_phone_picture_becomes_an_upright_jpeg(made: list[Spool], make: type) -> None:
    picture = upright(make((128, 64), orientation=TURNED), made)
    assert picture.format == "JPEG"
    assert picture.size == (64, 128)
    red, _, blue = picture.convert("RGB").getpixel((32, 20))  # type: ignore[misc]
    assert red > 200
    assert blue < 60
    exif = picture.getexif()
    assert samples.GPS not in exif
    assert exif.get(samples.ORIENTATION, 1) == 1


def test_what_is_transparent_becomes_white(made: list[Spool]) -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "WEBP", lossless=True)
    assert upright(clear.getvalue(), made).getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_that_would_burst_is_refused(made: list[Spool]) -> None:
    small = bytearray(samples.heic((128, 64)))
    at = small.index(b"ispe") + 8
    small[at : at + 8] = (16_000).to_bytes(4, "big") * 2  # what it claims
    made.append(spooled(bytes(small)))
    with pytest.raises(Unfit) as refused:
        pictures.upright_jpeg(made[-1], Allowance())
    assert str(refused.value) == unfit.TOO_MANY_PIXELS


@pytest.mark.parametrize("content", [b"RIFF\x10\0\0\0WEBPVP8 junkjunk", b"\0\0\0\x18ftypheic" + bytes(300)])
def test_a_broken_picture_is_refused(made: list[Spool], content: bytes) -> None:
    made.append(spooled(content))
    with pytest.raises(Unfit) as refused:
        pictures.upright_jpeg(made[-1], Allowance())
    assert str(refused.value) == unfit.BROKEN


def test_once_the_time_of_a_form_is_used_up_no_further_picture_is_begun(made: list[Spool]) -> None:
    allowance, picture = Allowance(), samples.webp()
    made.append(spooled(picture))
    made.append(pictures.upright_jpeg(made[-1], allowance))
    assert 0 < allowance.left < pictures.SECONDS
    allowance.left = 0.0001
    for _ in range(2):
        with pytest.raises(Unfit) as refused:
            pictures.upright_jpeg(made[0], allowance)
        assert str(refused.value) == unfit.TOOK_TOO_LONG
    assert allowance.left <= 0
    made.append(pictures.upright_jpeg(made[0], Allowance()))


def printable(content: bytes, made: list[Spool]) -> Image.Image:
    made.append(spooled(content))
    made.append(pictures.for_print(made[-1], Allowance()))
    assert made[-1].size <= 1024**2
    made[-1].seek(0)
    return Image.open(io.BytesIO(made[-1].read()))


def test_for_print_a_picture_becomes_small_and_stays_what_it_is(made: list[Spool]) -> None:
    assert (printable(samples.png((3_000, 1_200)), made).size, printable(samples.png(), made).format) == (
        (1_000, 400),
        "PNG",
    )
    photo = printable(samples.jpeg(gps=True), made)
    assert (photo.format, dict(photo.getexif()), photo.info.get("xmp")) == ("JPEG", {}, None)


def test_a_png_that_stays_too_large_for_print_becomes_a_jpeg(made: list[Spool]) -> None:
    noise = io.BytesIO()
    Image.effect_noise((1_200, 1_200), 90).convert("RGB").save(noise, "PNG")
    found = printable(noise.getvalue(), made)
    assert (found.format, found.size) == ("JPEG", (1_000, 1_000))


def test_what_is_transparent_is_white_in_print(made: list[Spool]) -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(clear, "PNG")
    assert printable(clear.getvalue(), made).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n nothing", samples.png()[:60], b""])
def test_what_cannot_be_read_is_not_printed(made: list[Spool], content: bytes) -> None:
    made.append(spooled(content))
    with pytest.raises(Unfit):
        pictures.for_print(made[-1], Allowance())
