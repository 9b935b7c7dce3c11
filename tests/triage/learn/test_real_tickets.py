"""On real tickets: the classifier we ship must leave the founding recipe far behind."""

import pytest
from sklearn.metrics import f1_score

from tests.shared import shared_path
from triage.learn.base import classifiers
from triage.learn.rows import examples
from triage.learn.trial import fit


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "texts", "label"),
    [("endava_tickets", ["title", "body"], "category"), ("banking77", ["text"], "label")],
)
def test_it_beats_the_founding_recipe_by_eight_points_of_macro_f1(data, texts, label):
    learned, asked = (examples(shared_path(f"data/{data}/{part}.jsonl.gz"), texts, label) for part in ("train", "dev"))
    scores = {}
    for name in ("founding", "svm"):
        _, pipeline = fit(classifiers[name], learned, random_state=0)
        guesses = pipeline.predict([(row.title, row.body) for row in asked])
        scores[name] = f1_score([row.label for row in asked], guesses, average="macro")

    assert scores["svm"] - scores["founding"] >= 0.08
