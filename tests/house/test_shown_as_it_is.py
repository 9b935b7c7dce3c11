"""Every place that shows HTML without escaping it, each reviewed; a new one has to be added here on purpose."""

import re

import pytest
from django.template.loader import get_template

from tests.shared import ROOT

# Bodies cleaned by `common.html`, or `knowledge.markdown`, on their way in or just before.
IN_TEMPLATES = {
    ("channels/set_aside.html", "shown_html"),
    ("demo/mailbox.html", "sent.shown_html"),
    ("help/_reading.html", "version.html"),
    ("help/article.html", "version.html"),
    ("knowledge/_preview.html", "html"),
    ("mail/reply.html", "words"),
    ("tickets/_entry.html", "message.html"),
}
# An icon of the package's own files; a cleaned body; parts that were escaped one by one.
IN_CODE = {"common/templatetags/icons.py", "tickets/search.py", "tickets/templatetags/portal.py"}
ROOMS = ("common", "people", "knowledge", "tickets", "channels", "triage", "analytics", "demo", "helpdesk")
LETTERS = sorted((ROOT / "templates").rglob("*.txt"))


def test_templates_show_only_cleaned_bodies_as_they_are():
    found = {
        (str(path.relative_to(ROOT / "templates")), expression)
        for path in (ROOT / "templates").rglob("*.html")
        for expression in re.findall(r"{{\s*([^}|\s]+)[^}]*\|\s*safe(?:seq)?\b", path.read_text())
    }
    assert found == IN_TEMPLATES


def test_code_vouches_for_html_only_where_it_was_reviewed():
    vouching = re.compile(r"\b(?:mark_safe|SafeString|SafeText)\((?!\))|__html__|is_safe\s*=\s*True")
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert {str(path.relative_to(ROOT)) for path in files if vouching.search(path.read_text())} == IN_CODE


def test_only_plain_letters_are_written_without_escaping():
    without = {path.suffix for path in (ROOT / "templates").rglob("*.*") if "autoescape off" in path.read_text()}
    assert without <= {".txt"}


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_every_plain_letter_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


def test_every_variable_that_is_explained_is_read():
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    readers = [ROOT / "Procfile", *(ROOT / "helpdesk").glob("*.py")]
    words = set(re.findall(r"[A-Z][A-Z_]+", "\n".join(path.read_text() for path in readers)))
    assert explained - words == set()


def test_every_variable_of_the_processes_is_explained():
    read = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "Procfile").read_text()))
    assert read <= set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
