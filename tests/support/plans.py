"""How the database goes about a statement: which tables it reads row by row, from the first to the last."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import text

from app.core.db import db


def is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def read_through(statement: str, values: Any, is_large: bool) -> set[str]:
    """Of these values, and on PostgreSQL also of none in particular: so it asks what it has asked often. Of ten rows
    PostgreSQL reads all, and rightly: there it is asked whether it could do otherwise, if only along an index."""
    connection = db.session.connection()
    if not is_postgresql():
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return {found[1] for row in rows if (found := re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", row[-1]))}
    if not is_large:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()[0]["Plan"]
    if not is_large:
        return {node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan"}
    every = chain(_nodes(plan), _nodes(_of_none_in_particular(statement)))
    return {node["Relation Name"] for node in every if _reads_through(node)}


def looked_up_by(statement: str, values: Any) -> str:
    """The conditions by which rows are found in an index, where they could be read through just as well."""
    connection = db.session.connection()
    if not is_postgresql():
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return " ".join(row[-1] for row in rows)
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    return " ".join(line for (line,) in rows if "Index Cond" in line or "Index Scan" in line)


def _of_none_in_particular(statement: str) -> Mapping[str, Any]:
    """The plan that PostgreSQL keeps for a prepared statement."""
    names: dict[str, str] = {}
    numbered = re.sub(r"%\((\w+)\)s", lambda found: names.setdefault(found[1], f"${len(names) + 1}"), statement)
    driver: Any = db.session.connection().connection.driver_connection
    driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    driver.execute(f"PREPARE asked AS {numbered.replace('%%', '%')}")
    values = f"({', '.join(['NULL'] * len(names))})" if names else ""
    plan = driver.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}").fetchone()[0]
    driver.execute("DEALLOCATE asked")
    return dict(plan[0]["Plan"])


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from _nodes(part)


def _reads_through(node: Mapping[str, Any]) -> bool:
    """Every row, by themselves or along an index without a condition on it."""
    is_along = node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
    return is_along or node["Node Type"] == "Seq Scan"
