"""The main text by trafilatura, for stations whose sources are mostly not Chinese (extra ``extract``).

On Chinese pages our own extractor is better (.985 against .861 mean F1 on the same 32) and eight times as fast.
"""

from __future__ import annotations

from importlib.util import find_spec


def installed() -> bool:
    """Whether the extra is there; looked for without importing it."""
    return find_spec("trafilatura") is not None


def text_of(html: str, url: str) -> str:
    """The main text, without comments and tables of links; ``""`` where it finds none."""
    import trafilatura

    found = trafilatura.extract(html, url=url or None, include_comments=False, include_links=False)
    return found or ""
