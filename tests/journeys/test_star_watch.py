"""The journey: a dean looks who passed a step, records what was done for two at once, prints the rest by tutor group, and asks for
support with what was done."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.browsers import Pair, Visitors, first_pairs

pytestmark = first_pairs

Look = Callable[[Page, str], None]
HERE = "/portal/attendance/star"


def test_star_watch(visitors: Visitors, look_at_both: Look, pair: Pair) -> None:
    look, page = look_at_both, visitors.sign_in("Mere Fa‘asavalu", "/portal/attendance/")
    page.get_by_role("main").get_by_role("link", name="STAR watch").click()
    expect(page.get_by_role("heading", name="STAR watch", exact=True)).to_be_visible()
    expect(page.get_by_text("not the Ministry’s figure").first).to_be_visible()
    look(page, "star-list")
    names = records_for_two_at_once(page, look)
    takes_one_back(page, names[1], pair)
    prints_by_tutor_group(page, look)
    asks_for_support(page, names[0])


def records_for_two_at_once(page: Page, look: Look) -> list[str]:
    ticks = page.locator("input[name=student][form=ticks]")
    names = [page.locator(f"label[for=tick-{number}]").inner_text().strip() for number in (1, 2)]
    for number in (0, 1):
        ticks.nth(number).check()
    page.get_by_role("button", name="Record for all ticked").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    expect(page.locator("input[type=checkbox][name=student]")).to_have_count(2)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what was done")
    look(page, "star-recording")
    page.get_by_label("Rang home").check()
    page.get_by_label("Or about when").fill("week 4")
    page.get_by_label("Anything to add").fill("The bus comes too early")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Recorded for 2 students.")).to_be_visible()
    for name in names:
        expect(page.get_by_role("rowheader", name=name)).to_have_count(0)
    return names


def takes_one_back(page: Page, name: str, pair: Pair) -> None:
    page.goto(f"{HERE}?answered=y")
    page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name)).get_by_role(
        "button", name="Take back"
    ).click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(page.get_by_role("rowheader", name=name)).to_have_count(1)


def prints_by_tutor_group(page: Page, look: Look) -> None:
    page.goto(HERE)
    page.get_by_role("link", name="to print, or as a table").click()
    expect(page.get_by_role("heading", name="STAR watch by tutor group")).to_be_visible()
    look(page, "star-by-tutor")


def asks_for_support(page: Page, name: str) -> None:
    """A draft that is there already is the one."""
    page.goto(f"{HERE}?answered=y")
    page.get_by_role("button", name=f"Ask for support for {name}").click()
    expect(page).to_have_url(re.compile(r"/portal/referrals/[\w-]+/"))
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()
    if page.get_by_text("Draft started with what the roll knows.").count():
        steps = page.locator("input[name^=action_]").evaluate_all("all => all.map(each => each.value)")
        assert "Rang home (Mere Fa‘asavalu): The bus comes too early" in steps
