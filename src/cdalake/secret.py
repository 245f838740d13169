"""Text that must not get out by mistake."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A text that shows itself only when asked to: never in a log, a message or an answer."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text, for whoever must hand it on."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('****')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")
