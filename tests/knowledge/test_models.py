"""Articles, their versions and revisions: what the verbs keep and what they refuse."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from knowledge.choices import Language, State
from knowledge.difference import difference
from knowledge.helpfulness import Helpfulness, helpfulness
from knowledge.models import Article, Feedback, Section, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db) -> Section:
    return Section.objects.create(slug="network", name_en="Network", name_zh="网络")


@pytest.fixture
def article(section) -> Article:
    return Article.objects.create(section=section, slug="drops")


def test_writing_keeps_the_words_their_html_and_a_revision(article, alice):
    version = Version.write(article, "en", title="  Wi-Fi\n drops ", body="\r\n\r\n**Unplug** it.\r\n\r\n", by=alice)
    assert (version.title, version.body) == ("Wi-Fi drops", "**Unplug** it.")
    assert version.html == "<p><strong>Unplug</strong> it.</p>\n"
    assert [(each.number, each.body, each.user) for each in version.revisions.all()] == [(1, "**Unplug** it.", alice)]


def test_the_same_words_again_change_nothing(article, alice, bob):
    first = Version.write(article, "en", title="Drops", body="Unplug it.", by=alice)
    again = Version.write(article, "en", title="Drops", body="Unplug it.\n", by=bob)
    assert again.pk == first.pk
    assert again.updated_at == first.updated_at
    assert again.revisions.count() == 1


def test_each_language_has_its_own_words_and_revisions(article):
    for body in ("Unplug it.", "Unplug it and wait."):
        english = Version.write(article, "en", title="Drops", body=body)
    chinese = Version.write(article, "zh-hans", title="掉线", body="拔掉电源。")
    assert english.revisions.count() == 2
    assert chinese.revisions.count() == 1


def test_what_the_database_cannot_store_is_left_out(article):
    version = Version.write(article, "en", title="Dr\x00ops\ud800", body="Un\x00plug \udfff it.")
    version.refresh_from_db()
    assert (version.title, version.body) == ("Drops", "Unplug  it.")


def test_the_indent_of_a_first_line_that_is_code_stays(article):
    assert (
        Version.write(article, "en", title="Code", body="\n    ipconfig\n").html
        == "<pre><code>ipconfig\n</code></pre>\n"
    )


def test_no_third_language_can_be_written(article):
    with pytest.raises(ValueError, match="fr"):
        Version.write(article, "fr", title="Non", body="Non.")


def test_strangers_and_those_who_left_read_what_is_published_and_no_more(section, alice):
    for state in State:
        Article.objects.create(section=section, slug=state, state=state)
    assert Article.objects.visible_to(alice).count() == 3
    alice.is_active = False
    for viewer in (None, AnonymousUser(), alice):
        assert [each.slug for each in Article.objects.visible_to(viewer)] == ["published"]


def test_an_article_was_published_when_it_was_first(article):
    article.set_state(State.PUBLISHED)
    first = article.published_at
    article.set_state(State.DRAFT)
    article.set_state(State.PUBLISHED)
    assert article.published_at == first
    with pytest.raises(ValueError, match="burnt"):
        article.set_state("burnt")


def test_agents_write_and_managers_publish(article, alice, mona, ada):
    assert article.states_for(alice) == [State.DRAFT, State.INTERNAL]
    assert article.states_for(mona) == article.states_for(ada) == list(State)
    article.set_state(State.PUBLISHED)
    assert article.states_for(alice) == [State.PUBLISHED]


def test_an_article_speaks_the_readers_language_if_it_can(article):
    assert article.version_in("en") is None
    Version.write(article, "zh-hans", title="掉线", body="拔掉电源。")
    assert article.version_in("en").title == "掉线"
    Version.write(article, "en", title="Drops", body="Unplug it.")
    assert article.version_in("en").title == "Drops"


def test_articles_stand_section_by_section(section):
    other = Section.objects.create(slug="bills", name_en="Bills")
    for slug, shelf, position in [("d", other, 0), ("b", section, 1), ("c", other, 0), ("a", section, 0)]:
        Article.objects.create(slug=slug, section=shelf, position=position)
    assert [each.slug for each in Article.objects.all()] == ["a", "b", "d", "c"]


def test_the_helpful_share_is_over_both_languages_in_one_statement(article, section, django_assert_num_queries):
    for language, votes in (("en", [True, True, False]), ("zh-hans", [True])):
        version = Version.write(article, language, title="Drops", body="Unplug it.")
        Feedback.objects.bulk_create(
            Feedback(version=version, reader=str(n), is_helpful=vote) for n, vote in enumerate(votes)
        )
    silent = Article.objects.create(section=section, slug="silent")
    with django_assert_num_queries(1):
        found = helpfulness([article.pk, silent.pk])
    assert found == {article.pk: Helpfulness(helpful=3, votes=4)}
    assert (found[article.pk].percent, found[article.pk].is_small) == (75, True)
    assert not Helpfulness(helpful=15, votes=20).is_small
    assert Helpfulness().percent is None


def test_a_reader_votes_once(article):
    version = Version.write(article, "en", title="Drops", body="Unplug it.")
    version.feedback.create(reader="r", is_helpful=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.feedback.create(reader="r", is_helpful=False)


def test_languages_are_found_by_the_word_in_addresses():
    assert [Language.from_short(each.short) for each in Language] == list(Language)
    with pytest.raises(ValueError, match="fr"):
        Language.from_short("fr")


# --- What changed between two texts


def shown(old: str, new: str) -> list[str]:
    """Each line as a mark and its words; within a changed one, [-old-] and {+new+}."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    lines = []
    for line in difference(old, new):
        words = "".join(marks[piece.kind].format(piece.text) for piece in line.pieces)
        lines.append(f"… {line.count}" if line.kind == "skipped" else words)
    return lines


def test_a_changed_word_is_marked_within_its_line():
    assert shown("Wait ten seconds.", "Wait sixty seconds.") == ["Wait [-ten-]{+sixty+} seconds."]
    assert shown("等十秒再插上", "等六十秒再插上") == ["等{+六+}十秒再插上"]


def test_words_that_changed_side_by_side_are_one_change():
    assert shown("Wait for ten long seconds.", "Wait for one minute.") == [
        "Wait for [-ten long seconds-]{+one minute+}."
    ]


def test_lines_come_go_and_are_rewritten():
    assert shown("a\nb", "a\nb\nc") == ["a", "b", "{+c+}"]
    assert shown("a\nb", "b") == ["[-a-]", "b"]
    assert shown("Unplug it.", "完全不同的内容") == ["[-Unplug it.-]", "{+完全不同的内容+}"]
    assert shown("", "a") == ["{+a+}"]


def test_what_stayed_is_skipped_but_for_its_edges():
    old = "\n".join(map(str, range(10, 20)))
    assert shown(old, f"{old}\nend") == ["… 8", "18", "19", "{+end+}"]
    assert shown(f"one\n{old}", f"two\n{old}")[2:] == ["10", "11", "… 8"]
    assert shown(old, old) == ["… 10"]


def test_two_very_long_texts_are_told_apart_without_comparing_each_line():
    lines = difference("a\n" * 3_000, "b\n" * 3_000)
    assert {line.kind for line in lines} == {"removed", "added"}
    assert len(lines) == 6_000
