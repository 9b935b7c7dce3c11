"""The page where a manager sees what was learned, and has it learned again."""

import pytest

from triage.models import Run

PAGE = "/triage/model/"
ORDER = "/triage/model/runs/"


def test_mona_sees_the_figures_beside_the_baseline(models, mona_client):
    page = mona_client.get(PAGE).content.decode()
    report = models["category"].report
    for share in (report["accuracy"], report["macro_f1"], report["baseline"]["macro_f1"]):
        assert f"{100 * share:.1f}%" in page
    assert "Network › Wi-Fi" in page


def test_what_was_not_measured_is_not_shown(models, mona_client):
    row = models["priority"]
    row.report |= {"accuracy": None, "macro_f1": None, "top3": None, "ece": None, "coverage": None, "precision": None}
    row.report |= {"baseline": dict.fromkeys(row.report["baseline"]), "per_class": [], "judged": 0}
    row.save()
    page = mona_client.get(PAGE).content.decode()
    assert "Too few tickets to hold any back and measure." in page
    assert page.count("Macro-F1") == 1


def test_a_house_without_a_model_says_what_to_do(mona_client):
    assert "No model yet" in mona_client.get(PAGE).content.decode()


@pytest.mark.parametrize("kind", ["train", "reapply"])
def test_mona_orders_a_run_and_watches_it(kind, mona_client, mona):
    response = mona_client.post(ORDER, {"kind": kind}, follow=True)
    run = Run.objects.get()
    assert (run.kind, run.state, run.user) == (kind, "queued", mona)
    assert "every 1s" in response.content.decode()
    Run.objects.update(state="running", share=0.42, stage="category.checking")
    part = mona_client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'value="42"' in part
    Run.objects.update(state="done", outcome={"category": 1})
    assert "every 1s" not in mona_client.get(PAGE, headers={"HX-Request": "true"}).content.decode()


def test_an_unknown_kind_of_work_is_refused(mona_client):
    assert mona_client.post(ORDER, {"kind": "sabotage"}).status_code == 409
    assert not Run.objects.exists()


def test_for_agents_the_page_does_not_exist(alice_client, client):
    assert alice_client.get(PAGE).status_code == 404
    assert alice_client.post(ORDER, {"kind": "train"}).status_code == 404
    assert client.get(PAGE).status_code == 302
