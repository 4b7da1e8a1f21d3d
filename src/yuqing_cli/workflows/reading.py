"""Reading: one answer -> its posts, as far as that goes without the store; here or in a process beside.

    Answer -kind.read-> RawPost -clean-> Post (-wishing, judge-> Judged, where the source has nothing stored yet)

A station's first fetch reads every document of every source whole, and that costs more than all else that it does. So much of it is
handed to other processors, if there are any; each call is the same function with the same arguments, so the outcome is too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from yuqing_cli.adapters.readers import PATIENCE, Readers, WorkerLostError, cores
from yuqing_cli.enrich.clean import clean
from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer, Judged, Post, Reading, Source
from yuqing_cli.records import Record, replace
from yuqing_cli.sources.kinds import kind_named, read
from yuqing_cli.sources.wishes import wishing

from .outcome import Judge

WORTH_IT = 40
"""Documents to be read from which on processes are started for them: below, starting them takes as long as they save."""


class Job(Record):
    """One answer to be read. ``baseline``: nothing of its source is stored, so everything in it will have to be judged."""

    source: Source
    answer: Answer
    now: datetime
    baseline: bool


class Document(Record):
    """What was read. ``judged`` is None where first the store must say what of it is new."""

    reading: Reading
    """Without its posts; ``seen`` is how many they were."""
    seen: int
    posts: list[Post]
    judged: list[Judged] | None = None


def document(judge: Judge, job: Job, reading: Reading) -> Document:
    """The posts of a reading, cleaned, and judged where that is certain to be wanted."""
    posts = clean(job.source.name, reading.posts, masked=judge.masked)
    judged = None
    if job.baseline:
        judged = judge.posts(job.source, wishing(posts, job.source, job.now, baseline=True))
    return Document(replace(reading, posts=()), len(reading.posts), posts, judged)


def carry_out(judge: Judge, job: Job) -> Document | SourceError:
    """Read one answer; the error of its source is a value."""
    # In a process of its own, kinds of other packages are not known yet.
    kind_named(job.source.kind)
    try:
        return document(judge, job, read(job.source, job.answer, job.now))
    except SourceError as error:
        return error


class Desk:
    """Where documents are read ahead: nowhere, until ``hire`` finds that it is worth it."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._readers: Readers[Job, Document | SourceError] | None = None
        self._done: dict[int, Document | SourceError] = {}

    def hire(self, documents: int, processors: int | None = None) -> None:
        """Start processes where so many documents are worth it, and there is a processor to spare.

        To be called before this process has other threads: then they cost next to nothing.
        """
        processors = cores() if processors is None else processors
        if documents >= WORTH_IT and processors > 1 and self._readers is None:
            with suppress(OSError):  # no more processes to be had: all is read here
                self._readers = Readers(partial(carry_out, self._judge), processors)

    def ahead(self, job: Job) -> Callable[[], None] | None:
        """Work for a thread, after which ``taken`` has the outcome; None where nobody was hired."""
        return None if self._readers is None else partial(self._read, self._readers, job)

    def taken(self, job: Job) -> Document | SourceError:
        """The document of an answer: as read ahead, else read now."""
        done = self._done.pop(id(job.answer), None)
        return carry_out(self._judge, job) if done is None else done

    def close(self) -> None:
        """Send the processes home."""
        if self._readers is not None:
            self._readers.close()
            self._readers = None

    def _read(self, readers: Readers[Job, Document | SourceError], job: Job) -> None:
        try:
            self._done[id(job.answer)] = readers(job)
        except WorkerLostError as lost:
            text = "the document ended the program that read it"
            if lost.late:
                text = "reading the document took longer than {seconds} s"
            self._done[id(job.answer)] = SourceError("hard", text, seconds=round(PATIENCE))
        except OSError:
            """No process to be had any more: ``taken`` reads it."""
