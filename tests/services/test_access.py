from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cdalake.access import Role
from cdalake.catalog.access import AccessStore
from cdalake.errors import CdalakeError, UsageError
from cdalake.models.access import TokenRequest
from cdalake.secret import Secret
from cdalake.services import access
from cdalake.services.access import AccessService, Attempts, Memory, first_token

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Home

FIRST = Secret("the-first-admins-own-token")
HERE = "192.0.2.1"


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def another(home: Home, clock: Clock) -> AccessService:
    """A service as another process has it: it remembers nothing."""
    return AccessService(AccessStore(home.services.database), FIRST, 3600, clock)


def code(error: pytest.ExceptionInfo[CdalakeError]) -> str:
    return error.value.code


def test_the_first_admins_token_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    made = first_token(None, tmp_path).reveal()
    assert made.startswith("cdl_")
    assert first_token(None, tmp_path).reveal() == made
    assert (tmp_path / "admin-token").stat().st_mode & 0o777 == 0o600
    assert first_token(FIRST, tmp_path) is FIRST


def test_a_file_without_a_token_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "admin-token").write_text("\n")
    with pytest.raises(UsageError) as caught:
        first_token(None, tmp_path)
    assert caught.value.code == "BAD_SETTING"


def test_a_token_is_known_until_it_is_revoked_also_elsewhere(home: Home) -> None:
    clock = Clock()
    here = another(home, clock)
    made = here.add_token(TokenRequest(name="ana", role=Role.OPERATOR), "admin")
    session = here.log_in(made.token, HERE)
    assert another(home, clock).by_token(made.token, HERE).role is Role.OPERATOR
    assert another(home, clock).by_session(session.secret) == session.identity
    here.revoke("ana")
    for service in (here, another(home, clock)):
        assert service.by_session(session.secret) is None
        with pytest.raises(CdalakeError) as caught:
            service.by_token(made.token, HERE)
        assert code(caught) == "TOKEN_WRONG"
    with pytest.raises(CdalakeError) as caught:
        here.revoke("ana")
    assert code(caught) == "TOKEN_NOT_FOUND"


def test_names_are_given_once_and_the_first_admins_never(home: Home) -> None:
    here = another(home, Clock())
    here.add_token(TokenRequest(name="ana", role=Role.VIEWER), "admin")
    for name in ("ana", "admin"):
        with pytest.raises(CdalakeError) as caught:
            here.add_token(TokenRequest(name=name, role=Role.ADMIN), "admin")
        assert code(caught) == "TOKEN_TAKEN"
    assert [token.role for token in here.tokens()] == [Role.VIEWER]


def test_the_last_use_is_noted_once_a_minute(home: Home) -> None:
    clock = Clock()
    made = another(home, clock).add_token(TokenRequest(name="ana", role=Role.VIEWER), "admin")
    used = []
    for _ in range(3):
        another(home, clock).by_token(made.token, HERE)
        used.append(another(home, clock).tokens()[0].last_used)
        clock.pass_by(seconds=40)
    assert used[0] == used[1] != used[2]


def test_a_session_ends_by_logging_out_and_by_time(home: Home) -> None:
    clock = Clock()
    here = another(home, clock)
    first, second = (here.log_in(FIRST.reveal(), HERE) for _ in range(2))
    assert first.secret != second.secret
    here.log_out(first.secret)
    assert here.by_session(first.secret) is None
    assert here.by_session(second.secret) is not None
    clock.pass_by(hours=1)
    assert another(home, clock).by_session(second.secret) is None


def test_a_session_is_no_token_and_a_token_no_session_also_right_after_use(home: Home) -> None:
    service = another(home, Clock())
    session = service.log_in(FIRST.reveal(), HERE)
    assert service.by_session(session.secret) == session.identity
    with pytest.raises(CdalakeError) as caught:
        service.by_token(session.secret, HERE)
    assert code(caught) == "TOKEN_WRONG"
    assert service.by_session(FIRST.reveal()) is None


def test_sessions_of_a_first_token_that_was_changed_are_over(home: Home) -> None:
    session = another(home, Clock()).log_in(FIRST.reveal(), HERE)
    store = AccessStore(home.services.database)
    changed = AccessService(store, Secret("another-token-of-the-admin"), 3600, Clock())
    assert changed.by_session(session.secret) is None


def test_nobody_goes_on_guessing_and_nobody_else_suffers(home: Home) -> None:
    clock = Clock()
    here = another(home, clock)
    here.by_token(FIRST.reveal(), HERE)
    for _ in range(access.WRONG_ALLOWED):
        with pytest.raises(CdalakeError) as caught:
            here.by_token("wrong", HERE)
        assert code(caught) == "TOKEN_WRONG"
    for guess in ("wrong", "another"):
        with pytest.raises(CdalakeError) as caught:
            here.log_in(guess, HERE)
        assert code(caught) == "TOO_MANY_ATTEMPTS"
    # Who was right before, and who comes from elsewhere.
    assert here.by_token(FIRST.reveal(), HERE).role is Role.ADMIN
    with pytest.raises(CdalakeError) as caught:
        here.by_token("wrong", "198.51.100.1")
    assert code(caught) == "TOKEN_WRONG"


def test_a_blocked_address_is_free_again_after_a_minute() -> None:
    clock = Clock()
    attempts = Attempts(clock.seconds)
    for _ in range(access.WRONG_ALLOWED):
        attempts.wrong(HERE)
    with pytest.raises(CdalakeError):
        attempts.check(HERE)
    clock.pass_by(seconds=access.WRONG_WINDOW_S)
    attempts.check(HERE)


def test_many_addresses_and_many_people_do_not_fill_the_memory(home: Home) -> None:
    attempts, memory = Attempts(), Memory()
    identity = another(home, Clock()).by_token(FIRST.reveal(), HERE)
    for number in range(access.REMEMBERED + 1):
        attempts.wrong(str(number))
        memory.put(str(number), identity)
    assert len(attempts._wrong) == access.REMEMBERED
    assert memory.get("0") is None
    assert memory.get(str(access.REMEMBERED)) == identity


def test_what_was_looked_up_is_looked_up_again_after_a_moment(home: Home) -> None:
    clock = Clock()
    memory = Memory(clock.seconds)
    memory.put("x", another(home, clock).by_token(FIRST.reveal(), HERE))
    assert memory.get("x") is not None
    clock.pass_by(seconds=access.REMEMBER_S)
    assert memory.get("x") is None
