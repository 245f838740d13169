from __future__ import annotations

from typing import TYPE_CHECKING

from cdalake.access import Role
from cdalake.catalog.audit import AuditFilter
from cdalake.models.audit import Action
from cdalake.services import audit
from cdalake.services.queries import Requester

if TYPE_CHECKING:
    from .conftest import Home

ANA = Requester("ana", "page", Role.OPERATOR)


def test_what_is_named_like_a_secret_is_hidden_in_the_log(home: Home) -> None:
    detail = {"secret_key": "PLANTED", "more": [{"password": "PLANTED"}], "token": None, "n": 1}
    home.services.audit.record(ANA, Action.RUN_START, "x", detail)
    (entry,) = home.services.audit.page(AuditFilter(), None, 10).entries
    hidden = audit.HIDDEN
    assert entry.detail == {
        "secret_key": hidden,
        "more": [{"password": hidden}],
        "token": None,
        "n": 1,
    }


def test_all_goes_through_every_page(home: Home) -> None:
    count = audit.EXPORT_PAGE + 1
    for number in range(count):
        home.services.audit.record(ANA, Action.TABLES_REFRESH, str(number))
    found = [entry.subject for entry in home.services.audit.all(AuditFilter())]
    assert found == [str(number) for number in reversed(range(count))]
