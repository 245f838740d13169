"""Files that hold disjoint ranges of ids, so that a change concerns few of them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdalake.delta.actions import DataFile


@dataclass(frozen=True)
class Block:
    """Files whose ranges overlap, nearly always a single one.

    Attributes:
        low: the least id they hold; None when nobody can tell, and then there is one block only.
    """

    files: tuple[DataFile, ...]
    low: int | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self.files)


def blocks_of(files: Iterable[DataFile], key: str, *, has_whole_id: bool) -> list[Block]:
    """Sort files into blocks by the statistics of `key`; ascending, and never none.

    A compaction by another tool may have put distant files together: they become one block, and
    fall apart again when it is written next.
    """
    files = tuple(files)
    bounds = [bounds_of(file, key) for file in files] if has_whole_id else []
    known = [(*bound, file) for bound, file in zip(bounds, files, strict=False) if bound]
    if not files or len(known) < len(files):
        return [Block(files)]
    blocks: list[Block] = []
    end = None
    for low, high, file in sorted(known, key=lambda item: item[:2]):
        if end is not None and low <= end:
            blocks[-1] = Block((*blocks[-1].files, file), blocks[-1].low)
        else:
            blocks.append(Block((file,), low))
        end = high if end is None else max(end, high)
    return blocks


def bounds_of(file: DataFile, key: str) -> tuple[int, int] | None:
    """The least and the greatest id of a file; None when its statistics do not say."""
    try:
        stats = json.loads(file.stats or "")
        low, high = stats["minValues"][key], stats["maxValues"][key]
    except (ValueError, KeyError, TypeError):
        return None
    return (low, high) if type(low) is int and type(high) is int else None


def grouped(blocks: Sequence[Block], touched: Iterable[int], target: int) -> list[list[int]]:
    """Numbers of the touched blocks, in groups to be written together.

    Neighbours that are small are joined: else a table would fall into ever smaller files.
    """
    groups: list[list[int]] = []
    size = 0
    for number in sorted(touched):
        is_next = bool(groups) and groups[-1][-1] == number - 1
        if is_next and size + blocks[number].size <= target:
            groups[-1].append(number)
            size += blocks[number].size
        else:
            groups.append([number])
            size = blocks[number].size
    return groups


@dataclass(frozen=True)
class Shape:
    """How large the files of a table should be, and how many are read at once.

    Attributes:
        smallest, largest: bytes. Smaller files are cheaper to rewrite, larger ones to read.
        files: how many a table should have while its files are between the two.
        rows_in_group: rows of a parquet row group; a file has at least one.
        files_at_once: raw files that are open at once; DuckDB keeps something of each.
    """

    smallest: int = 4 * 1024 * 1024
    largest: int = 64 * 1024 * 1024
    files: int = 100
    rows_in_group: int = 30_720
    files_at_once: int = 1000

    def file_size(self, table_bytes: int) -> int:
        """Bytes of a file in a table of that size."""
        return max(self.smallest, min(self.largest, table_bytes // self.files))


USUAL = Shape()
