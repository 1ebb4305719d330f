"""The other side of the comparison: Chromium prints the same pages to tagged PDFs, each printer a browser with a warm tab.

The fonts are the same ones, given to it by fontconfig: a page must not fetch them anew each time."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app.core.pdf.press import FONTS

OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
CONFIGURATION = '<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>'


@contextmanager
def printer(folder: Path) -> Iterator["Printer"]:
    """One browser, ended afterwards."""
    fonts = folder / "fonts.conf"
    fonts.write_text(CONFIGURATION.format(fonts=FONTS, cache=folder / "cache"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=OPTIONS, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        yield Printer(browser.new_page(), folder)
        browser.close()


class Printer:
    def __init__(self, page: Page, folder: Path) -> None:
        self._page = page
        self._file = folder / "letter.html"

    def print(self, pages: Sequence[str], css: str) -> int:
        """Each to a PDF with tags; the bytes of the last one."""
        size = 0
        for html in pages:
            self._file.write_text(html.replace("</head>", f"<style>{css}</style></head>"), encoding="utf-8")
            self._page.goto(self._file.as_uri())
            size = len(self._page.pdf(tagged=True, prefer_css_page_size=True, print_background=True))
        return size
