"""Where the parts of a rule stand in its pack file, for remarks on rules that have been read without a fault.

The model keeps the places of terms and of rules. What else a remark may point at (an owner, the middle of a query) is looked up
here, in the text that the set was read from; it is parsed again, and only when somebody asks.
"""

from __future__ import annotations

from functools import cache
from pathlib import PurePath

from yuqing_cli.tomltext import Document, parse

from .model import KeywordSet, Rule


class Places:
    """The pack files of a set, parsed for their places."""

    def __init__(self, keywords: KeywordSet) -> None:
        self._texts = dict(keywords.files)
        self._document = cache(self._parsed)

    def key(self, rule: Rule, key: str) -> tuple[int, int]:
        """Line and column of one key of a rule; of the rule, where it has no such key."""
        document, index = self._found(rule)
        if document is None:
            return (rule.line, 1)
        return document.place((f"{rule.kind}s", index, key))

    def query(self, rule: Rule, at: int) -> tuple[int, int]:
        """Line and column of character ``at`` of a rule's query."""
        document, index = self._found(rule)
        if document is None:
            return (rule.line, 1)
        path = (f"{rule.kind}s", index, "query")
        entries = document.data[f"{rule.kind}s"]
        written = entries[index]["query"] if isinstance(entries, list) else ""
        return document.inside(path, str(written), at)

    def _found(self, rule: Rule) -> tuple[Document | None, int]:
        document = self._document(PurePath(rule.file).name)
        entries = document.data.get(f"{rule.kind}s", [])
        for index in range(len(entries) if isinstance(entries, list) else 0):
            if document.place((f"{rule.kind}s", index))[0] == rule.line:
                return document, index
        return None, 0

    def _parsed(self, name: str) -> Document:
        text = "" if name.lower().endswith(".txt") else self._texts.get(name, "")
        return parse(text, name)[0]
