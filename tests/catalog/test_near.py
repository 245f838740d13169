from __future__ import annotations

import pytest

from cdalake.catalog.near import near, slips_between


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("calim", ["cc_claim"]),  # two letters swapped
        ("vehcile", ["pc_vehicle"]),
        ("polciyperod", ["pc_policyperiod"]),  # swapped, and one left out
        ("cc_clam", ["cc_claim"]),  # the whole name
        ("CLAIMS", ["cc_claim"]),
        ("cc", []),  # too short to be a slip
        ("invoice", []),
    ],
)
def test_a_slip_or_two_are_forgiven(typed: str, found: list[str]) -> None:
    assert near(typed, ["cc_claim", "pc_vehicle", "pc_policyperiod"]) == found


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("claim", "claim", 0), ("claim", "clam", 1), ("ab", "ba", 1), ("abc", "xyz", 3)],
)
def test_slips_are_counted_up_to_the_most(one: str, other: str, slips: int) -> None:
    assert slips_between(one, other, 2) == slips
