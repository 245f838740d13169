"""The files of a commit as they come in, folder by folder."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from cdalake.cda.layout import Folder, SourceFile
from cdalake.delta.schema import Schema
from cdalake.engine.bring import Brought
from cdalake.engine.change import Rule
from cdalake.errors import CdalakeError, Choice, SchemaConflict, SourceError


@dataclass
class Arrived:
    """The folders of a batch whose files are all there and fit, and why it ended early.

    Attributes:
        schema: the table's, with the columns of `files`.
        rule: what columns may come.
        bad: files that cannot be read and are left out, with the reason, by key.
        sets_aside: such files do not end the batch.
        phase: of the table once these files are committed; see `TableMemory.phase`.
    """

    schema: Schema
    rule: Rule
    folders: list[Folder] = field(default_factory=list)
    files: list[Brought] = field(default_factory=list)
    error: CdalakeError | None = None
    bad: dict[str, str] = field(default_factory=dict)
    sets_aside: bool = False
    phase: str = ""

    def take(self, folder: Folder, waiting: Sequence[Future[Brought | None]]) -> bool:
        """Wait for a folder's files; False when they will not all come, or do not fit."""
        schema, files = self.schema, []
        for file, future in zip(folder.files, waiting, strict=True):
            try:
                brought = future.result()
                if brought is None:
                    return False
                schema = self.rule.unite(schema, brought)
                files.append(brought)
            except SchemaConflict as error:
                self.error = self._advised(error.in_file(file.key), file, files)
                return False
            except CdalakeError as error:
                if not self._goes_on_without(file, error):
                    return False
        self.schema = schema
        self.folders.append(folder.without(self.bad))
        self.files += files
        return True

    def cut(self, folder: Folder, error: CdalakeError) -> None:
        """End the batch before `folder`."""
        place = self.folders.index(folder)
        keys = {file.key for later in self.folders[place:] for file in later.files}
        self.files = [brought for brought in self.files if brought.source.key not in keys]
        self.bad = {key: why for key, why in self.bad.items() if key not in keys}
        self.folders, self.error = self.folders[:place], error

    def _advised(
        self, error: SchemaConflict, file: SourceFile, beside: Sequence[Brought]
    ) -> SchemaConflict:
        own = (each.source.fingerprint == file.fingerprint for each in (*self.files, *beside))
        return self.rule.advised(error, file.fingerprint, is_begun=any(own))

    def _goes_on_without(self, file: SourceFile, error: CdalakeError) -> bool:
        """A file that cannot be read is set aside where that was asked for (R15)."""
        if error.code == "BAD_FILE" and self.sets_aside:
            self.bad[file.key] = error.message
            return True
        self.error = bad_file_of(error, file) if error.code == "BAD_FILE" else error
        return False


def bad_file_of(error: CdalakeError, file: SourceFile) -> CdalakeError:
    """The error of a file that cannot be read, with the key by which it can be set aside (R15)."""
    return SourceError(
        error.code,
        f"{error.message} Its key is {file.key}.",
        "Earlier folders are committed. Have the file written again and run again, or set it aside "
        "(quarantine) and go on without it.",
        (Choice.QUARANTINE,),
        file.key,
    )
