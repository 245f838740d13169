"""Small pure rules: overlap of runs, masking, applications, schema changes, deadlines."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cdalake.catalog.runs import Run
from cdalake.catalog.sampling import json_value
from cdalake.engine.process import Process
from cdalake.engine.progress import RunState
from cdalake.engine.spec import RunSpec
from cdalake.errors import StoreUnavailable
from cdalake.services.applications import app_of, is_typelist
from cdalake.services.deadline import Deadline
from cdalake.services.indexing import schema_change
from cdalake.services.masking import MASK, Masking, mask
from cdalake.services.overlap import MAX_ACTIVE, may_overlap, obstacles, waiting_reason
from cdalake.services.table_views import source_folder
from cdalake.settings import Connection, mask_key


def spec(*include: str, exclude: tuple[str, ...] = ()) -> RunSpec:
    return RunSpec("r", "default", "/s", "/t", include=include, exclude=exclude)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (spec(), spec(), True),
        (spec(), spec("cc_claim"), True),
        (spec("cc_*"), spec("CC_claim"), True),
        (spec("CC_[a-c]*", "x"), spec("cc_claim"), True),
        (spec("cc_*", exclude=("*AIM",)), spec("cc_claim"), False),
        (spec("cc_?"), spec("xcc_a", "cc_ab"), False),
        (spec("cc_claim"), spec("cc_note"), False),
        (spec("cc_claim", "cc_note"), spec("cc_note"), True),
        (spec("cc_*"), spec("pc_*"), True),
        (spec("cc_claim"), spec(exclude=("cc_*",)), False),
        (spec("cc_claim", exclude=("cc_claim",)), spec("cc_claim"), False),
    ],
)
def test_runs_overlap_when_both_may_choose_one_table(
    one: RunSpec, other: RunSpec, meet: bool
) -> None:
    assert may_overlap(one, other) is meet
    assert may_overlap(other, one) is meet


def a_run(run_id: str, *, target: str = "/t", active: bool = False, age: int = 0) -> Run:
    return Run(
        run_id=run_id,
        request_id=None,
        connection="default",
        target=target,
        trigger="api",
        requested_by="me",
        owner="server",
        spec=spec(),
        retry=None,
        state=RunState.RUNNING if active else RunState.PENDING,
        attempt=1,
        losses=0,
        waiting_reason=None,
        keys_with=None,
        created_at=datetime(2026, 11, 23, tzinfo=UTC) - timedelta(seconds=age),
        started_at=None,
        finished_at=None,
        heartbeat_at=None,
        cancelled_at=None,
        process=Process("here", 1, 1.0) if active else None,
        error=None,
        warnings=[],
        totals={},
    )


def nothing(_: Run) -> list[str]:
    return []


def test_a_run_waits_for_an_active_one_on_the_same_tables_and_says_so() -> None:
    waiting, active = a_run("new"), a_run("old", active=True)
    assert waiting_reason(waiting, [waiting, active], nothing) == (
        "Waits for run old, which may work on the same tables."
    )
    elsewhere = a_run("old", active=True, target="/else")
    assert waiting_reason(waiting, [waiting, elsewhere], nothing) is None


def test_a_waiting_run_names_the_tables_it_waits_for() -> None:
    waiting, active = a_run("new"), a_run("old", active=True)
    reason = waiting_reason(waiting, [waiting, active], lambda _: ["cc_a", "cc_b"])
    assert reason == "Waits for run old because of cc_a, cc_b."
    many = waiting_reason(waiting, [waiting, active], lambda _: list("abcde"))
    assert many == "Waits for run old because of a, b, c and 2 more."


def test_a_run_yet_to_be_asked_for_learns_whom_it_would_wait_for() -> None:
    active = a_run("old", active=True)
    wanted = replace(spec(), include=("cc_*",), exclude=("cc_note",))
    found = obstacles(wanted, active.target, [active], ["cc_claim", "cc_note", "pc_job"])
    assert [(each.run_id, each.tables) for each in found] == [("old", ("cc_claim",))]
    assert obstacles(wanted, "/else", [active], ["cc_claim"]) == []


def test_literal_names_are_known_before_a_manifest_is_read() -> None:
    active = replace(a_run("old", active=True), spec=replace(spec(), include=("cc_a", "cc_b")))
    found = obstacles(replace(spec(), include=("cc_b", "cc_c")), active.target, [active], [])
    assert [each.tables for each in found] == [("cc_b",)]


def test_runs_of_thousands_of_tables_are_compared_name_by_name_once() -> None:
    """Each name against each pattern of the other run took half a minute."""
    names = [f"cc_{n:05d}" for n in range(10_000)]
    active = replace(a_run("old", active=True), spec=spec(*names[:9_999]))
    found = obstacles(spec(*names[9_998:], "x"), active.target, [active], names)
    assert [each.tables for each in found] == [("cc_09998",)]
    assert obstacles(spec("cc_09999"), active.target, [active], names) == []


def test_of_two_waiting_runs_the_older_goes_first() -> None:
    old, new = a_run("old", age=5), a_run("new")
    assert waiting_reason(old, [old, new], nothing) is None
    assert waiting_reason(new, [old, new], nothing) is not None


def test_no_more_than_a_few_runs_go_on_at_once() -> None:
    busy = [a_run(f"r{n}", target=f"/t{n}", active=True) for n in range(MAX_ACTIVE)]
    assert "other runs" in str(waiting_reason(a_run("new"), busy, nothing))


def test_columns_that_look_personal_are_masked_and_null_stays_null() -> None:
    columns = [
        "id", "FirstName", "lastname", "name", "dateofbirth", "emailaddress1", "taxid", "SSN",
        "addressline1", "postalcode", "cellphone", "claimnumber", "producername", "lossdate",
        "gwcbi___seqval", "primaryphonetype", "createtime", "typecode", "username",
    ]  # fmt: skip
    hidden = Masking().columns("cc_contact", columns, is_typelist=False)
    assert hidden == [
        "FirstName", "lastname", "name", "dateofbirth", "emailaddress1", "taxid", "SSN",
        "addressline1", "postalcode", "cellphone",
    ]  # fmt: skip
    rows = mask([{"id": 1, "name": "Ana", "taxid": None}], hidden)
    assert rows == [{"id": 1, "name": MASK, "taxid": None}]


def test_settings_mask_more_and_except_what_is_not_personal() -> None:
    masking = Masking(masked=("*_NOTE", "cc_claim.description"), shown=("cc_claim.*name", "ssn"))
    columns = ["ssn", "insured_note", "description", "firstname", "taxid", "code"]
    claim = masking.columns("cc_claim", columns, is_typelist=False)
    assert claim == ["insured_note", "description", "taxid"]
    policy = masking.columns("pc_policy", columns, is_typelist=False)
    assert policy == ["insured_note", "firstname", "taxid"]
    assert masking.columns("cctl_x", ["name", "a_note"], is_typelist=True) == ["a_note"]


def test_the_names_of_a_typelist_are_shown() -> None:
    assert Masking().columns("cctl_x", ["id", "name"], is_typelist=True) == []


@pytest.mark.parametrize(
    ("table", "app", "typelist"),
    [
        ("pc_policyperiod", "PolicyCenter", False),
        ("pctl_state", "PolicyCenter", True),
        ("pcx_mine_ext", "PolicyCenter", False),
        ("cctl_losstype", "ClaimCenter", True),
        ("bc_invoice", "BillingCenter", False),
        ("ab_contact", "ContactManager", False),
        ("policy_holders", "Other", False),
        ("battle", "Other", False),
    ],
)
def test_a_table_belongs_to_the_application_its_name_begins_with(
    table: str, app: str, typelist: bool
) -> None:
    assert (app_of(table), is_typelist(table)) == (app, typelist)


def fields(*columns: tuple[str, str]) -> str:
    from cdalake.delta.schema import Field, Schema

    return Schema(tuple(Field(name, kind) for name, kind in columns)).to_string()


def test_a_schema_change_names_what_came_went_and_changed_and_order_alone_is_none() -> None:
    before = fields(("id", "long"), ("a", "integer"), ("gone", "string"))
    after = fields(("new", "date"), ("a", "long"), ("id", "long"))
    assert schema_change(before, after) == {
        "added": ["new"],
        "removed": ["gone"],
        "changed": ["a: integer -> long"],
    }
    assert (
        schema_change(fields(("a", "long"), ("b", "date")), fields(("b", "date"), ("a", "long")))
        is None
    )
    assert schema_change(None, after) is None


def test_a_call_that_hangs_is_given_up_and_the_store_left_alone_for_a_while() -> None:
    deadline = Deadline(0.05, rest_seconds=0.2)
    never = threading.Event()
    with pytest.raises(StoreUnavailable, match="STORE_TOO_SLOW"):
        deadline.call(never.wait, "the store")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        deadline.call(lambda: 1, "the store")
    assert time.monotonic() - began < 0.05
    never.set()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            assert deadline.call(lambda: 7, "the store") == 7
            return
        except StoreUnavailable:
            time.sleep(0.02)
    pytest.fail("the store was never asked again")


def test_the_wait_for_a_place_and_the_call_share_one_deadline() -> None:
    deadline = Deadline(2.0, at_once=1)
    never, began = threading.Event(), threading.Event()

    def hold() -> None:
        began.set()
        never.wait(1.6)

    holder = threading.Thread(target=lambda: deadline.call(hold, "the store"))
    holder.start()
    began.wait(10)
    start = time.monotonic()
    with pytest.raises(StoreUnavailable, match="STORE_TOO_SLOW"):
        deadline.call(lambda: never.wait(30), "the store")
    assert time.monotonic() - start < 3
    never.set()
    holder.join(10)


def test_a_call_within_its_deadline_gives_its_result_or_its_error() -> None:
    deadline = Deadline(30)
    assert deadline.call(lambda: 5, "x") == 5
    with pytest.raises(ZeroDivisionError):
        deadline.call(lambda: 1 // 0, "x")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**53, str(2**53)),
        (-3, -3),
        (float("nan"), "nan"),
        (True, True),
        (b"\x00\x01", "AAE="),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "2026-11-23T09:00:00Z"),
        ([1, None], [1, None]),
        ("x" * 501, "x" * 500 + "…"),
    ],
)
def test_values_survive_their_way_into_json(value: object, shown: object) -> None:
    assert json_value(value) == shown


def test_of_a_key_id_the_last_four_characters_are_shown_at_most() -> None:
    assert mask_key("AKIATESTTESTTEST1234") == "****1234"
    assert mask_key("short") == "****"
    assert mask_key(None) is None


@pytest.mark.parametrize(
    ("path", "rebase", "folder"),
    [
        ("s3://b/cda/cc_claim/", None, "cc_claim"),
        ("s3a://b/cda/claims/cc_claim", None, "claims/cc_claim"),
        ("s3://cloud/prod/claims/cc_claim", None, "cc_claim"),
        ("s3://cloud/prod/claims/cc_claim", "s3://cloud/prod=", "claims/cc_claim"),
        ("s3://cloud/prod/cc_claim", "s3://cloud/prod=s3://b/cda/old", "old/cc_claim"),
        ("s3://cloud/prod/cc_claim", "s3://elsewhere=", None),
        ("s3://b/cda", None, ""),
        (None, None, None),
    ],
)
def test_a_tables_folder_is_where_a_run_looks_for_it(
    path: str | None, rebase: str | None, folder: str | None
) -> None:
    where = Connection("default", "s3://b/cda", "/lake", rebase=rebase)
    assert source_folder(where, "cc_claim", path) == folder
