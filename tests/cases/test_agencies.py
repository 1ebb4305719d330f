"""What may be recorded of another agency (CASE-17)."""

from datetime import date

import pytest

from app.cases.agencies.rules import AgencyFacts, fault_of, fault_of_kind, kinds_on, label_of

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize("told", [AgencyFacts(), AgencyFacts(reach="04 555 0100"), AgencyFacts(reach="a@example.nz")])
def test_what_is_in_order(told: AgencyFacts) -> None:
    assert not fault_of("police", told, TODAY)


@pytest.mark.parametrize(
    ("code", "told", "field"),
    [
        ("other", AgencyFacts(), "name"),
        ("police", AgencyFacts(name="x" * 161), "name"),
        ("police", AgencyFacts(reach="ring me"), "reach"),
        ("police", AgencyFacts(reach="rina@"), "reach"),
        ("police", AgencyFacts(since_on=date(2026, 3, 4)), "since_on"),
    ],
)
def test_what_is_to_be_mended(code: str, told: AgencyFacts, field: str) -> None:
    assert set(fault_of(code, told, TODAY)) == {field}


def test_the_list_and_its_names() -> None:
    assert ("iwi_hapu", "Iwi or hapū") in kinds_on(TODAY)
    assert label_of("police") == "Police"
    assert not fault_of_kind("police", TODAY)
    assert fault_of_kind("nobody", TODAY)
