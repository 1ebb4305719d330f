"""How large the country is. Cases are what the command says; everything else is always there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """So many of each."""

    catchments: int = 84
    unserved: int = 2
    """Catchments without a service."""
    services: int = 75
    schools: int = 2_500
    staff: int = 8_000
    managers: int = 900
    """Case managers, about."""
    investigators: int = 6


WHOLE = Scale()
ENTRIES = 20
"""On the timeline of each case."""
STUDENTS_WITHOUT = 4
"""One student without a case for each so many cases."""
