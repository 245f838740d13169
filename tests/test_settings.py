"""Settings: what the environment and cdalake.toml may say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdalake.errors import UsageError
from cdalake.settings import ad_hoc, load, refuse_secrets


def write(folder: Path, text: str) -> Path:
    (folder / "cdalake.toml").write_text(text)
    return folder


def test_the_environment_names_the_default_connection(tmp_path: Path) -> None:
    env = {"CDALAKE_SOURCE": "/cda", "CDALAKE_TARGET": "/lake", "CDALAKE_HOME": str(tmp_path)}

    settings = load(env, tmp_path)

    assert settings.connection(None).source == "/cda"
    assert settings.connection("default").target == "/lake"
    assert settings.runs_dir == tmp_path / "runs"


def test_the_file_names_more_connections_and_says_where(tmp_path: Path) -> None:
    text = '[connections.east]\nsource = "s3://a/b"\ntarget = "s3://c/d"\nworkers = 3\n'

    east = load({"CDALAKE_LAG_LIMIT_SECONDS": "60"}, write(tmp_path, text)).connection("east")

    assert (east.source, east.workers, east.lag_limit_seconds) == ("s3://a/b", 3, 60)
    assert east.origin.endswith("cdalake.toml [connections.east]")


def test_the_only_connection_needs_no_name(tmp_path: Path) -> None:
    text = '[connections.east]\nsource = "/a"\ntarget = "/b"\n'

    assert load({}, write(tmp_path, text)).connection(None).name == "east"


def test_an_unknown_connection_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    text = '[connections.east]\nsource = "/a"\ntarget = "/b"\n'

    with pytest.raises(UsageError, match=r"NO_CONNECTION.*'west'.*known: east"):
        load({}, write(tmp_path, text)).connection("west")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[connections.a\n", "not valid TOML"),
        ("connections = 3\n", "connections is not a table"),
        ("[connections]\na = 'x'\n", "it is not a table"),
        ("[connection.a]\nsource = '/a'\n", "'connection' is not a key"),
        ("[connections.a]\nsource = '/a'\n", "target is missing"),
        ("[connections.a]\nsource = 1\ntarget = '/b'\n", "source is 1, not a text"),
        (
            "[connections.a]\nsource = '/a'\ntarget = '/b'\nworkers = 'eight'\n",
            "not a whole number",
        ),
        ("[connections.a]\nsource = '/a'\ntarget = '/b'\nworkers = 0\n", "not a whole number"),
        ("[connections.a]\nsource = '/a'\ntarget = '/b'\nsorce = '/c'\n", "'sorce' is not a key"),
        (
            "[connections.a]\nsource = '/a'\ntarget = '/b'\nschema_change = 'guess'\n",
            "Write one of merge, fail, per_fingerprint, replace",
        ),
        (
            "[connections.a]\nsource = '/a'\ntarget = '/b'\nregion = 'x@10.0.0.1/'\n",
            "region is no region",
        ),
        (
            "[connections.a]\nsource = '/a'\ntarget = '/b'\nendpoint = 'http://10.0.0.1:99999'\n",
            "endpoint is no address",
        ),
        (
            "[connections.a]\nsource = '/a'\ntarget = '/b'\nendpoint = 'http://[::1'\n",
            "endpoint is no address",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=f"BAD_SETTING.*cdalake.toml.*{says}"):
        load({}, write(tmp_path, text))


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"CDALAKE_PORT": "abc"}, "CDALAKE_PORT is 'abc'.*CDALAKE_PORT=8000"),
        ({"CDALAKE_SOURCE": "/a"}, "CDALAKE_SOURCE is set and CDALAKE_TARGET is not"),
        ({"CDALAKE_TARGET": "/a"}, "CDALAKE_TARGET is set and CDALAKE_SOURCE is not"),
        ({"CDALAKE_CONFIG": "/no/such/file"}, "CDALAKE_CONFIG names /no/such/file"),
    ],
)
def test_a_bad_variable_is_refused_by_name(tmp_path: Path, env: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=f"BAD_SETTING.*{says}"):
        load(env, tmp_path)


def test_source_and_target_of_the_command_line_take_the_limits_of_the_environment() -> None:
    connection = ad_hoc("/a", "/b", {"CDALAKE_LOOKBACK_SECONDS": "5"})

    assert (connection.lookback_seconds, connection.settle_seconds) == (5, 900)


@given(st.text(min_size=1))
def test_a_location_with_a_password_is_refused_whatever_it_is_made_of(password: str) -> None:
    with pytest.raises(UsageError) as refused:
        refuse_secrets(f"s3://AKIAIOSFODNN7EXAMPLE:{password}@bucket/cda")
    assert refused.value.code == "SECRET_IN_URL"


@pytest.mark.parametrize(
    "location",
    ["s3://bucket/a:b@c", "abfss://container@account.dfs.core.windows.net/x:y", "/data/a:b@c"],
)
def test_a_colon_and_an_at_sign_of_a_path_are_no_password(location: str) -> None:
    refuse_secrets(location)
