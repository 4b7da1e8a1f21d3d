"""The index of all text: every piece of one character or more is found, without a segmenter.

Principle. A search must find what a scan of all posts would find, no more and no less: a desk that once missed a word by the index never
trusts it again. So what is indexed is not words, which a segmenter would have to guess, but every pair of neighbouring characters of
the normal form (``text.fold``).

Theory. The pairs overlap, so a run of them in consecutive places spells a text, and the text is there exactly where its pairs stand in a
row: the phrase 停水 水通 通知 is 停水通知. After the last pair the last character stands alone; with that every character begins some
entry, and a single one is found as the beginning of entries (FTS5's ``"停" *``). The tokenizer is FTS5's ``ascii`` with every printable
sign declared a letter and U+001F, which no normal form holds, as the only separator: it neither folds nor splits what ``fold`` has made,
so blanks, punctuation and emoji are found like anything else. Title and text are two columns; no phrase crosses them.

What is masked (■) is not indexed: a text is cut there, and every part of it is indexed by itself.

The table is contentless: it holds no second copy of the texts. SQLite before 3.43 cannot delete from such a table by row number; a row is
taken out by giving its old text back (``unindex`` *before* the change, ``index`` after it), in the transaction of the change.

Tried and dropped. ``trigram`` finds no word of two characters, plain ``unicode61`` none inside a clause, a segmenter's words nine of ten;
``unicode61`` over the same pairs splits at punctuation, so that every phrase with a sign in it would have to be read again.

Known failures. A letter that Unicode gave a lower case only after the version of the Python that stored the post stays as it was in
the index; Han characters and emoji fold to themselves and are not concerned.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from yuqing_cli.enrich.mask import MASK
from yuqing_cli.text import fold

EDITION = 1
"""Rises when ``fold`` or ``grams`` change what they make: an index of another edition is not searched (``yuqing search --rebuild``)."""
SEPARATOR = "\x1f"
_BREAK = ord(SEPARATOR)
_UTF_32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
BATCH = 2000
"""Posts read back and indexed at a time: memory stays flat however large the file is."""
CHUNK = 500
SAMPLES = 12
"""Posts that the self-test looks up."""

_PUT = "INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)"
_TAKE = "INSERT INTO search (search, rowid, title, text) VALUES ('delete', ?, ?, ?)"


def grams(folded: str) -> str:
    """What is indexed of a text in normal form: ``停水了`` is 停水, 水了, 了."""
    return SEPARATOR.join(map(_pairs, filter(None, folded.split(MASK))))


def _pairs(part: str) -> str:
    # The text laid out three characters wide: itself, itself moved on by one, separators. A slice for each pair took 14 times as long,
    # a third of what it costs to store a post.
    codes = array("I", part.encode(_UTF_32, "surrogatepass"))
    spread = array("I", (_BREAK,)) * (3 * len(codes))
    spread[::3] = codes
    spread[1:-2:3] = codes[1:]
    return spread.tobytes().decode(_UTF_32, "surrogatepass")[:-2]


def phrase(folded: str) -> str | None:
    """An FTS5 expression that holds exactly where this text stands; None where the index cannot tell (masked text)."""
    if not folded or MASK in folded:
        return None
    pairs = SEPARATOR.join([folded[i : i + 2] for i in range(max(len(folded) - 1, 1))])
    return '"' + pairs.replace('"', '""') + ('" *' if len(folded) == 1 else '"')


def index(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Index posts as they stand in ``posts`` now. They must not be in the index: ``unindex`` them before they change."""
    for part in _chunks(seqs):
        rows = connection.execute(f"SELECT seq, title, text FROM posts WHERE seq IN ({_marks(part)})", part)  # noqa: S608
        _write(connection, _PUT, rows)


def index_new(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index posts that were just inserted: their numbers, and their titles and texts in normal form."""
    connection.executemany(_PUT, [(seq, grams(title), grams(text)) for seq, title, text in rows])


def unindex(connection: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Take posts out of the index. To be called while ``posts`` still holds the title and text that were indexed.

    Posts that are not in it are passed over: taken out a second time they would damage it.
    """
    for part in _chunks(seqs):
        query = f"""SELECT seq, title, text FROM posts WHERE seq IN ({_marks(part)})
            AND seq IN (SELECT id FROM search_docsize)"""  # noqa: S608
        # Read whole before the first of them goes: the query looks at what is being taken away.
        _write(connection, _TAKE, connection.execute(query, part).fetchall())


def _chunks(seqs: Iterable[int]) -> Iterator[list[int]]:
    seqs = iter(seqs)
    while part := list(islice(seqs, CHUNK)):
        yield part


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _write(connection: sqlite3.Connection, statement: str, rows: Iterable[tuple[int, str, str]]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        values = [(seq, grams(fold(title)), grams(fold(text)) if text else "") for seq, title, text in batch]
        connection.executemany(statement, values)


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew from what is stored. Runs inside the caller's transaction; 1,000,000 headlines take a minute at most."""
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    last = -1
    query = "SELECT seq, title, text FROM posts WHERE seq > ? ORDER BY seq LIMIT ?"
    while rows := connection.execute(query, (last, BATCH)).fetchall():
        _write(connection, _PUT, rows)
        last = rows[-1][0]
    connection.execute("DELETE FROM search_edition")
    connection.execute("INSERT INTO search_edition VALUES (?)", (EDITION,))


def compact(connection: sqlite3.Connection) -> None:
    """Merge the index into one piece: what was taken out of it is gone from the file's pages, not only from the answers."""
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")


def sound(connection: sqlite3.Connection) -> bool:
    """The self-test, in a few milliseconds: the index is of this edition, reaches the last post, and finds posts by their beginnings.

    Looks at the first, the last, and ``SAMPLES`` posts evenly between; ``missing`` looks at all.
    """
    if connection.execute("SELECT edition FROM search_edition").fetchall() != [(EDITION,)]:
        return False
    # Two selects: asked for both at once, SQLite reads the whole table.
    low, high = (connection.execute(f"SELECT {end}(seq) FROM posts").fetchone()[0] for end in ("min", "max"))  # noqa: S608
    if high is None:
        return True
    places = {low + (high - low) * i // (SAMPLES + 1) for i in range(SAMPLES + 2)}
    query = "SELECT seq, title FROM posts WHERE seq >= ? ORDER BY seq LIMIT 1"
    found = {connection.execute(query, (place,)).fetchone() for place in sorted(places)}
    return all(_finds(connection, seq, fold(title)) for seq, title in found)


def _finds(connection: sqlite3.Connection, seq: int, title: str) -> bool:
    beginning = next((part[:4] for part in title.split(MASK) if part), "")
    expression = phrase(beginning)
    if expression is None:
        return True
    query = "SELECT count(*) FROM search WHERE search MATCH ? AND rowid = ?"
    return bool(connection.execute(query, (f"title : {expression}", seq)).fetchone()[0])


def missing(connection: sqlite3.Connection) -> tuple[int, int]:
    """(posts that are not in the index, entries of the index without a post); both are 0 in a sound file."""
    posts = "SELECT count(*) FROM posts WHERE seq NOT IN (SELECT id FROM search_docsize)"
    orphans = "SELECT count(*) FROM search_docsize WHERE id NOT IN (SELECT seq FROM posts)"
    return connection.execute(posts).fetchone()[0], connection.execute(orphans).fetchone()[0]
