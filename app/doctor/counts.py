"""How many cases each service has in each status: what is kept, beside what is counted."""

from collections.abc import Iterable

from app.cases.standing import kept_and_counted, wrongly_managed
from app.doctor.findings import Finding, Patient, good, mend
from app.figures import counted


def of_cases(_patient: Patient) -> Iterable[Finding]:
    kept, ought = kept_and_counted()
    if managed := wrongly_managed():
        said = "one case is" if managed == 1 else f"{managed:,} cases are"
        yield mend("counts", f"{said} counted for somebody else than their case manager", "run: flask recount")
    wrong = {service_id for (service_id, _), _ in kept.items() ^ ought.items()}
    if wrong:
        services = "one service" if len(wrong) == 1 else f"{len(wrong):,} services"
        yield mend(
            "counts", f"the numbers on the first page of {services} are not those of its cases", "run: flask recount"
        )
    else:
        yield good("counts", f"kept as they are counted, {counted(sum(ought.values()), 'case')}")
