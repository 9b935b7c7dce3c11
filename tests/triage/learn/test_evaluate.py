import csv
import gzip
import json

import pytest

from tests.triage.learn.toy import desk
from triage.learn.__main__ import main
from triage.learn.base import Example
from triage.learn.rows import RowsUnreadable, examples

KEYS = {"accuracy", "macro_f1", "top3", "ece", "auto_share", "auto_precision"}
KEYS |= {"fit_s", "p50_ms", "p95_ms", "model_mb", "classifier"}


def write_json(path, rows):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({"subject": row.title, "text": row.body, "kind": row.label}) + "\n")
    return str(path)


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["subject", "text", "kind"])
        writer.writerows([row.title, row.body, row.label] for row in rows)
    return str(path)


def test_a_model_is_trained_and_scored_and_the_last_line_is_json(tmp_path, capsys):
    train = write_json(tmp_path / "train.jsonl.gz", desk(each=12))
    dev = write_csv(tmp_path / "dev.csv", desk(each=5, seed=9))

    assert main(["evaluate", "--train", train, "--dev", dev, "--text", "subject,text", "--label", "kind"]) == 0

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(said) >= KEYS
    assert (said["rows"], said["classifier"], said["file"]) == (20, "svm", "dev.csv")
    assert said["accuracy"] > 0.9
    assert said["p50_ms"] > 0


def test_without_a_second_file_the_figures_are_of_held_out_rows(tmp_path, capsys):
    train = write_csv(tmp_path / "train.csv", desk(each=6))

    main(
        [
            "evaluate",
            "--train",
            train,
            "--text",
            "text",
            "--label",
            "kind",
            "--classifier",
            "founding",
            "--json",
        ]
    )

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["rows"] == 24


def test_dev_and_test_give_a_line_each_and_the_test_comes_last(tmp_path, capsys):
    file = write_json(tmp_path / "train.jsonl", desk(each=6))
    test = write_json(tmp_path / "test.jsonl", desk(each=1, seed=4))

    main(
        [
            "evaluate",
            "--train",
            file,
            "--dev",
            file,
            "--test",
            test,
            "--text",
            "subject",
            "--label",
            "kind",
            "--json",
        ]
    )

    assert [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()] == [
        "train.jsonl",
        "test.jsonl",
    ]


@pytest.mark.parametrize("label", ["kind", "sort"])
def test_what_is_wrong_is_said_in_a_sentence(tmp_path, capsys, label):
    file = write_json(tmp_path / "train.jsonl", desk(each=1))

    assert main(["evaluate", "--train", file, "--text", "subject,text", "--label", label]) == 1
    assert capsys.readouterr().err.startswith("Error: ")


def test_the_first_column_is_the_title_and_the_others_are_the_body(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("a\tb\tc\ty\none\ttwo\tthree\tyes\nno\tlabel\there\t\n")

    assert examples(path, ["a", "b", "c"], "y") == [Example("one", "two\nthree", "yes")]
    assert examples(path, ["b"], "y") == [Example("", "two", "yes")]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_a_file_that_is_not_what_it_says_names_itself(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff not json\n")

    with pytest.raises(RowsUnreadable, match=name):
        examples(tmp_path / name, ["a"], "b")
