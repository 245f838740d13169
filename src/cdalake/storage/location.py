"""Where something is: a folder, or a path in a bucket. Text only, nothing is touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from cdalake.errors import UsageError
from cdalake.settings import refuse_secrets

MEMORY = "memory"
"""The scheme of a store of this process. Nobody can name one: only tests have a use for it."""
SCHEMES = {"s3": "s3", "s3a": "s3", "gs": "gs", "abfss": "abfss", "abfs": "abfss", "az": "az"}


@dataclass(frozen=True)
class Location:
    """A place in a store.

    Attributes:
        scheme: ``file``, ``s3``, ``gs``, ``abfss``, ``az`` or `MEMORY`.
        bucket: bucket or ``container@account``; empty for ``file``.
        path: without leading or trailing slash.
    """

    scheme: str
    bucket: str
    path: str

    @property
    def is_local(self) -> bool:
        """A folder of this machine."""
        return self.scheme == "file"

    @property
    def url(self) -> str:
        """The location as people write it: a plain path, or a URL."""
        if self.is_local:
            return f"/{self.path}"
        return f"{self.root_url}/{self.path}" if self.path else self.root_url

    @property
    def root_url(self) -> str:
        """The bucket's URL, e.g. ``s3://bucket``."""
        return f"{self.scheme}://{self.bucket}"

    @property
    def last_segment(self) -> str:
        """The last part of the path, or empty."""
        return self.path.rpartition("/")[2]

    def join(self, *parts: str) -> Location:
        """The location below this one."""
        path = "/".join(p for p in (self.path, *(part.strip("/") for part in parts)) if p)
        return replace(self, path=path)

    def below(self, root: Location) -> str | None:
        """The path relative to `root` ('' for `root` itself), or None when outside of it."""
        if (self.scheme, self.bucket) != (root.scheme, root.bucket):
            return None
        if self.path == root.path or not root.path:
            return self.path.removeprefix(root.path)
        prefix = f"{root.path}/"
        return self.path.removeprefix(prefix) if self.path.startswith(prefix) else None


def parse_location(text: str, relative_to: Location | None = None) -> Location:
    """Read a folder or URL; a path without scheme is relative to `relative_to` or to this folder.

    Schemes are parsed, never stripped as characters (cda-format.md R4). ``s3a`` equals ``s3``;
    empty path segments are dropped.

    Raises:
        UsageError: ``BAD_LOCATION`` for an unknown scheme, a missing bucket or a ``..``;
            ``SECRET_IN_URL``.
    """
    refuse_secrets(text)
    # Not by urlsplit, which takes '#' and '?' for fragment and query: keys may contain both.
    scheme, is_url, rest = text.partition("://")
    if not is_url:
        return _local(text, relative_to)
    bucket, _, path = rest.partition("/")
    if scheme.lower() == "file" and bucket in ("", "localhost"):
        return _local(f"/{unquote(path)}", relative_to)
    known = SCHEMES.get(scheme.lower())
    if known is None or not bucket:
        raise _bad(text)
    return Location(known, bucket, _clean(text, path))


def _bad(text: str) -> UsageError:
    return UsageError(
        "BAD_LOCATION",
        f"{text!r} is not a place cdalake knows.",
        "Give a folder, or a URL that begins with s3://, gs:// or abfss://.",
    )


def _local(text: str, relative_to: Location | None) -> Location:
    if relative_to is not None and not text.startswith("/"):
        return relative_to.join(_clean(text, text))
    try:
        absolute = Path(text).expanduser().absolute().resolve()
    except (RuntimeError, OSError, ValueError) as error:
        # There is no such user, or no folder can have this name.
        raise _bad(text) from error
    return Location("file", "", _clean(text, str(absolute)))


def _clean(text: str, path: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    if any(segment in (".", "..") for segment in segments):
        raise UsageError(
            "BAD_LOCATION", f"{text!r} contains a '.' or '..' segment.", "Write the path in full."
        )
    return "/".join(segments)


def overlap(one: Location, other: Location) -> bool:
    """One of the two lies inside the other (cda-format.md R60)."""
    return one.below(other) is not None or other.below(one) is not None
