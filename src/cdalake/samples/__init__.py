"""A synthetic CDA export with the tables, columns and habits of a real one, and its truth.

The demo, the tests and the docs use it. Nothing here knows the engine: what `Export.rows` says is
worked out from the seed, so a loader can be held against it.

    write_folder("lake/source", SampleSpec(folders=6))
    extend_folder("lake/source", 2)
    read_folder("lake/source").rows("cc_claim")
"""

from cdalake.samples.export import (
    DataFile,
    Export,
    extend_export,
    extend_folder,
    read_export,
    read_folder,
    write_export,
    write_folder,
)
from cdalake.samples.spec import SampleSpec

__all__ = [
    "DataFile",
    "Export",
    "SampleSpec",
    "extend_export",
    "extend_folder",
    "read_export",
    "read_folder",
    "write_export",
    "write_folder",
]
