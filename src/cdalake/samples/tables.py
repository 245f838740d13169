"""The tables of the sample export, as data.

A table is a list of ``column=kind`` words; the kinds are defined in `values.KINDS`, a question mark
allows nulls. Every table has ``id`` in front and the ``gwcbi___`` columns of CDA at its end. Names
of the business columns are plausible, not taken from a Guidewire dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

ENTITY = (
    "publicid=publicid beanversion=version createtime=created createuserid=ref updatetime=updated "
    "updateuserid=ref retired=retired loadcommandid=ref? archivepartition=ref? "
)
CHANGE = (
    " gwcbi___operation=operation gwcbi___seqval=seqval gwcbi___seqval_hex=seqval_hex "
    "gwcbi___lsn=lsn gwcbi___tx_id=tx_id gwcbi___payload_ts_ms=payload_ms "
    "gwcbi___connector_ts_ms=connector_ms"
)
SECOND_SCHEMA_AT = 4
"""Folder number from which a table with a `second` schema writes it."""


@dataclass(frozen=True)
class Column:
    """One column of a table's files."""

    name: str
    kind: str
    nullable: bool

    @classmethod
    def parse(cls, word: str) -> Column:
        """The column that ``name=kind`` or ``name=kind?`` describes."""
        name, kind = word.split("=")
        return cls(name, kind.rstrip("?"), kind.endswith("?"))

    @property
    def survives_delete(self) -> bool:
        """A deleted row keeps its key and what CDA says about the change."""
        return self.name == "id" or self.name.startswith("gwcbi___")


@dataclass(frozen=True)
class Pace:
    """How a table grows.

    Attributes:
        initial, later: rows of the first and of a later folder, as a share of the spec's rows.
        mix: weights of insert, update and delete in later folders.
        gap: shortest and longest time between two folders, in milliseconds.
        rows: rows of the initial load where the spec has no say.
        once: only an initial load, ever.
    """

    initial: float = 1.0
    later: float = 0.1
    mix: tuple[int, int, int] = (20, 78, 2)
    gap: tuple[int, int] = (60_000, 120_000)
    rows: int | None = None
    once: bool = False


ORDINARY = Pace()
APPENDS = Pace(initial=3.0, later=0.3, mix=(90, 9, 1))
DELETES = Pace(mix=(20, 70, 10))
INSERTS = Pace(initial=0.2, later=0.02, mix=(1, 0, 0))
TYPELIST = Pace(rows=60, once=True)
MINUTES = Pace(rows=1, later=0.0, mix=(1, 0, 0), gap=(60_000, 60_000))


@dataclass(frozen=True)
class Table:
    """One table of the export: its columns and its habits.

    Attributes:
        columns: the words of its first schema, without key and change columns.
        second: words of the columns that a second schema adds or gives another kind.
        late: an update arrives one folder before the insert it belongs to.
        empty_file: one folder has a data file without rows.
        stray_folder: a folder that is no timestamp stands beside the timestamps.
        dirt: what ``--dirt`` does to it (`dirt.FOLDER_DIRT`, `dirt.ENTRY_DIRT`).
        place: position among all tables; spreads the empty folders.
    """

    name: str
    columns: str
    pace: Pace = ORDINARY
    second: str = ""
    late: bool = False
    empty_file: bool = False
    stray_folder: bool = False
    dirt: str = ""
    place: int = 0

    @cached_property
    def schemas(self) -> tuple[tuple[Column, ...], ...]:
        """The columns of each schema the table goes through, in order."""
        words = self.columns.split()
        first = _columns(words)
        return (first, _columns([*words, *self.second.split()])) if self.second else (first,)

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """One folder name per schema: 32 hexadecimal digits, opaque to readers."""
        return tuple(_fingerprint(self.name, schema) for schema in self.schemas)

    def schema_number(self, folder: int) -> int:
        """Which of `schemas` the folder with this number is written with."""
        return int(bool(self.second) and folder >= SECOND_SCHEMA_AT)

    def is_empty(self, folder: int) -> bool:
        """Every twentieth folder holds nothing but its batch metrics."""
        return folder % 20 == 3 + self.place % 16


def _columns(words: Iterable[str]) -> tuple[Column, ...]:
    named = {word.split("=")[0]: word for word in words}
    return tuple(map(Column.parse, ["id=id", *named.values(), *CHANGE.split()]))


def _fingerprint(name: str, schema: Iterable[Column]) -> str:
    text = f"{name}:" + ",".join(f"{column.name}={column.kind}" for column in schema)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


TABLES = (
    Table(
        "cc_claim",
        ENTITY + "claimnumber=number policyid=ref lossdate=time? reporteddate=time losstype=code "
        "losscause=code? state=code lobcode=code assigneduserid=ref? closedate=time? "
        "description=sentence? faultrating=code? catastropheid=ref?",
        second="litigationstatus_ext=code?",
        dirt="nested_folder",
    ),
    Table(
        "cc_exposure",
        ENTITY + "claimid=ref claimorder=count exposuretype=code coverageid=ref? "
        "claimantdenormid=ref? state=code closedate=time? losscategory=code?",
        empty_file=True,
        dirt="zero_byte_file",
    ),
    Table(
        "cc_transaction",
        ENTITY + "claimid=ref exposureid=ref? subtype=code amount=money currency=code "
        "costtype=code costcategory=code? status=code transactionsetid=ref",
        APPENDS,
        second="amount=wide_money",
        dirt="hidden_files",
    ),
    Table(
        "cc_contact",
        ENTITY + "subtype=code firstname=first_name? lastname=last_name? name=full_name? "
        "dateofbirth=birth? emailaddress1=email? primaryaddressid=ref? taxid=tax_id?",
        DELETES,
        stray_folder=True,
        dirt="temporary_folder",
    ),
    Table(
        "pc_policyperiod",
        ENTITY + "policyid=ref policynumber=number periodstart=time periodend=time "
        "termnumber=count status=code modelnumber=count totalpremiumrpt=money? "
        "totalcostrpt=money? totalcostrpt_cur=code? branchname=number?",
        dirt="int_timestamps",
    ),
    Table(
        "pc_address",
        ENTITY + "addressline1=street? addressline2=street? city=city? county=city? state=code? "
        "country=code postalcode=postal_code? addresstype=code? batchgeocode=flag? "
        "geocodestatus=code? validuntil=until? spatialpoint=point? linkedaddress=ref?",
        late=True,
        dirt="list_entry",
    ),
    Table(
        "bc_invoice",
        ENTITY + "invoicenumber=number accountid=ref invoicestreamid=ref eventdate=time "
        "paymentduedate=time? status=code amount=money amountdue=money? amount_cur=code",
        dirt="seconds_folder",
    ),
    Table(
        "bc_charge",
        ENTITY + "amount=money chargepatternid=ref chargedate=time effectivedate=time? "
        "billinginstructionid=ref taccountcontainerid=ref totalinstallments=count?",
        dirt="no_metrics",
    ),
    Table(
        "cctl_losscause",
        "typecode=typecode name=sentence description=sentence? priority=count retired=flag "
        "l_en_us=sentence?",
        TYPELIST,
        dirt="s3a_path",
    ),
    Table(
        "bc_chargept_nm_l10n",
        "beanversion=version language=code owner=ref publicid=publicid value=sentence?",
        INSERTS,
        dirt="bare_path",
    ),
    Table("heartbeat", "createtime=created", MINUTES),
)
STEMS = """
    account activity policy job building vehicle driver coverage matter check reserve note
    document group user role region producer payment disbursement delinquency commission
    evaluation incident injury bodypart workitem history event catastrophe vendor service
    quote location territory form endorsement cost question answer
""".split()  # noqa: SIM905 - forty words read better than forty lines


def choose(count: int) -> list[Table]:
    """The first `count` tables; past `TABLES` they are invented after its patterns."""
    invented = (_invent(number) for number in range(count - len(TABLES)))
    return [replace(table, place=i) for i, table in enumerate((*TABLES[:count], *invented))]


def _invent(number: int) -> Table:
    pattern = TABLES[number % (len(TABLES) - 1)]
    prefix = pattern.name.split("_", 1)[0]
    suffix = "_l10n" if pattern.name.endswith("_l10n") else ""
    round_, stem = divmod(number, len(STEMS))
    numbered = f"{STEMS[stem]}{round_}_ext" if round_ else STEMS[stem]
    return replace(pattern, name=f"{prefix}_{numbered}{suffix}", dirt="")
