"""A page as the browser puts it on paper, without a portal that runs."""

import re
import subprocess

from playwright.sync_api import Browser, Page, PdfMargins

from tests.support.client import Client

MARGINS: PdfMargins = {"top": "10mm", "right": "10mm", "bottom": "10mm", "left": "10mm"}
"""As browsers leave them on paper."""


def drawn(browser: Browser, client: Client, html: str) -> Page:
    """This page with its style and without its scripts."""
    with client.get(re.findall(r'href="([^"]+\.css)"', html)[0]) as sheet:
        style = sheet.get_data(as_text=True)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content(re.sub(r"<(link|script)[^>]*>", "", html).replace("</head>", f"<style>{style}</style></head>"))
    return page


def leaves(page: Page) -> list[str]:
    """The words on each leaf of A4."""
    paper = page.pdf(format="A4", margin=MARGINS)
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True)
    return read.stdout.decode().removesuffix("\f").split("\f")
