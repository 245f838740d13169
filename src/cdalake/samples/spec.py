"""What a sample export is asked to be."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from cdalake.errors import UsageError

FIXED_END = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class SampleSpec:
    """The shape of a sample export; equal specs give equal bytes.

    Attributes:
        tables: how many; the eleven of `tables.TABLES` first, then invented names.
        folders: committed timestamp folders per table, the initial load included (typelists: one).
        rows: rows in the initial load of an ordinary table; later folders have about a tenth.
        seed: everything random follows from it.
        dirt: add the uglier things seen in real exports.
        end: time of the newest committed folder, with a time zone; None is a fixed moment.
        files_per_folder: exactly so many data files in every folder and no empty ones, for
            benchmarks; None is one to four, as they come.
    """

    tables: int = 11
    folders: int = 20
    rows: int = 200
    seed: int = 7
    dirt: bool = False
    end: datetime | None = None
    files_per_folder: int | None = None

    def __post_init__(self) -> None:
        least = min(self.tables, self.folders, self.rows, self.files_per_folder or 1)
        if least < 1 or (self.end and self.end.tzinfo is None):
            raise UsageError(
                "SAMPLE_SPEC_INVALID",
                "A sample export needs at least one table, folder and row, and an end with a zone.",
                "Give --tables, --folders and --rows as whole numbers from 1 on.",
            )

    @property
    def end_ms(self) -> int:
        """Time of the newest folder of the first writing, in epoch milliseconds."""
        return int((self.end or FIXED_END).timestamp() * 1000)

    def dice(self, *key: object) -> random.Random:
        """A source of chance of its own for `key`, so that one table never moves another."""
        return random.Random("/".join(map(str, (self.seed, *key))))  # noqa: S311 - no secrets here

    def to_json(self) -> dict[str, Any]:
        """The spec as it is noted down in the export."""
        return {**asdict(self), "end": self.end.isoformat() if self.end else None}

    @classmethod
    def from_json(cls, noted: dict[str, Any]) -> SampleSpec:
        """The spec that `to_json` noted."""
        end = noted["end"]
        return cls(**{**noted, "end": datetime.fromisoformat(end) if end else None})
