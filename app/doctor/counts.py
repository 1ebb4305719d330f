"""How many cases each service has in each status: what is kept, beside what is counted."""

from collections.abc import Iterable

from app.cases.standing import counted_again, kept_counts
from app.doctor.findings import Finding, Patient, good, mend


def of_cases(_patient: Patient) -> Iterable[Finding]:
    kept, counted = kept_counts(), counted_again()
    wrong = {service_id for (service_id, _), _ in kept.items() ^ counted.items()}
    if wrong:
        services = "one service" if len(wrong) == 1 else f"{len(wrong):,} services"
        yield mend(
            "counts", f"the numbers on the first page of {services} are not those of its cases", "run: flask recount"
        )
    else:
        yield good("counts", f"kept as they are counted, {sum(counted.values()):,} cases")
