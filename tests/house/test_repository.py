"""Habits of the house that no linter knows."""

import re
import subprocess
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.shared import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT / "templates").parts[0]]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if told.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in told.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_template_compiles(path):
    get_template(name_of(path))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_hold_no_inline_script_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r"<[^>]*\sstyle=", text)
    assert not re.search(r"<[^>]*\son[a-z]+=", text)
    assert not re.search(r"\bhx-on|\bjs:|javascript:", text)


def test_every_setting_of_the_environment_is_explained():
    read = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', (ROOT / "helpdesk/settings.py").read_text()))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read - explained == set()


def test_nothing_speaks_of_one_machine():
    forbidden = re.compile(r"(?<![\w.])/work/|/root/\.|/home/[a-z]+/|extra-index-url|pypi\.org/simple")
    spoken = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked()
        if path.suffix not in {".png", ".svg", ".po"} and path != Path(__file__)
        if (match := forbidden.search(path.read_text(errors="replace")))
    }
    assert not spoken
