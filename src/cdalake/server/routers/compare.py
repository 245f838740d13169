"""Two schemas beside each other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cdalake.models.comparison import Comparison
from cdalake.server.deps import Served
from cdalake.services.comparison import TableVersion

router = APIRouter(prefix="/api/compare", tags=["tables"])

Name = Annotated[str, Query(max_length=256)]
OptionalName = Annotated[str | None, Query(max_length=256)]
Version = Annotated[int | None, Query(ge=0, lt=2**63, description="Default: the newest")]


@router.get("")
def compare_schemas(
    services: Served,
    a: Name,
    b: Name,
    a_connection: OptionalName = None,
    b_connection: OptionalName = None,
    a_version: Version = None,
    b_version: Version = None,
) -> Comparison:
    """The columns of two tables, or of two versions of one, by name; order is no difference."""
    first = TableVersion(a, a_connection, a_version)
    second = TableVersion(b, b_connection, b_version)
    return services.comparison.compare(first, second)
