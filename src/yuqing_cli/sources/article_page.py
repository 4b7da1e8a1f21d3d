"""One answer that is an article's page -> the article. Raises ``SourceError`` where there is no text to be had."""

from __future__ import annotations

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer

from .article import Article, extract
from .damage import damage
from .decode import decode


def read(answer: Answer, selector: str) -> Article:
    """The article in a page; ``selector`` names the element of its text, ``""`` finds it."""
    kind = answer.headers.get("content-type", "")
    if kind and not any(word in kind.lower() for word in ("html", "xml", "text/plain", "octet-stream")):
        raise SourceError("soft", "{url} is no page but {type}", url=answer.url, type=kind[:60])
    article = extract(decode(answer.body, kind).text, answer.url, selector=selector)
    if not article.text:
        raise SourceError("soft", "no article was found in {url}", url=answer.url)
    if reason := damage(article.text):
        raise SourceError("hard", "{url} is garbled: {reason}", url=answer.url, reason=reason)
    return article
