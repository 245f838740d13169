"""Log lines."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from cdalake.telemetry import logs

SECRET = "wJalrXUtnFEMIK7MDENG"
log = logging.getLogger("cdalake.test")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is written to standard error."""
    written = io.StringIO()
    root, ours = logging.getLogger(), logging.getLogger("cdalake")
    levels = root.level, ours.level
    yield written
    for handler in logs._installed:
        root.removeHandler(handler)
    logs._installed.clear()
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def fail(error: Exception) -> None:
    raise error


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object_with_what_it_belongs_to(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    with logs.about(request_id="r1"), logs.about(table="cc_claim"):
        log.info("Read %d files", 3, extra={"facts": {"files": 3}})
    log.info("After")
    first, second = lines(stream)
    assert first["message"] == "Read 3 files"
    assert first["level"] == "info"
    assert str(first["at"]).endswith("Z")
    assert (first["request_id"], first["table"], first["files"]) == ("r1", "cc_claim", 3)
    assert "request_id" not in second


def test_an_exception_is_one_line_without_its_secrets(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    try:
        fail(RuntimeError(f"GET https://store.example/?X-Amz-Signature={SECRET}"))
    except RuntimeError:
        log.exception("Could not read with token=%s", SECRET)
    (line,) = lines(stream)
    assert "RuntimeError" in str(line["exception"])
    assert SECRET not in stream.getvalue()
    assert SECRET not in json.dumps(logs.NEWEST.lines())


def test_a_fact_is_redacted_too(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    log.info("x", extra={"facts": {"url": f"postgresql://a:{SECRET}@h/d", "count": 2}})
    assert SECRET not in stream.getvalue()
    assert lines(stream)[0]["count"] == 2


def test_text_is_for_people(stream: io.StringIO) -> None:
    logs.configure("text", "info", stream)
    try:
        fail(ValueError("bad"))
    except ValueError:
        log.exception("Could not", extra={"facts": {"table": "cc_claim"}})
    head, *trace = stream.getvalue().splitlines()
    assert head.endswith("ERROR   Could not table=cc_claim")
    assert trace[-1] == "ValueError: bad"


def test_the_level_is_ours_and_libraries_speak_up_only_when_something_is_wrong(
    stream: io.StringIO,
) -> None:
    logs.configure("json", "debug", stream)
    logs.configure("json", "warning", stream)
    log.info("quiet")
    logging.getLogger("library").info("quiet")
    log.warning("loud")
    logging.getLogger("library").warning("loud")
    assert [line["message"] for line in lines(stream)] == ["loud", "loud"]


def test_only_the_newest_lines_are_kept() -> None:
    newest = logs.Newest(2)
    for number in range(3):
        newest.emit(logging.makeLogRecord({"msg": str(number), "levelname": "INFO"}))
    assert [line["message"] for line in newest.lines()] == ["1", "2"]
