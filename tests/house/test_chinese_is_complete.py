"""Every text of the source stands in the Chinese catalogue, translated and with the same placeholders."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
NOT_SOURCE = {"docs", "locale", "static", "staticfiles", "tests", "var"}
RENEW = (
    "manage.py makemessages -l zh_Hans --no-location --no-wrap --no-obsolete -i .venv -i var -i staticfiles -i tests"
)
GETTEXT = ("xgettext", "msguniq", "msgmerge", "msgattrib")

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%|<[^<>]+>")
# A Latin mark beside a Chinese character, or a space beside a Chinese mark.
ODD_MARK = re.compile(r"[一-鿿][,;:!?](?!\w)|[,;!?][一-鿿]|\s[，。；：！？、]|[，。；：！？、][ \t]")

NAMES_OF_KEYS = {"Enter", "Ctrl", "Esc"}
NAMES_OF_LANGUAGES = {"English", "中文"}
SHOWN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
SHOWN_TO_NOBODY = re.compile(r"{% block (?:body_class|body_attributes|width) %}.*?{% endblock %}", re.S)
IN_BOTH_LANGUAGES = {"500.html"}  # shown when nothing can be asked, not even the reader's language

Key = tuple[str | None, str, str]


def key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What `makemessages` finds in a copy of the source."""
    if absent := [tool for tool in GETTEXT if shutil.which(tool) is None]:
        pytest.skip(f"gettext is not installed: {', '.join(absent)} not found, so the source's texts cannot be listed")
    copy = tmp_path_factory.mktemp("source")
    for room in rooms():
        shutil.copytree(room, copy / room.name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return polib.pofile(str(copy / "locale/zh_Hans/LC_MESSAGES/django.po"))


def rooms() -> list[Path]:
    """The folders that hold source or templates."""
    folders = (path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    return [path for path in folders if path.name not in NOT_SOURCE]


def test_every_text_of_the_source_is_translated(source: polib.POFile, catalogue: polib.POFile) -> None:
    translated = {key(entry) for entry in catalogue if entry.translated()}
    missing = [entry.msgid for entry in source if key(entry) not in translated]
    assert not missing, f"without Chinese; run {RENEW} and translate them"


def test_the_catalogue_holds_nothing_that_the_source_does_not_say(
    source: polib.POFile, catalogue: polib.POFile
) -> None:
    said = {key(entry) for entry in source}
    left_over = [entry.msgid for entry in catalogue if entry.obsolete or key(entry) not in said]
    assert not left_over, f"said nowhere; run {RENEW}"


def test_no_translation_is_a_guess(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 0
    assert [entry.msgid for entry in catalogue if entry.fuzzy or not entry.translated()] == []


def test_translations_keep_placeholders_and_markup(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        said = entry.msgid_plural or entry.msgid
        for translation in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(PLACEHOLDER.findall(translation)) == sorted(PLACEHOLDER.findall(said)), said


def test_translations_use_chinese_punctuation(catalogue: polib.POFile) -> None:
    translations = [text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in translations if ODD_MARK.search(text)] == []


def test_no_text_hides_in_an_f_string() -> None:
    """`xgettext` does not look into them: such a text would stay English and no catalogue would miss it."""
    files = [file for room in rooms() for file in room.rglob("*.py")]
    assert len(files) > 100
    hidden = [f"{file.relative_to(ROOT)}:{line}" for file in files for line in _hidden_texts(file)]
    assert hidden == []


def _hidden_texts(file: Path) -> Iterator[int]:
    for string in ast.walk(ast.parse(file.read_text())):
        if isinstance(string, ast.JoinedStr):
            for call in ast.walk(string):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "gettext", "pgettext", "ngettext"):
                    yield call.lineno


class Shown(HTMLParser):
    """Collects what a reader sees or hears: text and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]


def test_templates_say_nothing_that_cannot_be_translated() -> None:
    files = [file for file in (ROOT / "templates").rglob("*") if file.suffix in (".html", ".txt")]
    assert len(files) > 50
    for file in files:
        if file.name not in IN_BOTH_LANGUAGES:
            bare = set(re.findall(r"[^\W\d_]{2,}", _bare_text(file))) - NAMES_OF_KEYS - NAMES_OF_LANGUAGES
            assert not bare, f"{file.relative_to(ROOT)}: wrap these words in trans or blocktrans"


def _bare_text(file: Path) -> str:
    """What stands in a template outside all its tags."""
    markup, is_translated = [], False
    for token in Lexer(SHOWN_TO_NOBODY.sub("", file.read_text())).tokenize():
        if token.token_type == TokenType.BLOCK and "blocktrans" in token.contents.split()[0]:
            is_translated = not token.contents.startswith("end")
        elif token.token_type == TokenType.TEXT and not is_translated:
            markup.append(token.contents)
    shown = Shown()
    shown.feed("".join(markup))
    shown.close()
    return " ".join(shown.texts)
