"""Markdown by whoever: what comes out is safe to show, whatever went in, and comes in time linear in it."""

import json
import re
import time
from html.parser import HTMLParser

import pytest

from common import html
from knowledge.markdown import MAX_REFERENCE, rendered
from tests.shared import shared_path

ALIVE = re.compile(r"^\s*(?:javascript|vbscript|data|file):", re.I)
ALLOWED = html.KEPT | {"img"}


class Reader(HTMLParser):
    """Every tag and attribute a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def assert_harmless(text: str) -> None:
    for tag, attributes in Reader(text).seen:
        assert tag in ALLOWED
        assert set(attributes) <= {"href", "title", "rel", "src", "alt", "tabindex", "colspan", "rowspan", "start"}
        assert not ALIVE.match(attributes.get("href") or "")
        assert re.fullmatch(r"/help/images/[\w-]+/", attributes.get("src") or "/help/images/none/")


def test_what_writers_need_comes_out():
    made = rendered(
        "# Router\n\n**Unplug** it:\n\n1. now\n\n|a|b|\n|-|-|\n|1|2|\n\n~~not~~ [here](https://example.com/)"
    )
    for part in ["<strong>Unplug</strong>", "<ol>", "<td>1</td>", "<s>not</s>", 'href="https://example.com/"']:
        assert part in made


def test_headings_begin_below_the_title_of_the_page():
    assert rendered("# One\n\n## Two\n\n###### Six") == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n"


def test_our_own_image_is_shown():
    assert '<img src="/help/images/Ab_-9/" alt="the back">' in rendered("![the back](/help/images/Ab_-9/)")


@pytest.mark.parametrize(
    "source", ["https://evil.example/pixel.png", "http://evil.example/p", "//evil.example/p", "HTTPS://evil.example/p"]
)
def test_an_image_from_elsewhere_is_not_loaded(source):
    made = rendered(f"![look]({source})")
    assert "<img" not in made
    assert "look" in made


def test_an_image_from_elsewhere_becomes_a_link_to_it():
    assert 'href="https://other.example/a.png"' in rendered("![](https://other.example/a.png)")
    assert ">https://other.example/a.png</a>" in rendered("![](https://other.example/a.png)")


def test_an_image_within_a_link_leaves_one_link():
    made = rendered("[![logo](https://other.example/a.png)](https://example.com/)")
    assert [attributes["href"] for tag, attributes in Reader(made).seen if tag == "a"] == ["https://example.com/"]


@pytest.mark.parametrize(
    "source",
    ["/static/img/icon.svg", "/help/images/../../inbox/", "/help/images/a/?x=1", "data:image/png;base64,AAAA", "x.png",
     "/help/images/%2e%2e/", "\\\\evil.example\\x.png"],
)  # fmt: skip
def test_no_other_address_of_ours_poses_as_an_image(source):
    assert "<img" not in rendered(f"![a]({source})")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,AAAA)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '![a"onerror="alert(1)](/help/images/a/ "b\\"onerror=\\"alert(1)")',
        '[a](https://example.com/"onclick="alert(1))',
        "`<script>`\n\n```\n</code></pre><script>alert(1)</script>\n```",
        "| <script> | onerror= |\n|--|--|\n| <iframe src=//x> | [x](javascript:1) |",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>*{color:red}</style><form action=//x><input name=q>",
        "\x00<scr\x00ipt>alert(1)</script>",
    ],
)
def test_nothing_comes_out_alive(text):
    assert_harmless(rendered(text))


def test_a_lone_surrogate_and_nul_do_not_break_it():
    assert "before" in rendered(
        "before \ud800 \x00 after".encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    assert "before" in rendered("before \x00 after")


def test_the_naughty_strings_come_out_harmless():
    for text in json.loads(shared_path("data/naughty/blns.json").read_text()):
        for form in (text, f"[{text}]({text})", f"![{text}]({text})", f"| {text} |\n|-|\n| {text} |"):
            assert_harmless(rendered(form))


HOSTILE = {
    "stars": lambda n: "*" * (n // 2) + "a" + "*" * (n // 2),
    "stars in words": lambda n: "a**b" * (n // 4),
    "brackets": lambda n: "[" * n,
    "images": lambda n: "![" * (n // 2),
    "links in links": lambda n: "[" * (n // 2) + "]("*(n // 4),
    "ticks": lambda n: "".join("`" * i + " " for i in range(int((2 * n) ** 0.5))),
    "quotes": lambda n: ">" * n,
    "quoted lines": lambda n: ">>>>>>>>>>>>>>>>>>>>a\n" + "a\n" * (n // 2),
    "lists": lambda n: "- " * (n // 2),
    "pipes": lambda n: "|" * n + "\n" + "|-" * (n // 2) + "\n",
    "a long reference, often": lambda n: "[a]: " + "u" * (n // 2) + "\n\n" + "[a]" * (n // 6),
    "a long title, often": lambda n: "[a]: /u '" + "t" * (n // 2) + "'\n\n" + "[a]" * (n // 6),
    "references": lambda n: "".join(f"[a{i}]: u\n" for i in range(n // 8)),
    "headings": lambda n: "#\n" * (n // 2),
    "entities": lambda n: "&#x;" * (n // 4),
    "others' images": lambda n: "![a](//b/c)" * (n // 11),
    "unfinished links": lambda n: "[a](<b" * (n // 6),
}  # fmt: skip


def wide_table(length: int) -> str:
    """The parser fills up rows, but only so many of them: large at once, and then no larger."""
    return "|" + "a|" * 50 + "\n|" + "-|" * 50 + "\n" + "|x|\n" * (length // 4)


@pytest.mark.parametrize("shape", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion(shape):
    """Ten times the text, ten times the time; the square of it would be a hundred times."""
    make = HOSTILE[shape]
    rendered(make(500))
    short, _ = measured(make(3_000))
    long, made = measured(make(30_000))
    assert long < max(35 * short, 0.5)
    assert len(made) < 1_000_000


def test_the_longest_article_is_made_in_bounded_time():
    text = "\n\n".join(make(100_000 // (len(HOSTILE) + 1)) for make in [*HOSTILE.values(), wide_table])
    seconds, made = measured(text)
    assert len(text) > 90_000
    assert seconds < 30
    assert len(made) < 3_000_000


def test_a_reference_of_usual_length_works():
    assert 'href="https://example.com/"' in rendered("[a][1]\n\n[1]: https://example.com/")
    assert "<a" not in rendered(f"[a][1]\n\n[1]: /{'u' * MAX_REFERENCE}")


def measured(text: str) -> tuple[float, str]:
    """Seconds of CPU, the least of three tries because others share the machine, and what came out."""
    spent: list[float] = []
    for _ in range(3):
        began = time.process_time()
        made = rendered(text)
        spent.append(time.process_time() - began)
    return min(spent), made
