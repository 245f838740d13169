"""Numbers and their text for Prometheus."""

import pytest

from cdalake.telemetry.metrics import Counter, Level, Timings, gauge, percentile, text_of


def test_a_counter_counts_by_labels() -> None:
    counter = Counter("asked_total", "Asked.", ("route", "status"))
    for status in ("200", "200", "500"):
        counter.add("/a", status)
    assert text_of([counter.family()]).splitlines() == [
        "# HELP asked_total Asked.",
        "# TYPE asked_total counter",
        'asked_total{route="/a",status="200"} 2',
        'asked_total{route="/a",status="500"} 1',
    ]


def test_timings_are_a_histogram_and_percentiles_of_the_newest() -> None:
    timings = Timings("took_seconds", "Took.", ("what",))
    for hundredths in range(1, 101):
        timings.observe(hundredths / 100, "a")
    one = timings.percentiles()["a",]
    assert (one.count, one.p50, one.p95, one.p99, one.worst) == (100, 0.5, 0.95, 0.99, 1.0)
    lines = text_of([timings.family()]).splitlines()
    assert 'took_seconds_bucket{what="a",le="0.1"} 10' in lines
    assert 'took_seconds_bucket{what="a",le="+Inf"} 100' in lines
    assert 'took_seconds_count{what="a"} 100' in lines
    assert any(line.startswith('took_seconds_sum{what="a"} 50.') for line in lines)


def test_a_block_is_timed_however_it_ends() -> None:
    timings = Timings("took_seconds", "Took.", ())
    with pytest.raises(ValueError, match="no"), timings.timing():
        raise ValueError("no")
    assert timings.percentiles()[()].count == 1


def test_a_level_goes_up_and_down() -> None:
    level = Level("streams", "Streams.")
    with level.one_more(), level.one_more():
        assert text_of([level.family()]).splitlines()[-1] == "streams 2"
    assert level.value == 0


def test_a_label_can_hold_any_text() -> None:
    family = gauge("x", "X.", {('a"b\\c\nd',): 1.5}, ("name",))
    assert text_of([family]).splitlines()[-1] == r'x{name="a\"b\\c\nd"} 1.5'


@pytest.mark.parametrize(("share", "found"), [(0.0, 1), (0.5, 1), (0.51, 2), (1.0, 2)])
def test_a_percentile_is_one_of_the_values(share: float, found: float) -> None:
    assert percentile([1, 2], share) == found
