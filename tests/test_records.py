"""Records: compared by their fields, never changed, and as plain data and back."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import cached_property

import pytest

from yuqing_cli.records import Record, as_dict, field, fields, names, replace


class Pipe(Record):
    street: str
    width: int = 100
    notes: Mapping[str, str] = field(default_factory=dict)


class Well(Record, dict=True):
    depth: int

    @cached_property
    def half(self) -> list[int]:
        return [self.depth // 2]


PIPE = Pipe("Mill Street")


def test_records_of_the_same_fields_are_the_same() -> None:
    assert Pipe("Mill Street", 100, {}) == PIPE
    assert Pipe("Mill Street", 200) != PIPE


def test_nobody_changes_a_record() -> None:
    with pytest.raises(AttributeError):
        PIPE.width = 200  # type: ignore[misc]


def test_each_record_has_a_default_of_its_own() -> None:
    assert PIPE.notes is not Pipe("Mill Street").notes


def test_a_changed_copy_leaves_the_record_as_it_was() -> None:
    assert replace(PIPE, width=200) == Pipe("Mill Street", 200)
    assert PIPE.width == 100
    with pytest.raises(TypeError):
        replace(PIPE, length=3)


def test_a_record_knows_its_fields_and_which_of_them_are_required() -> None:
    assert names(Pipe) == ("street", "width", "notes")
    assert [one.required for one in fields(Pipe)] == [True, False, False]
    assert as_dict(PIPE) == {"street": "Mill Street", "width": 100, "notes": {}}


def test_a_record_goes_to_another_process_and_back() -> None:
    assert pickle.loads(pickle.dumps(PIPE)) == PIPE


def test_a_property_may_be_kept_where_a_record_allows_it() -> None:
    well = Well(12)
    assert well.half is well.half
