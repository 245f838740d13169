from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from cdalake.server.export import CHUNK, in_chunks


@given(sizes=st.lists(st.integers(0, 3 * CHUNK), max_size=20))
def test_an_export_is_the_same_text_in_few_parts(sizes: list[int]) -> None:
    pieces = [str(number % 10) * size for number, size in enumerate(sizes)]
    sent = list(in_chunks(pieces))
    assert "".join(sent) == "".join(pieces)
    assert all(len(part) >= CHUNK for part in sent[:-1])


def test_the_first_part_is_sent_before_the_last_row_is_read() -> None:
    read: list[int] = []

    def rows() -> Iterator[str]:
        for number in range(100):
            read.append(number)
            yield "x" * CHUNK

    next(in_chunks(rows()))
    assert read == [0]
