from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cdalake.errors import AccessDenied, CdalakeError, StoreUnavailable
from cdalake.services.connections import PAGE
from cdalake.services.endpoints import Endpoints
from cdalake.settings import Connection, Settings, load


def settings(tmp_path: Path, *, is_open: bool, allowed: str = "") -> Settings:
    env = {"CDALAKE_HOME": str(tmp_path / "home"), "CDALAKE_ALLOWED_ENDPOINTS": allowed}
    return replace(load(env, tmp_path), host="10.0.0.1" if is_open else "127.0.0.1")


def to(endpoint: str) -> Connection:
    return Connection("x", "s3://a", "s3://b", endpoint=endpoint)


def code_of(known: Settings, connection: Connection) -> str | None:
    try:
        Endpoints(known).check(connection)
    except CdalakeError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://169.254.169.254",
        "http://[fe80::1]",
        "http://[::ffff:169.254.169.254]:80",
        "http://[fd00:ec2::254]",
        "http://0.0.0.0:9000",
        "http://2852039166",
        "http://0xa9fea9fe",
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_no_connection_of_the_page_reaches_a_metadata_service(
    tmp_path: Path, endpoint: str, is_open: bool
) -> None:
    """S5, in whatever spelling."""
    assert code_of(settings(tmp_path, is_open=is_open), to(endpoint)) == "ENDPOINT_NOT_ALLOWED"


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:9000", "http://localhost:9000", "https://10.1.2.3", "http://[::1]"],
)
def test_beside_the_server_is_reached_only_where_nobody_else_reaches_the_page(
    tmp_path: Path, endpoint: str
) -> None:
    assert code_of(settings(tmp_path, is_open=False), to(endpoint)) is None
    assert code_of(settings(tmp_path, is_open=True), to(endpoint)) == "ENDPOINT_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("10.1.2.3", None),
        ("10.1.2.3:9000", None),
        ("10.1.*", None),
        ("elsewhere, 10.1.2.3:9000", None),
        ("10.1.2.3:9001", "ENDPOINT_NOT_ALLOWED"),
    ],
)
def test_what_the_setting_names_is_allowed(
    tmp_path: Path, allowed: str, expected: str | None
) -> None:
    known = settings(tmp_path, is_open=True, allowed=allowed)
    assert code_of(known, to("http://10.1.2.3:9000")) == expected


def test_a_public_address_and_the_providers_own_are_fine(tmp_path: Path) -> None:
    known = settings(tmp_path, is_open=True)
    assert code_of(known, to("https://8.8.8.8")) is None
    assert code_of(known, Connection("x", "s3://a", "gs://b")) is None


def test_an_account_in_a_location_is_a_host_too(tmp_path: Path) -> None:
    known = settings(tmp_path, is_open=True)
    there = Connection("x", "abfss://box@127.0.0.1/a", "s3://b")
    assert code_of(known, there) == "ENDPOINT_NOT_ALLOWED"
    assert code_of(known, Connection("x", "az://box", "s3://b")) is None


@pytest.mark.parametrize(
    ("address", "is_open", "allowed", "expected"),
    [
        ("127.0.0.1:6379", False, "", None),
        ("169.254.169.254:80", False, "", "ENDPOINT_NOT_ALLOWED"),
        ("8.8.8.8:6379", True, "", "ENDPOINT_NOT_ALLOWED"),
        ("ray://[::1]:10001", True, "", "ENDPOINT_NOT_ALLOWED"),
        ("ray://[::1]:10001", True, "::1", None),
        ("10.1.2.3:6379", True, "10.1.2.3:6379", None),
    ],
)
def test_a_cluster_is_named_by_the_setting_where_others_reach_the_page(
    tmp_path: Path, address: str, is_open: bool, allowed: str, expected: str | None
) -> None:
    """It gets the server's token, public or not."""
    known = settings(tmp_path, is_open=is_open, allowed=allowed)
    there = Connection("x", "s3://a", "s3://b", runner="ray", ray_address=address)
    assert code_of(known, there) == expected


def test_a_name_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="HOST_UNKNOWN"):
        Endpoints(settings(tmp_path, is_open=False)).check(to("https://no-such-host.invalid"))


def test_a_connection_of_the_page_is_looked_at_again_and_one_of_the_file_never(
    tmp_path: Path,
) -> None:
    """S5: a name may have come to mean another address."""
    known = Endpoints(settings(tmp_path, is_open=True))
    elsewhere = to("http://127.0.0.1:9000")
    with pytest.raises(AccessDenied):
        known.check_again(replace(elsewhere, origin=PAGE))
    known.check_again(replace(elsewhere, origin="cdalake.toml"))


def test_the_servers_own_files_are_no_source_nor_target(tmp_path: Path) -> None:
    known = settings(tmp_path, is_open=False)
    for folder in (
        "/",
        str(tmp_path),
        str(tmp_path / "home"),
        str(tmp_path / "home" / "runs" / "x"),
    ):
        with pytest.raises(AccessDenied, match="FOLDER_NOT_ALLOWED"):
            Endpoints(known).check(Connection("x", folder, "s3://b"))
    assert code_of(known, Connection("x", str(tmp_path / "home" / "demo"), "s3://b")) is None


def test_folders_are_named_by_the_setting_where_others_reach_the_page(tmp_path: Path) -> None:
    folder = Connection("x", str(tmp_path / "export"), "s3://b")
    assert code_of(settings(tmp_path, is_open=True), folder) == "FOLDER_NOT_ALLOWED"
    known = settings(tmp_path, is_open=True, allowed=str(tmp_path / "export"))
    assert code_of(known, folder) is None
