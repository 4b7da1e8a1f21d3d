"""A query in plain words, so that whoever wrote a rule can read what it will do.

Every sentence is a message with holes; what stands in a hole is a sentence or a name of its own. The place (标题或正文中) is said
where it begins to hold, not again for each term. Text in quotation marks is shown as it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from yuqing_cli.i18n import Translate

from .query_nodes import GAP, And, Field, FieldName, Leaf, Meta, Near, Node, Not, Or, Phrase, Regex, Term, Wild


def explain(node: Node, t: Translate) -> str:
    """One sentence without a stop at its end."""
    return _Words(t).clause(node, None)


class _Words:
    def __init__(self, t: Translate) -> None:
        self.t = t

    def clause(self, node: Node, where: FieldName | None, *, placed: bool = False) -> str:
        """What must hold. ``placed``: the place has been said already, in the clause before."""
        match node:
            case Not(node=inner):
                return self._denied(inner, where, placed=placed)
            case Field(name=name, node=inner):
                return self.clause(inner, name)
            case And(nodes=nodes):
                return self._all(nodes, where, placed=placed)
            case Meta():
                return self._source(node)
        what = self._what(node)
        if what:
            return self._has(what, where, placed=placed)
        nodes = node.nodes if isinstance(node, Or) else ()
        parts = [self._inner(each, where) for each in nodes]
        return reduce(lambda first, second: self.t("{first}, or {second}", first=first, second=second), parts)

    def _has(self, what: str, where: FieldName | None, *, placed: bool) -> str:
        t = self.t
        if placed:
            return t("there is {what}", what=what)
        if where == "title":
            return t("in the title there is {what}", what=what)
        if where == "text":
            return t("in the text there is {what}", what=what)
        return t("in the title or the text there is {what}", what=what)

    def _denied(self, node: Node, where: FieldName | None, *, placed: bool) -> str:
        t = self.t
        if isinstance(node, Field) and self._what(node.node):
            return self._denied(node.node, node.name, placed=False)
        if isinstance(node, Meta):
            return self._not_source(node)
        what = self._what(node)
        if not what:
            return t("it does not hold that ({inner})", inner=self.clause(node, where))
        if placed:
            return t("there is no {what}", what=what)
        if where == "title":
            return t("in the title there is no {what}", what=what)
        if where == "text":
            return t("in the text there is no {what}", what=what)
        return t("in the title and the text there is no {what}", what=what)

    def _source(self, node: Meta) -> str:
        t, name = self.t, _quoted(node.text)
        if node.name == "source":
            return t("the source is {name}", name=name)
        return (
            t("the source has the tag {name}", name=name) if node.name == "tag" else t("the tier is {name}", name=name)
        )

    def _not_source(self, node: Meta) -> str:
        t, name = self.t, _quoted(node.text)
        if node.name == "source":
            return t("the source is not {name}", name=name)
        if node.name == "tag":
            return t("the source does not have the tag {name}", name=name)
        return t("the tier is not {name}", name=name)

    def _all(self, nodes: Sequence[Node], where: FieldName | None, *, placed: bool) -> str:
        parts = []
        # Exclusions last: 且不出现 reads after what there is.
        for node in sorted(nodes, key=lambda each: isinstance(each, Not)):
            parts.append(self._inner(node, where, placed=placed))
            # A place holds on for the clauses that follow it, until another is named.
            placed = self._says_place(node)
        return reduce(lambda first, second: self.t("{first}, and {second}", first=first, second=second), parts)

    def _says_place(self, node: Node) -> bool:
        inner = node.node if isinstance(node, Not) else node
        return bool(self._what(inner))

    def _inner(self, node: Node, where: FieldName | None, *, placed: bool = False) -> str:
        """A part of a longer sentence; in parentheses where it has parts of its own."""
        bare = node.node if isinstance(node, Field) else node
        said = self.clause(node, where, placed=placed)
        return self.t("({inner})", inner=said) if isinstance(bare, And | Or) and not self._what(bare) else said

    def _what(self, node: Node) -> str:
        """What is looked for, where one place holds for all of it; else nothing."""
        t = self.t
        match node:
            case Term() | Phrase() | Wild():
                return self._leaf(node)
            case Regex(text=text):
                return t("a text of the pattern {pattern}", pattern=f"/{text}/")
            case Near():
                return self._near(node)
            case Or(nodes=nodes):
                parts = [self._what(each) for each in nodes]
                return self._choice(parts) if all(parts) else ""
        return ""

    def _choice(self, parts: Sequence[str]) -> str:
        return reduce(lambda first, second: self.t("{first} or {second}", first=first, second=second), parts)

    def _leaf(self, leaf: Leaf) -> str:
        if not isinstance(leaf, Wild):
            return _quoted(leaf.text)
        return self.t("{term} (* is up to {most} characters, ? exactly one)", term=_quoted(leaf.text), most=GAP)

    def _near(self, near: Near) -> str:
        first = self._choice([self._leaf(leaf) for leaf in near.left])
        second = self._choice([self._leaf(leaf) for leaf in near.right])
        if near.ordered:
            text = "{first} and then {second}, with at most {distance} characters between them"
        else:
            text = "{first} and {second} in either order, with at most {distance} characters between them"
        return self.t(text, first=first, second=second, distance=near.distance)


def _quoted(text: str) -> str:
    return f"“{text}”"
