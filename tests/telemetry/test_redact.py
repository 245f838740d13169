"""Secrets in text that others wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdalake.telemetry.redact import redact

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://store.example/bucket/key?X-Amz-Signature={SECRET}&X-Amz-Expires=60",
        f"GET /tables?token={SECRET}",
        f"https://store.example/a?sv=2024&sig={SECRET}",
        f"GET /x?secret%3D{SECRET}",
        f"{{'Authorization': 'AWS4-HMAC-SHA256 Credential=AKIA/x, Signature={SECRET}'}}",
        f"authorization: Bearer {SECRET}",
        f"Proxy-Authorization: Basic {SECRET}",
        f"cookie: session={SECRET}; other=1",
        f"retrying with bearer {SECRET}",
        f"could not connect to postgresql+psycopg://cdalake:{SECRET}@db.example:5432/lake",
        f"redis://:{SECRET}@cache.example/0",
        f"https://user:a{SECRET}@b@host.example/x",
        f"connection failed: host=db password={SECRET} dbname=x",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={SECRET}==;X=1",
        f"AWS_SECRET_ACCESS_KEY={SECRET}",
        f"ValueError: {{'secret_access_key': '{SECRET}', 'region': 'x'}}",
        f'{{"api_key": "{SECRET}"}}',
        f"x-amz-security-token: {SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(text: str) -> None:
    assert SECRET not in redact(text)


def test_of_a_key_id_the_last_four_characters_stay() -> None:
    assert redact("key AKIAIOSFODNN7EXAMPLE refused") == "key ****MPLE refused"


@pytest.mark.parametrize(
    "text",
    [
        "Table cc_claim: 3 folders, 12 files, 1,204 rows",
        "https://store.example/bucket/key?prefix=a&delimiter=/",
        "s3://bucket/cda/cc_token/manifest.json",
        "GET /api/tables/{name} 200",
        "SCHEMA_CONFLICT: amount is text and number. Ask the source.",
    ],
)
def test_what_is_no_secret_stays_as_it_was(text: str) -> None:
    assert redact(text) == text


def dense(text: str) -> bool:
    """Text that stands in a URL in one piece."""
    return not any(letter.isspace() for letter in text)


@given(
    user=st.from_regex(r"[a-z@]{0,6}", fullmatch=True),
    password=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(dense),
)
def test_whatever_a_password_is_made_of_it_is_hidden_in_a_url(user: str, password: str) -> None:
    """Raw keys hold '/', '@', ':' and '?', and people paste them as they are."""
    told = redact(f"cannot reach s3://{user}:{password}@store.example/x at all")
    rest = "" if {*"?#"} & {*password} else "@store.example/x"
    assert told == f"cannot reach s3://{user}:****{rest} at all"


def test_a_query_behind_a_password_shows_nothing_of_its_own() -> None:
    assert redact("GET https://me:word@host/x?password=pa@ss") == "GET https://me:****"
