"""The floor, served as the portal is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import report
from bench.serving import Site
from scripts import portal
from scripts.parts import Parts, free_ports

PROGRAM = "bench.floor.program:app"


@contextmanager
def floor_of(site: Site) -> Iterator[int]:
    """On the portal's own database: its port."""
    environment = site.environment | {"PORT": str(free_ports(1)[0])}
    parts = Parts(Path(site.environment["DEMO_DIR"]) / "floor.log")
    try:
        parts.start("floor", [*portal.web_command(environment)[:-1], PROGRAM], environment)
        portal.wait_until_ready(parts, f"http://127.0.0.1:{environment['PORT']}/readyz", site.url)
        yield int(environment["PORT"])
    except Exception:
        report.say(parts.last_words())
        raise
    finally:
        parts.end()
