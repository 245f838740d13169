from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdalake.access import Role
from cdalake.catalog.audit import AuditFilter, AuditStore
from cdalake.catalog.database import Database
from cdalake.models.audit import Action, AuditEntry
from cdalake.services.audit import AuditLog
from cdalake.services.queries import Requester
from cdalake.services.refusals import MOST, Refusals
from databases import new_sqlite

STRANGER = Requester("unknown at 10.0.0.1", "api", Role.VIEWER)


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[AuditLog]:
    database = Database.open(new_sqlite(tmp_path / "cdalake.db"))
    yield AuditLog(AuditStore(database))
    database.close()


def entries(audit: AuditLog) -> list[AuditEntry]:
    return audit.page(AuditFilter(), None, 1000).entries


def test_whoever_goes_on_guessing_does_not_fill_the_log(audit: AuditLog) -> None:
    now = [0.0]
    refusals = Refusals(audit, lambda: now[0])

    for _ in range(MOST + 500):
        refusals.note(STRANGER, Action.LOGIN_REFUSED, "GET /api/tables")
    assert len(entries(audit)) == MOST

    now[0] = 61.0
    refusals.note(STRANGER, Action.LOGIN_REFUSED, "GET /api/tables")
    refusals.note(STRANGER, Action.LOGIN_REFUSED, "GET /api/tables")

    last, first, *_ = entries(audit)
    assert len(entries(audit)) == MOST + 2
    assert (first.detail, last.detail) == ({"not_written_before": 500}, {})


def test_a_flood_of_guesses_does_not_hide_what_known_people_tried(audit: AuditLog) -> None:
    refusals = Refusals(audit, lambda: 0.0)
    for _ in range(MOST + 1):
        refusals.note(STRANGER, Action.LOGIN_REFUSED, "page", {"address": "10.0.0.1"})

    looker = Requester("looker", "api", Role.VIEWER)
    refusals.note(looker, Action.ACCESS_REFUSED, "DELETE /api/tokens/x")

    newest, before, *_ = entries(audit)
    assert (newest.who, newest.subject) == ("looker", "DELETE /api/tokens/x")
    assert before.detail == {"address": "10.0.0.1"}
