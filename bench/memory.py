"""How much memory a process has, in megabytes."""

from pathlib import Path


def resident(pid: int) -> float:
    """All that it has in memory."""
    return _sum(pid, "Rss")


def proportional(pid: int) -> float:
    """What it shares with others counted in parts (PSS), so that of several processes the sum is right."""
    return _sum(pid, "Pss")


def _sum(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return round(int(kilobytes) / 1024, 1)
