from __future__ import annotations

import copy
import pickle

import pytest

from cdalake.access import Access, Role, from_environment
from cdalake.errors import UsageError
from cdalake.secret import Secret

PROXIED = {"CDALAKE_TRUSTED_PROXIES": "10.0.0.0/24 fd00::/8", "CDALAKE_USER_HEADER": "X-User"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", ""])  # noqa: S104
def test_a_server_that_others_can_reach_asks_who_they_are(host: str) -> None:
    assert Access().needs_login(host)
    assert not Access().needs_login("127.0.0.1")


@pytest.mark.parametrize(
    "env",
    [
        {"CDALAKE_REQUIRE_LOGIN": "yes"},
        {"CDALAKE_PUBLIC_HOSTS": "cda.example.com"},
        {"CDALAKE_TRUSTED_PROXIES": "10.0.0.1"},
    ],
)
def test_on_loopback_the_login_is_asked_for_where_a_setting_lets_others_in(
    env: dict[str, str],
) -> None:
    assert from_environment(env).needs_login("127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CDALAKE_TOKEN", "too-short"),
        ("CDALAKE_TOKEN", "x" * 30 + "\ny"),
        ("CDALAKE_REQUIRE_LOGIN", "perhaps"),
        ("CDALAKE_PUBLIC_HOSTS", "https://cda.example.com"),
        ("CDALAKE_TRUSTED_PROXIES", "10.0.0.0/64"),
        ("CDALAKE_USER_HEADER", "X User"),
        ("CDALAKE_USER_HEADER", "X-User"),
        ("CDALAKE_GROUPS_HEADER", "a:b"),
        ("CDALAKE_GROUP_ROLES", "admins"),
        ("CDALAKE_GROUP_ROLES", "admins=root"),
        ("CDALAKE_PROXY_ROLE", "root"),
        ("CDALAKE_SESSION_HOURS", "0"),
        ("CDALAKE_SESSION_HOURS", "soon"),
        ("CDALAKE_FRAME_ANCESTORS", "https://a.example;script-src"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_environment({name: value})
    assert caught.value.code == "BAD_SETTING"
    assert name in caught.value.message
    assert name != "CDALAKE_TOKEN" or value not in str(caught.value)


def test_only_the_addresses_of_proxies_may_vouch() -> None:
    proxy = from_environment(PROXIED).proxy
    sends = ["10.0.0.7", "::ffff:10.0.0.7", "fd00::1"]
    assert [address for address in sends if not proxy.sends(address)] == []
    assert not any(map(proxy.sends, ["10.0.1.7", "::1", "", "10.0.0.7, 1.2.3.4"]))


def test_the_greatest_role_of_all_groups_counts() -> None:
    env = PROXIED | {"CDALAKE_GROUP_ROLES": "ops=operator,cn=x=admin"}
    proxy = from_environment(env).proxy
    assert proxy.role_of([]) is Role.VIEWER
    assert proxy.role_of(["ops", "others"]) is Role.OPERATOR
    assert proxy.role_of(["ops", "cn=x"]) is Role.ADMIN
    assert proxy.role_of(["operator"]) is Role.OPERATOR


def test_whoever_is_in_no_group_can_be_kept_out() -> None:
    proxy = from_environment(PROXIED | {"CDALAKE_PROXY_ROLE": "none"}).proxy
    assert proxy.role_of(["others"]) is None
    assert from_environment({"CDALAKE_PROXY_ROLE": "operator"}).proxy.role_of([]) is Role.OPERATOR


def test_frames_are_allowed_for_named_sites_and_oneself() -> None:
    env = {"CDALAKE_FRAME_ANCESTORS": "self, https://*.example.com:8443"}
    assert from_environment(env).frame_ancestors == ("'self'", "https://*.example.com:8443")


def test_a_secret_shows_itself_only_when_asked_to() -> None:
    secret = Secret("PLANTED")
    assert secret.reveal() == "PLANTED"
    assert "PLANTED" not in f"{secret} {secret!r} {Access(token=secret)}"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(secret)


def test_roles_are_a_ladder() -> None:
    ladder = [Role.VIEWER, Role.OPERATOR, Role.ADMIN]
    for place, role in enumerate(ladder):
        assert [role.may(needed) for needed in ladder] == [n <= place for n in range(3)]
