"""What may be said of a barrier (CASE-15)."""

from dataclasses import replace
from datetime import date

import pytest

from app.cases.barriers.models import BarrierState, NamedBy
from app.cases.barriers.rules import BarrierFacts, fault_of, fault_of_kind, kinds_on, label_of

TODAY = date(2026, 3, 3)
SAID = BarrierFacts("No car.", NamedBy.WHANAU, since_on=date(2026, 2, 1))
RESOLVED = replace(SAID, state=BarrierState.RESOLVED, resolved_on=TODAY)


@pytest.mark.parametrize("told", [SAID, RESOLVED, replace(SAID, about="", since_on=None)])
def test_what_is_in_order(told: BarrierFacts) -> None:
    assert not fault_of("transport", told, TODAY)


@pytest.mark.parametrize(
    ("code", "told", "field"),
    [
        ("other", replace(SAID, about=""), "about"),
        ("transport", replace(SAID, about="x" * 10_001), "about"),
        ("transport", replace(SAID, since_on=date(2026, 3, 4)), "since_on"),
        ("transport", replace(RESOLVED, resolved_on=None), "resolved_on"),
        ("transport", replace(SAID, resolved_on=TODAY), "resolved_on"),
        ("transport", replace(RESOLVED, resolved_on=date(2026, 1, 31)), "resolved_on"),
        ("transport", replace(RESOLVED, resolved_on=date(2026, 3, 4)), "resolved_on"),
    ],
)
def test_what_is_to_be_mended(code: str, told: BarrierFacts, field: str) -> None:
    assert set(fault_of(code, told, TODAY)) == {field}


def test_the_list_by_group_and_its_names() -> None:
    groups = kinds_on(TODAY)
    assert ("transport", "Transport") in groups["Money, home, transport"]
    assert [code for code, _ in groups["Something else"]] == ["other"]
    assert sum(map(len, groups.values())) == 26
    assert label_of("transport") == "Transport"
    assert fault_of_kind("transport", TODAY) == ""
    assert fault_of_kind("weather", TODAY)
