from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cdalake.delta.commit import write_checkpoint
from cdalake.errors import AccessDenied, CdalakeError, NotFound, UsageError
from cdalake.secret import Secret
from cdalake.settings import AccessRef
from cdalake.storage import Access, ObjectInfo, Store, parse_location
from cdalake.storage.access import Source, resolve

BUCKET = parse_location("s3://bucket/lake")
KEYS = {"PC_ACCESS_KEY_ID": "AKIAPC", "PC_SECRET_ACCESS_KEY": "planted-secret"}
FOREIGN = {
    "AWS_ACCESS_KEY_ID": "AKIAFOREIGN",
    "AWS_SECRET_ACCESS_KEY": "foreign-secret",
    "AWS_SESSION_TOKEN": "foreign-token",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_REGION": "eu-west-9",
}


class Listening:
    """A store that has nothing, and remembers who asked."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.tokens: list[str | None] = []
        self.paths: list[str] = []
        ours = self

        class Answer(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                signed = self.headers.get("authorization", "")
                ours.keys.append(signed.partition("Credential=")[2].partition("/s3")[0])
                ours.tokens.append(self.headers.get("x-amz-security-token"))
                ours.paths.append(self.path)
                self.send_response(404)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_PUT = do_HEAD = _answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()


@pytest.fixture
def listening() -> Iterator[Listening]:
    opened = Listening()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that is another's."""
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("foreign")
def test_keys_go_alone_whatever_the_environment_has(listening: Listening) -> None:
    access = Access.of_keys("AKIAMINE", "mine", endpoint=listening.url)
    with pytest.raises(NotFound):
        Store.open("s3://bucket", access).get("x")
    assert listening.keys[0].startswith("AKIAMINE/")
    assert listening.keys[0].endswith("/us-east-1")
    assert listening.tokens == [None]


@pytest.mark.usefixtures("foreign")
def test_a_session_token_of_the_environment_does_not_go_with_a_checkpoint(
    listening: Listening,
) -> None:
    access = Access.of_keys("AKIAMINE", "mine", endpoint=listening.url)
    assert write_checkpoint(Store.open("s3://bucket", access), "t") is not None
    assert listening.keys
    assert {key.partition("/")[0] for key in listening.keys} == {"AKIAMINE"}
    assert set(listening.tokens) == {""}


def test_a_session_token_of_its_own_goes_along(listening: Listening) -> None:
    access = Access.of_keys("ASIAMINE", "mine", "my-token", endpoint=listening.url)
    store = Store.open("s3://bucket", access)
    with pytest.raises(NotFound):
        store.get("x")
    assert write_checkpoint(store, "t") is not None
    assert set(listening.tokens) == {"my-token"}


@pytest.mark.usefixtures("foreign")
def test_without_credentials_nothing_is_signed(listening: Listening) -> None:
    store = Store.open("s3://bucket", AccessRef("anonymous", endpoint=listening.url))
    with pytest.raises(NotFound):
        store.get("x")
    assert listening.keys == [""]


@pytest.mark.usefixtures("foreign")
def test_another_connection_keeps_the_endpoint_of_the_environment_out() -> None:
    access = resolve(AccessRef("env:PC_"), BUCKET, FOREIGN | KEYS)
    assert access.address(BUCKET) == ("s3.us-east-1.amazonaws.com", 443)
    assert access.options(BUCKET)["endpoint"] == "https://s3.us-east-1.amazonaws.com"
    china = resolve(AccessRef("env:PC_", region="cn-north-1"), BUCKET, FOREIGN | KEYS)
    assert china.address(BUCKET) == ("s3.cn-north-1.amazonaws.com.cn", 443)


def test_variables_with_a_prefix_bring_all_that_a_store_needs() -> None:
    more = {"PC_SESSION_TOKEN": "t", "PC_REGION": "eu-central-1", "PC_ENDPOINT_URL": "https://s3.x"}
    access = resolve(AccessRef("env:PC_"), BUCKET, KEYS | more)
    assert access == Access.of_keys(
        "AKIAPC", "planted-secret", "t", region="eu-central-1", endpoint="https://s3.x"
    )
    other = resolve(AccessRef("env:PC_", "us-west-1", "https://y"), BUCKET, KEYS | more)
    assert (other.region, other.endpoint) == ("us-west-1", "https://y")


@pytest.mark.parametrize("missing", KEYS)
def test_a_missing_variable_is_named(missing: str) -> None:
    with pytest.raises(AccessDenied, match=missing) as caught:
        resolve(AccessRef("env:PC_"), BUCKET, {**KEYS, missing: ""})
    assert caught.value.code == "NO_CREDENTIALS"
    assert "planted" not in str(caught.value)


def aws_files(folder: Path, config: str, credentials: str) -> dict[str, str]:
    (folder / "config").write_text(config)
    (folder / "credentials").write_text(credentials)
    return {
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
    }


def test_a_profile_is_read_from_both_files(tmp_path: Path) -> None:
    environment = aws_files(
        tmp_path,
        "[default]\nregion = x\n[profile acme]\nregion = eu-west-1\nendpoint_url = https://s3.acme\n",
        "[acme]\naws_access_key_id = AKIAACME\naws_secret_access_key = a%b%%c\n",
    )
    access = resolve(AccessRef("profile:acme"), BUCKET, environment)
    assert access == Access.of_keys(
        "AKIAACME", "a%b%%c", region="eu-west-1", endpoint="https://s3.acme"
    )


def test_the_default_profile_has_no_prefix_in_the_config(tmp_path: Path) -> None:
    keys = "aws_access_key_id = AKIA\naws_secret_access_key = s\naws_session_token = t\n"
    environment = aws_files(tmp_path, "[default]\nregion = eu-west-2\n" + keys, "")
    access = resolve(AccessRef("profile:default"), BUCKET, environment)
    assert access == Access.of_keys("AKIA", "s", "t", region="eu-west-2")


@pytest.mark.parametrize("name", ["nobody", "sso"])
def test_a_profile_without_a_key_of_its_own_says_what_to_do(tmp_path: Path, name: str) -> None:
    environment = aws_files(tmp_path, "[profile sso]\nsso_session = acme\n", "")
    with pytest.raises(AccessDenied, match="export-credentials"):
        resolve(AccessRef(f"profile:{name}"), BUCKET, environment)


@pytest.mark.parametrize("text", ["aws_access_key_id", "[a]\nplanted-secret", "\udcff"])
def test_a_broken_file_is_named_but_not_repeated(tmp_path: Path, text: str) -> None:
    environment = aws_files(tmp_path, "", "")
    (tmp_path / "credentials").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match="BAD_CREDENTIAL") as caught:
        resolve(AccessRef("profile:a"), BUCKET, environment)
    assert "planted" not in str(caught.value)


def test_a_role_is_the_clients_own_business_unless_keys_would_hide_it() -> None:
    assert resolve(AccessRef("role"), BUCKET, {}).source is Source.ROLE
    with pytest.raises(UsageError, match="AWS_ACCESS_KEY_ID"):
        resolve(AccessRef("role"), BUCKET, FOREIGN)


def test_keys_of_s3_are_for_s3() -> None:
    with pytest.raises(UsageError, match="AZURE_"):
        resolve(AccessRef("env:PC_"), parse_location("az://box"), KEYS)
    anonymous = resolve(AccessRef("anonymous"), parse_location("gs://box"), {})
    assert anonymous.options(parse_location("gs://box")) == {"skip_signature": True}


def test_a_folder_needs_no_credentials(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path), AccessRef("env:NOT_SET_"))
    store.put("x", b"1")
    assert store.get("x") == b"1"


def test_a_refusal_names_the_credentials_that_were_used(listening: Listening) -> None:
    access = resolve(AccessRef("env:PC_", endpoint=listening.url), BUCKET, KEYS)
    store = Store(BUCKET, access)

    def refuse() -> None:
        raise PermissionError

    with pytest.raises(CdalakeError, match="PC_ACCESS_KEY_ID and its secret"):
        store.guard("get", "x", refuse)


def test_a_secret_is_not_printed_nor_pickled() -> None:
    access = Access.of_keys("AKIA", "planted-secret", "planted-token")
    assert "planted" not in f"{access} {access!r} {access.keys}"
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    with pytest.raises(TypeError):
        pickle.dumps(access)


def test_one_bucket_name_at_two_endpoints_is_copied_through_and_not_inside(
    listening: Listening,
) -> None:
    there = Store.open("s3://bucket/a", Access.of_keys("AKIA1", "s", endpoint=listening.url))
    here = Store.open("s3://bucket/b", Access.of_keys("AKIA2", "s", endpoint=listening.url))

    with pytest.raises(NotFound):
        here.copy_from(there, ObjectInfo("x", 1, None, datetime.now(UTC)), "x")
    assert listening.keys[0].startswith("AKIA1/")
    assert listening.paths == ["/bucket/a/x"]
