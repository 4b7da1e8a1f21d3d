"""Field paths in JSON (``data.cards[0].content``) and the layout that the options of a ``json_list`` add up to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from yuqing_cli.i18n import mark
from yuqing_cli.records import Record, as_dict
from yuqing_cli.urls import is_http
from yuqing_cli.validate import nearest

from .options import Fault, JsonListOptions
from .recipes import recipes

_PATH = re.compile(
    r"[^.\[\]]+(?:\[\d{1,6}\])*(?:\.[^.\[\]]+(?:\[\d{1,6}\])*)*|(?:\[\d{1,6}\])+(?:\.[^.\[\]]+(?:\[\d{1,6}\])*)*"
)
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_PATHS = ("items", "title", "link", "guid", "rank", "heat", "date", "summary", "updated")
_USUAL = {"title": "title", "link": "url"}
_HOLES = frozenset(("title", "guid"))
NO_RANK = "off"


class Layout(Record):
    """Where everything lies. ``own``: the fields that the user wrote, which must be found."""

    paths: Mapping[str, str]
    template: str
    own: frozenset[str]
    shaped: bool


def layout_of(options: JsonListOptions) -> Layout:
    """The options over their shape over the usual names."""
    shape = recipes("json_list").get(options.shape, {})
    given = {field: value for field in _PATHS if (value := getattr(options, field))}
    paths = {**({} if shape else _USUAL), **shape, **given}
    template = options.url_template or shape.get("url_template", "")
    return Layout(paths, template, frozenset(given), bool(shape))


def look_up(value: object, path: str) -> object:
    """What lies at a path, ``None`` where nothing does. ``""`` is the value itself."""
    for index, key in _STEP.findall(path):
        if index and isinstance(value, list):
            value = value[int(index)] if int(index) < len(value) else None
        elif key and isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


def check_options(options: object) -> list[Fault]:
    """Everything that is wrong with the options beyond their types."""
    if not isinstance(options, JsonListOptions):
        return []
    faults = []
    shapes = recipes("json_list")
    if options.shape and options.shape not in shapes:
        near = nearest(options.shape, shapes)
        hint = mark("did you mean {near}?") if near else mark("known here: {names}")
        values = (("value", options.shape), ("near", near), ("names", ", ".join(sorted(shapes))))
        faults.append(Fault("shape", mark("unknown shape {value}"), hint, values))
    for name, value in as_dict(options).items():
        if name in _PATHS and value and not _PATH.fullmatch(value):
            text = mark("not a field path: {value}")
            faults.append(Fault(name, text, mark("for example data.list[0].title"), (("value", value),)))
    if options.url_template and not _is_template(options.url_template):
        text = mark("an address with {{title}} or {{guid}} in it is wanted, not {value}")
        faults.append(Fault("url_template", text, values=(("value", options.url_template),)))
    return faults


def _is_template(template: str) -> bool:
    try:
        holes = {
            name for _, name, spec, turn in Formatter().parse(template) if name is not None and not spec and not turn
        }
        return bool(holes) and holes <= _HOLES and is_http(template.format(title="x", guid="x"))
    except (ValueError, KeyError, IndexError, AttributeError):
        return False
