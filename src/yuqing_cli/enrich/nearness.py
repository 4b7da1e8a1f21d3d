"""Whether a topic is said of us: how near the subject stands to it.

Principle. "青禾县城东片停水" is our matter. "安宁市停水……青禾县本周举行运动会" in one roundup is not, although both words are in it.
Without parsing a sentence, distance is the evidence that there is: what is said of a thing is said beside it.

Theory. A subject is near a topic where both stand in one sentence with at most ``SENTENCE`` characters between them, or at most
``ACROSS`` characters apart whatever stands between (我家在青禾县。停水三天了。). The characters are those of the normal form, so that
blanks and zero-width characters between do not part what belongs together. A sentence ends with 。！？；… or a new line, a comma ends
none: in Chinese it parts clauses that go on speaking of the same thing. Nearness is judged for each topic term by the subject
next to it, on either side, in the same field; the score weighs each term by it. A subject in another field than the topic, or far
from it, is *there*: half of all headlines name the place and leave the matter to the text.

Known failures. Who is spoken of can be left out for sentences (主语省略), and then the subject is there, not near. A roundup whose
items are parted by commas is one sentence. A sentence that names us and another place gives the matter to both. "not in 青禾县" is
near. Pronouns (该县, 我们这儿) are not followed.

Tried and dropped, on the 44 labelled texts of tests/eval/data/nearness.jsonl, of which this has 40 right: the same field, as it
was before (30: of a whole article everything is near); the same clause (29: 青禾县城东片，从昨晚起，一直停水); the same sentence
(38); a distance alone (38 at its best).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Literal

from yuqing_cli.models import Hit
from yuqing_cli.text import fold

SENTENCE = 60
ACROSS = 12
Nearness = Literal["near", "there", "absent"]
_END = re.compile(r"[。．！？!?；;…\n]")
_BLANKS = re.compile(r"\s+")


class Subjects:
    """The subjects of one post, to be asked how near each topic stands to them. ``fields`` are the texts that the hits point into."""

    def __init__(self, hits: Iterable[Hit], fields: Mapping[str, str]) -> None:
        self._fields = fields
        self._places: dict[str, list[tuple[int, int]]] = {}
        for hit in hits:
            if hit.kind == "subject":
                self._places.setdefault(hit.field, []).append((hit.start, hit.end))
        for places in self._places.values():
            places.sort()

    def nearness(self, topic: Hit) -> Nearness:
        """How near the nearest subject is to a topic's hit."""
        if not self._places:
            return "absent"
        places, text = self._places.get(topic.field, []), self._fields[topic.field]
        at = bisect_left(places, (topic.start, topic.end))
        return "near" if any(self._near(text, place, topic) for place in places[max(0, at - 1) : at + 1]) else "there"

    def _near(self, text: str, place: tuple[int, int], topic: Hit) -> bool:
        start, end = min(place[1], topic.end), max(place[0], topic.start)
        # Four raw characters to one of the normal form: what is longer is not worth folding.
        return end - start <= 4 * SENTENCE and near(text[start:end])


def near(between: str) -> bool:
    """Whether a subject and a topic with this text between them belong together."""
    # Normal forms turn ； into ; and … into three dots: ends are looked for in the text as it is.
    length = len(_BLANKS.sub("", fold(between)))
    return length <= ACROSS or (length <= SENTENCE and not _END.search(between))
