"""A report read as people read it: what the page says, which cases it lists, what its figures open, and its CSV file."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import StringIO

from werkzeug.test import TestResponse

from tests.support.client import Client

NUMBER = re.compile(r"<small>(\d\d-\d{6}-\d)</small>")


def said(page: TestResponse) -> str:
    """What a page says in its main part, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def numbers(page: TestResponse) -> list[str]:
    """Of the cases in its tables."""
    return NUMBER.findall(page.text)


@dataclass(frozen=True)
class ReportAt:
    """The report at an address."""

    here: str

    def rows(self, client: Client, query: str = "") -> list[dict[str, str]]:
        """What the CSV file says."""
        answer = client.get(f"{self.here}cases.csv{query}")
        return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))

    def figures(self, client: Client, query: str = "") -> Iterator[tuple[str, int]]:
        """Where each figure of the page leads, and how many it says."""
        figure = re.compile(rf'href="({re.escape(self.here)}cases\?which=[^"]+)">(\d+)<')
        for address, count in figure.findall(client.get(f"{self.here}{query}").text):
            yield unescape(address), int(count)
