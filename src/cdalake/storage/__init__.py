"""One door to folders and object stores."""

from cdalake.storage.access import Access
from cdalake.storage.location import Location, overlap, parse_location
from cdalake.storage.store import Level, Listing, ObjectInfo, Oddity, Store, Tail
from cdalake.storage.trouble import first_line

__all__ = [
    "Access",
    "Level",
    "Listing",
    "Location",
    "ObjectInfo",
    "Oddity",
    "Store",
    "Tail",
    "first_line",
    "overlap",
    "parse_location",
]
