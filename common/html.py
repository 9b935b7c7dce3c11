"""HTML from strangers: a safe fragment of it, its plain text, and HTML made from plain text.

Every function takes time linear in its input. The sanitiser below us (nh3) is quadratic in the depth of
nesting, so the tags are balanced and their depth limited here, before it sees them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape, unescape
from types import MappingProxyType
from typing import Literal, NamedTuple

import nh3

MAX_CHARACTERS = 1_000_000
MAX_TAGS = 150_000
MAX_LINKS = 1_000
MAX_DEPTH = 60
LINK_REL = "noopener noreferrer nofollow"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
KEPT = _names(
    "a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q s"
    " samp small span strong sub sup table tbody td tfoot th thead tr u ul"
)
BLOCK = _names(
    "address article aside blockquote center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section table tbody tfoot thead tr ul"
)
SPACED = _names("blockquote dl h1 h2 h3 h4 h5 h6 ol p pre table ul")
MUTED = _names("applet audio canvas datalist head math noembed noframes object svg template title video")
RAW = _names("iframe plaintext script style xmp")
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
# An opening tag ends these when they are the innermost open element.
ENDS = {
    "li": {"li", "p"},
    "dt": {"dt", "dd", "p"},
    "dd": {"dt", "dd", "p"},
    "td": {"td", "th", "p"},
    "th": {"td", "th", "p"},
    "tr": {"td", "th", "tr", "p"},
}

_MARKUP = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*(?:>|\Z)", re.S)
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>"'<]*)((?:[^"'>]++|"[^"]*"|'[^']*')*+)>""")
_PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>\"'<]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em)?(?:;|$|!)", re.I)
_URL = re.compile(r"(?<![a-z0-9])https?://[!#-;=?-~]{1,2000}", re.I)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(html: str) -> str:
    """A fragment of `html` that is safe inline in a page under a strict content security policy.

    Text, structure and links to http, https and mailto stay. Images give way to their alt text; styles,
    scripts, forms, drawings and everything the writer hid are dropped. What is beyond `MAX_CHARACTERS` or
    `MAX_TAGS` is cut; beyond `MAX_LINKS` links only their text stays.
    """
    return nh3.clean(
        _balanced(html),
        tags=set(KEPT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel=LINK_REL,
    ).strip()


def to_text(html: str, *, site: str = "") -> str:
    """The words of `html` as readable plain text: paragraphs, lists, quotations marked by `>`.

    With `site`, the words of a link are followed by its address, if it is of the web; one that begins with `/` is
    of that site.
    """
    writer = _TextWriter(site)
    for token in _visible(html):
        writer.write(token)
    return writer.text()


def from_text(text: str) -> str:
    """Plain text as safe HTML: escaped, blank lines part paragraphs, http(s) addresses become links."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    paragraphs = (paragraph.strip("\n") for paragraph in re.split(r"\n(?:[ \t]*+\n)+", text))
    return "\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def _linked(paragraph: str) -> str:
    pieces, end = [], 0
    for count, match in enumerate(_URL.finditer(paragraph)):
        if count == MAX_LINKS:
            break
        url = match.group().rstrip(".,;:!?*_~'")
        if ")" not in url or "(" not in url:
            url = url.split(")", 1)[0]
        pieces.append(escape(paragraph[end : match.start()]))
        pieces.append(f'<a href="{escape(url)}" rel="{LINK_REL}">{escape(url)}</a>')
        end = match.start() + len(url)
    pieces.append(escape(paragraph[end:]))
    return "".join(pieces).replace("\n", "<br>\n")


class _Token(NamedTuple):
    kind: Literal["open", "close", "text"]
    name: str = ""
    text: str = ""
    attributes: Mapping[str, str] = MappingProxyType({})


def _tokens(html: str) -> Iterator[_Token]:
    """Tags and text in the order they stand; comments, declarations and scripts are left out.

    A tag whose quotes never close costs one scan to the end, so after a few of those quotes are no longer
    honoured.
    """
    html = html[:MAX_CHARACTERS]
    position, patience = 0, 20
    for _ in range(MAX_TAGS):
        if position >= len(html):
            return
        start = html.find("<", position)
        if start < 0:
            start = len(html)
        if start > position:
            yield _Token("text", text=html[position:start])
        if markup := _MARKUP.match(html, start):
            position = markup.end()
            continue
        tag = _TAG.match(html, start) if patience else None
        if tag is None and start < len(html):
            patience = max(0, patience - 1)
            tag = _PLAIN_TAG.match(html, start)
        if tag is None:
            yield _Token("text", text=html[start : start + 1])
            position = start + 1
            continue
        position = tag.end()
        name = tag[2].lower()
        if name in BLOCK - KEPT:
            name = "div"
        if name in RAW:
            if not tag[1]:
                end = re.compile(f"</{name}", re.I | re.A).search(html, position)
                position = end.start() if end else len(html)
        elif tag[1]:
            yield _Token("close", name)
        else:
            yield _Token("open", name, "", _attributes(tag[3])) if tag[3] else _Token("open", name)


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source[:10_000]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    if re.search(r"(?:^|\s)hidden(?:\s|$|=|/)", source[:10_000], re.I):
        found["hidden"] = ""
    return found


def _visible(html: str) -> Iterator[_Token]:
    """The tokens a reader would have seen: nothing hidden or muted, images as their alt text."""
    muted: Counter[str] = Counter()
    outer = ""
    for token in _tokens(html):
        if outer:
            # Only the element that was hidden can end its own hiding.
            if token.name == outer:
                muted[outer] += {"open": 1, "close": -1, "text": 0}[token.kind]
            if not muted[outer] or (outer == "head" and token.name == "body"):
                outer = ""
                muted.clear()
        elif token.kind == "open" and token.name not in VOID and _is_hidden(token):
            outer, muted[token.name] = token.name, 1
        elif token.kind == "text":
            yield _Token("text", text=_UNPRINTABLE.sub("", unescape(token.text)))
        elif token.name == "img":
            alt = _UNPRINTABLE.sub("", token.attributes.get("alt", ""))
            if alt.strip() and not _is_hidden(token):
                yield _Token("text", text=alt)
        else:
            yield token


def _is_hidden(token: _Token) -> bool:
    if token.name in MUTED or "hidden" in token.attributes:
        return True
    return "style" in token.attributes and bool(
        _HIDDEN.search(re.sub(r"\s+", "", token.attributes.get("style", "")[:2_000]))
    )


def _balanced(html: str) -> str:
    """`html` again, with the kept tags only, every one closed and none deeper than `MAX_DEPTH`."""
    pieces: list[str] = []
    stack: list[str] = []
    too_deep: Counter[str] = Counter()
    links, room = 0, MAX_CHARACTERS
    for token in _visible(html):
        if token.kind == "text":
            text = escape(token.text, quote=False)[:room]
            room -= len(text)
            pieces.append(text)
        elif token.name not in KEPT:
            continue
        elif token.kind == "close":
            if too_deep[token.name]:
                too_deep[token.name] -= 1
            elif token.name in stack:
                while (name := stack.pop()) != token.name:
                    pieces.append(f"</{name}>")
                pieces.append(f"</{token.name}>")
        elif token.name in VOID:
            pieces.append(f"<{token.name}>")
        else:
            ended = ENDS.get(token.name, {"p"} if token.name in BLOCK else set())
            while stack and stack[-1] in ended:
                pieces.append(f"</{stack.pop()}>")
            if len(stack) >= MAX_DEPTH:
                too_deep[token.name] += 1
                continue
            links += token.name == "a"
            stack.append(token.name)
            pieces.append(_opening(token, with_link=links <= MAX_LINKS))
    pieces.extend(f"</{name}>" for name in reversed(stack))
    return "".join(pieces)


def _opening(token: _Token, *, with_link: bool) -> str:
    names = ATTRIBUTES.get(token.name, set()) & token.attributes.keys()
    if not with_link:
        names -= {"href"}
    attributes = "".join(f' {name}="{escape(token.attributes[name].strip())}"' for name in sorted(names))
    return f"<{token.name}{attributes}>"


class _TextWriter:
    """Lines of text written token by token; a block begins a new line, a paragraph leaves one empty."""

    def __init__(self, site: str = "") -> None:
        self.site, self.link = site, ""
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quotes = 0
        self.preformatted = 0
        self.lists: list[int | None] = []
        self.gap: str | None = None

    def write(self, token: _Token) -> None:
        if token.kind == "text":
            self._say(token.text)
        elif token.name == "br":
            self._end_line(forced=True)
        elif token.name in {"td", "th"}:
            self.words.append(" ")
        elif token.name in BLOCK:
            self._block(token)
        elif token.name == "q":
            self.words.append('"')
        elif token.name == "a" and self.site:
            self._link(token)

    def text(self) -> str:
        self._end_line()
        return "\n".join(self.lines).strip("\n")

    def _say(self, text: str) -> None:
        if not self.preformatted:
            # Not \s: an ideographic space belongs to the words.
            self.words.append(re.sub("[ \t\r\n\f\xa0]+", " ", text))
            return
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.words.append(first)
        for line in rest:
            self._end_line(forced=True)
            self.words.append(line)

    def _block(self, token: _Token) -> None:
        opening = token.kind == "open"
        self._end_line()
        if token.name in SPACED and not (self.lists and token.name in {"ul", "ol", "p"}):
            inner = token.name == "blockquote" and not opening
            self.gap = ">" * max(0, self.quotes - inner)
        if token.name == "blockquote":
            self.quotes = min(max(0, self.quotes + (1 if opening else -1)), 10)
        elif token.name == "pre":
            self.preformatted = max(0, self.preformatted + (1 if opening else -1))
        elif token.name in {"ul", "ol"}:
            if opening and len(self.lists) < MAX_DEPTH:
                self.lists.append(0 if token.name == "ol" else None)
            elif not opening and self.lists:
                self.lists.pop()
        elif token.name == "li" and opening:
            self.words.append(self._bullet())

    def _link(self, token: _Token) -> None:
        if token.kind == "open":
            href = token.attributes.get("href", "")
            address = self.site + href if re.match("/(?!/)", href) else href
            # What shows it as a link ends at a bracket.
            is_web = address.startswith(("http://", "https://"))
            self.link = address.replace("(", "%28").replace(")", "%29") if is_web else ""
        elif self.link:
            if self.words[-1:] != [self.link]:
                self.words.append(f" ({self.link})")
            self.link = ""

    def _bullet(self) -> str:
        number = self.lists[-1] if self.lists else None
        if number is None:
            return "- "
        self.lists[-1] = number + 1
        return f"{number + 1}. "

    def _end_line(self, *, forced: bool = False) -> None:
        line = "".join(self.words)
        if not self.preformatted:
            line = re.sub(" {2,}", " ", line).strip(" ")
        self.words.clear()
        if not line.strip() and not forced:
            return
        if self.gap is not None and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self.gap)
        self.gap = None
        if line.strip() or not self.lines or self.lines[-1].strip("> "):
            marks = ">" * self.quotes + " " * bool(self.quotes and line)
            self.lines.append(marks + line)
