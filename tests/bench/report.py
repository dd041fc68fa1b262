"""Figures beside their targets, for people and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

FILE = Path("build/bench.json")


@dataclass(frozen=True, slots=True)
class Judged:
    """One ratio or figure with the target that it should not exceed."""

    what: str
    value: float
    target: float
    unit: str = "x"

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.target else "MISSED"
        return f"{self.what}: {self.value:.3g} {self.unit}, target at most {self.target:.3g} {self.unit}: {verdict}"


@dataclass
class Part:
    """What one part of the benchmark found. `faults` are messages lost, doubled or out of order."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def show(self) -> None:
        print(f"\n{self.title}")
        cells = [[str(cell) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.columns))]
        for row in cells if self.rows else []:
            first, *others = (
                cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            print("  " + "  ".join((first, *others)).rstrip())
        for line in (*map(str, self.judged), *self.notes, *(f"FAULT {fault}" for fault in self.faults)):
            print("  " + line)

    def record(self) -> dict[str, Any]:
        judged = [
            {"what": each.what, "value": round(each.value, 4), "target": each.target, "unit": each.unit, "ok": each.value <= each.target}
            for each in self.judged
        ]
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "judged": judged, "notes": self.notes, "faults": self.faults}


def write(machine: dict[str, object], parts: dict[str, Part]) -> None:
    FILE.parent.mkdir(exist_ok=True)
    found = {name: part.record() for name, part in parts.items()}
    FILE.write_text(json.dumps({"machine": machine, **found}, indent=2) + "\n")


def middle(values: Sequence[float]) -> float:
    return part_of(values, 0.5)


def part_of(values: Sequence[float], part: float) -> float:
    """The value that this part of all don't exceed (nearest rank)."""
    return sorted(values)[max(0, ceil(len(values) * part) - 1)]
