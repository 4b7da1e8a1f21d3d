"""One answer that is an article's page -> the article. Raises ``SourceError`` where there is no text to be had."""

from __future__ import annotations

from yuqing_cli.errors import SourceError
from yuqing_cli.models import Answer
from yuqing_cli.records import replace

from .article import Article, extract
from .damage import damage
from .decode import decode


def read(answer: Answer, selector: str, extractor: str = "own") -> Article:
    """The article in a page; ``selector`` names the element of its text, ``""`` lets the extractor find it."""
    kind = answer.headers.get("content-type", "")
    if kind and not any(word in kind.lower() for word in ("html", "xml", "text/plain", "octet-stream")):
        raise SourceError("soft", "{url} is no page but {type}", url=answer.url, type=kind[:60])
    article = _extract(decode(answer.body, kind).text, answer.url, selector, extractor)
    if not article.text:
        raise SourceError("soft", "no article was found in {url}", url=answer.url)
    if reason := damage(article.text):
        raise SourceError("hard", "{url} is garbled: {reason}", url=answer.url, reason=reason)
    return article


def _extract(html: str, url: str, selector: str, extractor: str) -> Article:
    """By the chosen extractor. Pages are strangers' bytes: whatever a parser trips over is this page's trouble alone."""
    try:
        article = extract(html, url, selector=selector)
        if extractor == "trafilatura" and not selector:
            from .article_trafilatura import text_of

            article = replace(article, text=text_of(html, url), method="trafilatura")
    except Exception as error:
        raise SourceError("hard", "unexpected: {reason}", reason=f"{type(error).__name__}: {error}"[:200]) from error
    return article
