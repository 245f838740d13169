"""One door to folders and object stores."""

from cdalake.storage.access import Access
from cdalake.storage.location import Location, overlap, parse_location
from cdalake.storage.store import ObjectInfo, Store, Tail

__all__ = [
    "Access",
    "Location",
    "ObjectInfo",
    "Store",
    "Tail",
    "overlap",
    "parse_location",
]
