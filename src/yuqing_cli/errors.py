"""Every error that a user may see, with its exit code.

    YuqingError                 exit 1   a fault of ours (unexpected)
    ├── UsageError              exit 2   the command was called wrongly
    ├── ConfigError             exit 3   yuqing.toml or a pack is wrong: all faults at once
    ├── StoreError              exit 6   the database
    └── SourceError             (4/5)    one source failed; carried as a value, never stops the others

An error carries a message id (the English text, with ``{named}`` holes) and values. The face (``cli``) translates and
fills it; nothing below the face prints.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

FailureKind = Literal["hard", "soft", "temporary", "refused"]
"""How much a failure weighs: ``hard`` will not mend itself (DNS says no such host, TLS wrong, garbage), ``soft`` may
(404, 5xx, a parse error), ``temporary`` most likely will (time-out, refused connection), ``refused`` is our own refusal
(a private address, a redirect inward)."""


class Problem(NamedTuple):
    """One fault in a file of the user's: where it is, what is wrong, and the fix.

    ``text`` and ``hint`` are message ids with ``{named}`` holes that ``values`` fills. ``line`` and ``column`` count from 1;
    0 means unknown. A tuple and no record, whose library ``--help`` would have to load.
    """

    file: str
    text: str
    line: int = 0
    column: int = 0
    hint: str = ""
    values: tuple[tuple[str, object], ...] = ()

    @property
    def where(self) -> str:
        """``file:line:column`` as compilers print it, without the unknown parts."""
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class YuqingError(Exception):
    """Base of all errors of ours. ``exit_code`` is what the process ends with."""

    exit_code = 1

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text

    def __reduce__(self) -> tuple[Any, ...]:
        # By its attributes: pickle would call the class with the text alone.
        return (_again, (type(self), vars(self)))


def _again(kind: type[YuqingError], values: dict[str, Any]) -> YuqingError:
    error = kind.__new__(kind, values["text"])
    vars(error).update(values)
    return error


class UsageError(YuqingError):
    """The command was called wrongly, or something that it needs is not there."""

    exit_code = 2


class ConfigError(YuqingError):
    """Settings or packs are wrong. ``problems`` holds every fault that was found, in file order."""

    exit_code = 3

    def __init__(self, text: str, problems: tuple[Problem, ...] = (), **values: object) -> None:
        super().__init__(text, **values)
        self.problems = problems


class StoreError(YuqingError):
    """The database cannot be used: locked, damaged, newer than we are, or not ours."""

    exit_code = 6


class SourceError(YuqingError):
    """One source could not be read. The pool returns it as a value; ``workflows`` counts it."""

    def __init__(self, kind: FailureKind, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.kind: FailureKind = kind
