"""The whole request by keyboard only: each stop can be seen and comes in the order in which the page is read, the way round
the menus works, what is missing leads to its field, and nothing holds whoever comes by."""

import re
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors

ON_POSTGRESQL = Pair("on", 1280, "postgresql")
MOST_KEYS = 150
"""For the whole request, besides what is typed: from home, with every stop on the way."""
MOST_STOPS = 90
"""Of one page with all of the form, its menus and its foot."""
STOP = """() => {
  const here = document.activeElement, label = here.labels && here.labels[0], box = here.getBoundingClientRect();
  const drawn = here.matches('[type=checkbox], [type=radio]') ? [label, '::before'] : [here, null];
  const style = getComputedStyle(...drawn);
  const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && !/, 0\\)$/.test(style.outlineColor);
  const middle = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 40) / 2);
  const stops = [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];
  return {
    name: (label || here).innerText.replace(/\\s+/g, ' ').trim(),
    place: stops.indexOf(here), top: box.top + scrollY, id: here.id, kind: here.type || here.tagName.toLowerCase(),
    isForm: !!here.closest('main form'),
    isSeen: outline || style.boxShadow !== 'none',
    isBare: !!middle && (here.contains(middle) || middle.contains(here) || !!label && label.contains(middle)),
  };
}"""


class Hands:
    """Ten fingers and no mouse; every stop on their way is looked at."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def here(self) -> dict[str, Any]:
        """Where the focus is: it can be seen, and nothing lies over it."""
        stop: dict[str, Any] = self.page.evaluate(STOP)
        assert stop["isSeen"], f"nobody sees the focus on {stop}"
        assert stop["isBare"], f"something lies over {stop}"
        return stop

    def past_the_menus(self) -> None:
        """From the top of a page: the first stop leads to its main thing."""
        self.press("Tab")
        assert self.here()["name"] == "Skip to the main thing on this page"
        self.press("Enter")
        expect(self.page.locator("#main")).to_be_focused()

    def tab_to(self, name: str) -> None:
        """On to what is called so, in the order of the page; whoever has come too far reads to the end of the page."""
        before = -1, -1.0
        for _ in range(MOST_STOPS):
            self.press("Tab")
            stop = self.here()
            if stop["isForm"]:
                assert (stop["place"], stop["top"]) >= before, f"{stop} comes after {before}"
                assert stop["top"] > before[1] - 5, f"{stop} stands above what was read before"
                before = stop["place"], stop["top"]
            if re.match(name, stop["name"]):
                return
        raise AssertionError(f"no key leads to {name}")

    def write(self, name: str, text: str) -> None:
        self.tab_to(name)
        self.page.keyboard.type(text)


@pytest.fixture(params=[pytest.param(ON_POSTGRESQL, id=str(ON_POSTGRESQL), marks=pytest.mark.journey)])
def pair(request: pytest.FixtureRequest) -> Pair:
    chosen: Pair = request.param
    return chosen


def test_a_whole_request_by_keyboard_only(visitors: Visitors) -> None:
    page = visitors.sign_in("Jin Wu-Bennett", "/portal/")
    hands = Hands(page)
    starts_a_request(hands)
    nothing_holds_whoever_comes_by(page)
    answers_what_is_asked(hands)
    is_led_to_what_is_missing(hands)
    sends_it(hands)
    print(f"{hands.keys} keys besides what was typed")
    assert hands.keys <= MOST_KEYS


def starts_a_request(hands: Hands) -> None:
    hands.past_the_menus()
    hands.tab_to("Ask for support with a student")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Which student do you ask support for?")
    hands.past_the_menus()
    hands.write("Name of the student", "a")
    hands.press("Enter")
    hands.page.wait_for_url(re.compile(r"\?q=a$"))
    hands.past_the_menus()
    hands.tab_to("Start the request for")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Ask for support: ")


def nothing_holds_whoever_comes_by(page: Page) -> None:
    """From the first stop through all of the page to its end, and back by one."""
    hands = Hands(page)
    seen: list[dict[str, Any]] = []
    for turn in count():
        assert turn < MOST_STOPS, f"no end after {seen[-5:]}"
        hands.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen.append(hands.here())
    places = [stop["place"] for stop in seen]
    assert places == sorted(set(places))
    assert {"reason", "action_1", "primary_contact", "files"} <= {stop["id"] for stop in seen}
    hands.press("Shift+Tab")
    assert hands.here()["place"] == places[-1]
    page.reload()


def answers_what_is_asked(hands: Hands) -> None:
    """But for when it was done."""
    hands.past_the_menus()
    hands.tab_to("Is this the right time")
    hands.press("Space")
    hands.tab_to("Fewer than 15 days")
    hands.press("Space")
    hands.write("What is the reason for asking", "Away most Mondays.")
    hands.write(r"What was done \(1\)", "Rang home")
    for question in ("Engagement", "Plan", "Barriers"):
        hands.tab_to(f"{question}: will tell at the meeting")
        hands.press("Space")
    hands.tab_to("Yes")
    hands.press("ArrowDown", "ArrowDown")
    assert hands.here()["name"] == "Will tell at the meeting"
    hands.tab_to("Primary contact at school")
    hands.page.keyboard.type("Jin")
    expect(hands.page.get_by_label("Primary contact at school").locator("option:checked")).to_have_text(
        "Jin Wu-Bennett"
    )
    hands.tab_to("Check answers")
    hands.press("Enter")


def is_led_to_what_is_missing(hands: Hands) -> None:
    """The summary has the focus when the page opens; its link, and then the field."""
    summary = hands.page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("One thing is missing")
    expect(summary).to_be_focused()
    hands.press("Tab")
    assert hands.here()["name"] == "Say when step 1, “Rang home”, was done, or about when"
    hands.press("Enter")
    when = hands.page.get_by_label("When, or about when (1)")
    expect(when).to_be_focused()
    hands.here()
    hands.page.keyboard.type("last week")
    expect(hands.page.locator("#missing")).to_have_text("Nothing. Check the answers and send.")
    expect(when).to_be_focused()
    hands.tab_to("Check answers")
    hands.press("Enter")


def sends_it(hands: Hands) -> None:
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Check the answers")
    hands.past_the_menus()
    hands.tab_to("Send the request")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", name="The request is sent")).to_be_visible()
    hands.past_the_menus()
    hands.tab_to("Open the case")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", level=1)).to_be_visible()
