"""The public mail corpus: our figures against its expectations, and the rules for its hostile mails."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from channels.mime import Mail, parse
from common.html import clean
from tests.shared import ROOT, shared_path

# Right answers in per cent. One of seven attachment lists holds names its source made from a hash: 6 of 7.
FLOORS = {
    "subject": 98,
    "from": 100,
    "body_contains": 97,
    "attachments": 95,
    "attachment_names": 85,
    "is_bounce": 97,
    "is_dsn": 100,
    "dsn_status": 97,
    "is_feedback_report": 100,
    "is_auto_reply": 95,
    "reply_text": 85,
    "html_must_not_match": 100,
    "no_nul_or_surrogate": 100,
}
OURS = {"support@example.com"}


@pytest.fixture(scope="module")
def corpus() -> Path:
    return shared_path("data/mail")


@pytest.fixture(scope="module")
def expectations(corpus: Path) -> list[dict]:
    return [json.loads(line) for line in (corpus / "expectations.jsonl").read_text("utf-8").splitlines()]


def hostile(corpus: Path, name: str) -> Mail:
    return parse((corpus / "synthetic" / f"{name}.eml").read_bytes(), own_addresses=OURS)


def test_the_score_reaches_its_floors(corpus, tmp_path):
    report = tmp_path / "report.json"
    adapter = ROOT / "tests" / "channels" / "score_adapter.py"
    subprocess.run(
        [sys.executable, corpus / "score.py", "--adapter", f"{adapter}:read", "--json", report],
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
    score = json.loads(report.read_text())
    assert (score["crashes"], score["hangs"], score["too_slow"]) == (0, 0, 0)
    missed = {name: score["fields"][name] for name, floor in FLOORS.items() if score["fields"][name][2] < floor}
    assert missed == {}


def test_no_answer_goes_where_none_may_go(corpus, expectations):
    forbidden = [entry["file"] for entry in expectations if entry.get("must_not_autoreply")]
    wrong = [name for name in forbidden if parse((corpus / name).read_bytes(), own_addresses=OURS).may_answer]
    assert forbidden
    assert wrong == []


def test_a_reply_is_never_empty_when_there_are_words(corpus, expectations):
    mails = (parse((corpus / entry["file"]).read_bytes()) for entry in expectations if entry["input"] == "mime")
    assert [mail.subject for mail in mails if mail.text.strip() and not mail.reply_text] == []


def test_no_shown_name_holds_a_path_or_a_hidden_character(corpus):
    for number in range(9):
        (part,) = hostile(corpus, f"att-name-{number:02}").attachments
        assert not re.search("[/\\\\\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", part.name)
        assert part.shown_name


def test_hidden_words_are_not_read(corpus):
    mail = hostile(corpus, "html-hidden-prompt")
    assert mail.text == "Refund please"
    assert "Ignore" not in clean(mail.html)


def test_nothing_is_fetched_from_elsewhere(corpus):
    for name in ("html-tracking-pixel", "html-cid-missing"):
        assert not re.search("<img|src=|url\\(", clean(hostile(corpus, name).html))


@pytest.mark.parametrize("name", ["from-parse-trick-2", "from-missing", "two-from-addresses", "duplicate-headers"])
def test_a_sender_in_doubt_is_flagged(corpus, name):
    assert any(code.startswith("from_") for code in hostile(corpus, name).problems)


def test_identity_is_never_reply_to(corpus):
    mail = hostile(corpus, "reply-to-hijack")
    assert mail.reply_to
    assert mail.from_address not in mail.reply_to


def test_templates_are_only_words(corpus):
    assert "{{ 7*7 }}" in hostile(corpus, "template-injection").text


def test_limits_hold(corpus):
    assert len(hostile(corpus, "huge-references").references) <= 50
    assert len(hostile(corpus, "huge-subject").subject) <= 2_000
    assert len(hostile(corpus, "message-id-4k").message_id) <= 250
    assert len(hostile(corpus, "many-parts").attachments) <= 500
