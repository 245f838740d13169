"""Guidewire's applications, from the names of tables."""

from __future__ import annotations

APPS = {
    "pc": "PolicyCenter",
    "pcx": "PolicyCenter",
    "pctl": "PolicyCenter",
    "cc": "ClaimCenter",
    "ccx": "ClaimCenter",
    "cctl": "ClaimCenter",
    "bc": "BillingCenter",
    "bcx": "BillingCenter",
    "bctl": "BillingCenter",
    "ab": "ContactManager",
    "abx": "ContactManager",
    "abtl": "ContactManager",
}


def app_of(table: str) -> str:
    """The application a table belongs to, ``Other`` when its name does not say."""
    return APPS.get(table.partition("_")[0].lower(), "Other")


def is_typelist(table: str) -> bool:
    """The table is a typelist (``cctl_claimstate``)."""
    prefix, underscore, _ = table.partition("_")
    return bool(underscore) and prefix.lower().endswith("tl")
