"""What the class and id of a block say that it is for.

Chinese sites name their blocks in English or pinyin, in hyphens, underscores or camelCase; whole words are looked up, and
pairs of words joined (``side-bar``), so that ``user`` speaks and ``ueditor`` does not.
"""

from __future__ import annotations

import re
from itertools import pairwise

Purpose = tuple[str, bool, bool]
"""Names (lower case, hyphenated), whether they say furniture, whether they say replies."""
NO_PURPOSE: Purpose = ("", False, False)
FURNITURE_PURPOSE: Purpose = ("", True, False)

_CLASSES_READ = 4
"""A long class list ends in switches (``enable-ads``) that say nothing of the block."""


def words(text: str) -> tuple[str, ...]:
    """The words of a table written as text: forty class names read better in four lines than in forty."""
    return tuple(text.split())


_FURNITURE = frozenset(
    words(
        "nav navs navi navbar navigation menu menus submenu submenus bread breadcrumb breadcrumbs crumb crumbs foot footer"
        " header copyright side sider sidebar aside leftbar rightbar leftside rightside leftcol rightcol leftcolumn"
        " rightcolumn leftnav rightnav leftmenu rightmenu share shares sharing sharebar bdsharebuttonbox social relate"
        " related relation relations recom recomm recommend recommended recommends recommendation recommendations tuijian"
        " hot hots rank ranks ranking rankings ad ads advert adverts advertise advertisement advertisements banner"
        " sponsor sponsors sponsored promo promos promotion login signin signup register registration tool tools toolbar"
        " toolbox tooltip pager paging pagination tag tags keyword keywords subscribe subscription qrcode erweima ewm"
        " search popup popper modal toast dropdown vote like likes praise reward dashang author authors byline user users"
        " username userinfo usercard avatar profile signature nick nickname disclaimer statement print jiucuo feedback"
        " report action actions btn btns button buttons operate operation operations operator badge badges level levels"
        " meta prev next close source pubtime pubdate publish date time datetime timestamp appdownload download downloads"
        " player players video videos sronly supporter supporters count counts statistic statistics"
    )
)
_REPLIES = frozenset(
    words(
        "comment comments comm comms cmt cmts reply replies replys pinglun gentie respond response responses discuss"
        " discussion discussions answer answers"
    )
)
_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"([a-z0-9])([A-Z])")


def read_names(classes: str, ident: str) -> Purpose:
    """The purpose that a class attribute and an id state."""
    tokens = [*classes.split(None, _CLASSES_READ)[:_CLASSES_READ], ident]
    names = " ".join(tokens).replace("_", "-")
    if not names.islower():
        names = _CAMEL.sub(r"\1-\2", names).lower()
    words = _WORD.findall(names)
    pairs = [first + second for first, second in pairwise(words)]
    furniture = not (_FURNITURE.isdisjoint(words) and _FURNITURE.isdisjoint(pairs)) or "right" in tokens
    return names, furniture, not (_REPLIES.isdisjoint(words) and _REPLIES.isdisjoint(pairs))
