"""A program of its own, run as a file: sets documents one after the other for whoever started it (`press.py`).

A request comes at its input, an answer goes to its output (`frames.py`). It imports nothing of the portal and is given
none of its settings. What WeasyPrint cannot find, does not know or would leave out is a fault: nothing goes missing in
silence (LET-8)."""

import hashlib
import io
import logging
import os
import resource
import signal
import sys
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from runpy import run_path
from traceback import format_exc
from typing import Any
from xml.etree import ElementTree as ET

import pydyf
import pypdfium2
import weasyprint
from cssselect2 import ElementWrapper
from PIL import Image, ImageFile
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

HERE = Path(__file__).parent
MOST = 200  # documents; then it ends, and another one is started: so its memory stays what it is
MOST_MEMORY = 1024**3
MOST_SECONDS = 30  # of processor time, for one document
MOST_KEPT = 16  # style sheets and sets of pictures
DOTS_PER_INCH = 110
COLOURS = 32
XHTML = "{http://www.w3.org/1999/xhtml}"
Head = dict[str, Any]


class Fault(Exception):
    """The document is not set: what kind of reason it has, and what was said of it."""


class Letter(weasyprint.HTML):  # type: ignore[misc]
    """Well-formed XHTML, read strictly."""

    def __init__(self, xhtml: bytes, fetch: "Assets") -> None:
        try:
            root = ET.fromstring(xhtml)  # noqa: S314 (our own text; what is in it was escaped)
        except ET.ParseError as error:
            raise Fault("malformed", str(error)) from error
        for element in root.iter():
            element.tag = element.tag.removeprefix(XHTML)
        self.base_url, self.url_fetcher, self.media_type = None, fetch, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


class Assets(dict[str, bytes]):
    """The only addresses that there are: `asset:` and a name, of what came with the document."""

    _fail_on_errors = True

    def __call__(self, address: str) -> Any:
        return URLFetcherResponse(address, self[address])


class Heard(logging.Handler):
    """What WeasyPrint had to say about the document at hand."""

    said: list[str]

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Setter:
    """Holds what is the same for many documents: the fonts, style sheets and pictures as they were read."""

    def __init__(self) -> None:
        self._heard = Heard(logging.WARNING)
        logging.getLogger("weasyprint").addHandler(self._heard)
        self._fonts = FontConfiguration()
        self._known: dict[Any, Any] = {}

    def set(self, xhtml: bytes, css: bytes, assets: Assets) -> tuple[int, bytes]:
        """How many pages, and the PDF. After a fault everything is read anew: WeasyPrint keeps what it could not read."""
        self._heard.said = []
        try:
            return self._set(xhtml, css, assets)
        except FatalURLFetchingError as error:
            self._known.clear()
            raise Fault("outside", str(error)) from error
        except Exception:
            self._known.clear()
            raise

    def _set(self, xhtml: bytes, css: bytes, assets: Assets) -> tuple[int, bytes]:
        style = self._kept(css, lambda: weasyprint.CSS(string=css, url_fetcher=assets, font_config=self._fonts))
        pictures = self._kept(frozenset(assets.items()), lambda: _looked_at(assets))
        options = {"stylesheets": [style], "cache": pictures, "pdf_variant": "pdf/ua-1"}
        document = Letter(xhtml, assets).render(font_config=self._fonts, **options)
        made: bytes = document.write_pdf(**options)
        if self._heard.said:
            raise Fault("left out", "\n".join(self._heard.said))
        return len(document.pages), made

    def _kept(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[key] = make()
        return self._known[key]


def _looked_at(assets: Assets) -> dict[str, Any]:
    """The cache for these pictures. WeasyPrint shows as much as there is of one that is not whole."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    for data in assets.values():
        if data.startswith(b"<svg "):
            continue  # a drawing that was made safe; what WeasyPrint cannot draw of it, it says
        try:
            with Image.open(io.BytesIO(data)) as picture:
                picture.load()
        except (
            OSError,
            ValueError,
            SyntaxError,
            Image.DecompressionBombWarning,
            Image.DecompressionBombError,
        ) as error:
            raise Fault("picture", str(error)) from error
    return {}


def pictures(pdf: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Size and PNG of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            drawn = page.render(scale=DOTS_PER_INCH / 72, rev_byteorder=True).to_pil()
            png = io.BytesIO()
            few = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            few.save(png, "PNG")
            yield drawn.size, png.getvalue()


def answer(setter: Setter, head: Head, parts: list[bytes]) -> tuple[Head, list[bytes]]:
    xhtml, css, *rest = parts
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + MOST_SECONDS, resource.RLIM_INFINITY))
    try:
        count, pdf = setter.set(xhtml, css, Assets(zip(head["assets"], rest, strict=True)))
    except Fault as fault:
        return {"fault": fault.args[0], "said": fault.args[1]}, []
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (it would fail the same way each time)
        return {"fault": "broken", "said": format_exc()}, []
    drawn = list(pictures(pdf)) if head["pictures"] else []
    return {"pages": count, "pictures": [size for size, _ in drawn]}, [pdf, *(png for _, png in drawn)]


def versions(fonts: Path) -> dict[str, str]:
    """What the bytes of a PDF depend on."""
    pangos = pango.pango_version()
    files = b"".join(file.read_bytes() for file in sorted(fonts.glob("*.ttf")))
    return {
        "WeasyPrint": weasyprint.VERSION,
        "pydyf": pydyf.VERSION,
        "Pango": f"{pangos // 10000}.{pangos // 100 % 100}.{pangos % 100}",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "fonts": hashlib.sha256(files).hexdigest()[:16],
    }


def main(fonts: Path) -> None:
    """Ends with whoever started it, and not by a signal that was meant for them."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nobody's letter is in a file that a crash leaves
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    run_path(str(HERE / "tags.py"))["complete"](weasyprint.pdf, pydyf.String)
    frames = run_path(str(HERE / "frames.py"))
    setter = Setter()
    frames["write"](answers, {"versions": versions(fonts)}, [])
    with suppress(EOFError):
        for left in reversed(range(MOST)):
            head, parts = answer(setter, *frames["read"](sys.stdin.buffer))
            frames["write"](answers, {**head, "is_last": not left}, parts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
