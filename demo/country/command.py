"""`flask demo`: fill an empty demonstration with a country."""

from datetime import datetime

import click
from flask.cli import with_appcontext


@click.command("demo")
@click.option(
    "--cases",
    type=click.IntRange(1, 1_000_000),
    required=True,
    metavar="N",
    help="How many cases, each with 20 entries.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another one makes another country.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day before which everything has happened.")
@with_appcontext
def demo(cases: int, seed: int, today: datetime | None) -> None:
    """Fill an empty, migrated demonstration with a whole invented country: the same rows for the same seed and day."""
    from demo.country.carrying_out import carry_out  # noqa: PLC0415 (the portal itself need not know so much)

    carry_out(cases, seed, today.date() if today else None)
