"""Markdown as articles are written, made into HTML that is safe to show as it is.

Every text takes time linear in its length: the parser bounds nesting and tables itself, references are bounded here.
"""

import re
from collections.abc import Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from common import html
from common.text import storable

# A long target defined once and named a thousand times would make much out of little.
MAX_REFERENCE = 2_000

_TAGS = html.KEPT | {"img"}
_ATTRIBUTES = {**html.ATTRIBUTES, "img": {"src", "alt", "title"}, "a": {"href", "title"}}
_OWN_IMAGE = re.compile(r"/help/images/[\w-]+/")


def rendered(text: str) -> str:
    """Safe HTML: what `common.html` allows, and images that we serve ourselves.

    Headings begin below the page's own. An image from elsewhere becomes a link to it: to load it would tell a
    stranger who reads the article, and the content security policy shows none.
    """
    return nh3.clean(
        _parser.render(storable(text)),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        set_tag_attribute_values={"table": {"tabindex": "0"}},  # a wide one scrolls, by keys as well
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=html.LINK_REL,
    )


def _without_long_references(state: StateCore) -> None:
    references = state.env.get("references", {})
    for name in [name for name, to in references.items() if len(to["href"]) + len(to["title"]) > MAX_REFERENCE]:
        del references[name]


def _headings_one_lower(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _others_images_as_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_with_own_images(token.children))


def _with_own_images(tokens: list[Token]) -> Iterator[Token]:
    in_link = False
    for token in tokens:
        source = str(token.attrs.get("src", ""))
        if token.type in ("link_open", "link_close"):
            in_link = token.type == "link_open"
        if token.type != "image" or _OWN_IMAGE.fullmatch(source):
            yield token
            continue
        is_address = source.startswith(("http://", "https://", "//"))
        text = Token("text", "", 0, content=token.content or (source if is_address else ""))
        if is_address and not in_link:
            yield from (Token("link_open", "a", 1, attrs={"href": source}), text, Token("link_close", "a", -1))
        else:
            yield text


_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_parser.core.ruler.after("block", "without_long_references", _without_long_references)
_parser.core.ruler.push("headings_one_lower", _headings_one_lower)
_parser.core.ruler.push("others_images_as_links", _others_images_as_links)
