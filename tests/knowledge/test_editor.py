"""The desk's pages about articles: find them, write them, publish them, and lose nobody's words."""

import re

import pytest
from django.test import Client

from knowledge.choices import State
from knowledge.models import Article, Revision, Section, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db) -> Section:
    return Section.objects.create(slug="network", name_en="Network", name_zh="网络")


@pytest.fixture
def article(section, alice) -> Article:
    """Alice's draft in English and Chinese, one revision each."""
    article = Article.objects.create(section=section, slug="drops", author=alice)
    Version.write(article, "en", title="Wi-Fi drops", body="Unplug it.", by=alice)
    Version.write(article, "zh-hans", title="无线掉线", body="拔掉电源。", by=alice)
    return article


EDIT = "/knowledge/articles/drops/"


def sent(client: Client, path: str = EDIT, **changed: object):
    """The form as a browser sends it: what it was given, with what the writer changed (`en_title` for `en-title`)."""
    page = client.get(path).content.decode()
    words = {
        name: value for name, value in _fields(page) if not re.search("csrf|tab|theme|presence|language|next", name)
    }
    words |= {name.replace("_", "-", 1) if name[2:3] == "_" else name: value for name, value in changed.items()}
    return client.post(path, words)


def _fields(page: str):
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[tuple[str, str]] = []
            self.inside: tuple[str, str] | None = None

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if "disabled" in given:
                return
            if tag == "input" and given.get("name") and given.get("type") not in ("file", "radio"):
                self.found.append((given["name"], given.get("value") or ""))
            elif tag in ("textarea", "select"):
                self.inside = (tag, given["name"])
                if tag == "textarea":
                    self.found.append((given["name"], ""))
            elif tag == "option" and "selected" in given and self.inside:
                self.found.append((self.inside[1], given["value"]))

        def handle_data(self, data):
            if self.inside and self.inside[0] == "textarea":
                name, known = self.found.pop()
                self.found.append((name, known + data))

        def handle_endtag(self, tag):
            if tag in ("textarea", "select"):
                self.inside = None

    form = Form()
    form.feed(page[page.index('id="editor"') :])
    return [(name, value.removeprefix("\n")) for name, value in form.found]


def words_of(article: Article, language: str = "en") -> tuple[str, str]:
    version = article.versions.get(language=language)
    return version.title, version.body


# --- Writing


def test_alice_writes_an_article_in_one_language(alice, alice_client, section):
    answer = sent(alice_client, "/knowledge/new/", en_title="No light at all", en_body="Press the **button**.")
    article = Article.objects.get()
    assert answer["Location"] == "/knowledge/articles/no-light-at-all/"
    assert (article.state, article.author, article.section) == (State.DRAFT, alice, section)
    assert words_of(article) == ("No light at all", "Press the **button**.")
    assert not article.versions.filter(language="zh-hans").exists()


def test_a_chinese_title_has_an_address_too(alice_client, section):
    sent(alice_client, "/knowledge/new/", zh_title="没有灯亮", zh_body="请按下按钮。")
    assert re.fullmatch(r"article-[0-9a-f]{8}", Article.objects.get().slug)


@pytest.mark.parametrize(
    "words", [{"en_title": "No light", "en_body": "Press."}, {"zh_title": "没有灯", "zh_body": "按。"}]
)
def test_a_form_sent_twice_makes_one_article(words, alice_client, section):
    assert sent(alice_client, "/knowledge/new/", **words).status_code == 302
    again = sent(alice_client, "/knowledge/new/", **words)
    assert again.status_code == 422
    assert "Another article has this address" in again.content.decode()
    assert Article.objects.count() == 1


def test_the_new_article_stands_in_the_section_it_was_begun_from(alice_client, section):
    bills = Section.objects.create(slug="bills", name_en="Bills")
    sent(alice_client, "/knowledge/new/?section=bills", en_title="Refund", en_body="Ask.")
    assert Article.objects.get().section == bills


def test_an_article_without_words_is_refused_in_words(alice_client, section):
    answer = sent(alice_client, "/knowledge/new/")
    assert answer.status_code == 422
    assert "in at least one language" in answer.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"en_title": "", "en_body": "Unplug."}, "Give it a title."),
        ({"en_title": "Drops", "en_body": " "}, "The text is empty."),
        ({"en_title": "", "en_body": ""}, "Title and text are gone."),
        ({"en_title": "D" * 201, "en_body": "Unplug."}, "at most 200 characters"),
        ({"en_body": "x" * 100_001}, "at most 100000 characters"),
    ],
)
def test_a_fault_is_said_and_no_word_is_lost(words, sentence, alice_client, article):
    answer = sent(alice_client, zh_body="拔掉电源，等十秒。", **words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "拔掉电源，等十秒。" in page
    assert words_of(article) == ("Wi-Fi drops", "Unplug it.")
    assert words_of(article, "zh-hans") == ("无线掉线", "拔掉电源。")


def test_a_saving_that_changes_nothing_writes_no_revision(bob_client, article):
    assert sent(bob_client).status_code == 302
    assert Revision.objects.count() == 2


def test_bob_edits_what_alice_wrote_and_is_named(bob, bob_client, article):
    sent(bob_client, en_body="Unplug it.\r\nWait ten seconds.")
    newest = article.versions.get(language="en").revisions.first()
    assert (newest.number, newest.user, newest.body) == (2, bob, "Unplug it.\nWait ten seconds.")
    assert article.versions.get(language="zh-hans").revisions.count() == 1


def test_place_section_and_address_are_kept(bob_client, article):
    bills = Section.objects.create(slug="bills", name_en="Bills")
    answer = sent(bob_client, section=bills.pk, slug="wifi-drops", position=7)
    article.refresh_from_db()
    assert (article.section, article.slug, article.position) == (bills, "wifi-drops", 7)
    assert answer["Location"] == "/knowledge/articles/wifi-drops/"


def test_the_address_of_another_article_is_refused(bob_client, article, section):
    Article.objects.create(section=section, slug="taken")
    assert sent(bob_client, slug="taken").status_code == 422
    article.refresh_from_db()
    assert article.slug == "drops"


def test_hostile_words_come_back_as_words(alice_client, article):
    sent(alice_client, en_title="<script>alert(1)</script>", en_body="</textarea><img src=x onerror=alert(1)>")
    for path in (EDIT, "/knowledge/", f"{EDIT}en/"):
        page = alice_client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# --- Who may read it


def test_agents_move_an_article_between_draft_and_internal(alice_client, article):
    sent(alice_client, state="internal")
    article.refresh_from_db()
    assert article.state == State.INTERNAL


def test_an_agent_cannot_publish_and_is_told_who_can(alice_client, article):
    page = alice_client.get(EDIT).content.decode()
    assert "Only managers and administrators publish and withdraw." in page
    assert '<option value="published"' not in page
    assert sent(alice_client, state="published", en_body="Unplug it now.").status_code == 422
    article.refresh_from_db()
    assert article.state == State.DRAFT
    assert words_of(article) == ("Wi-Fi drops", "Unplug it.")


def test_an_agent_cannot_withdraw_but_mends_what_is_published(alice_client, article):
    article.set_state(State.PUBLISHED)
    sent(alice_client, state="draft", en_body="Unplug it now.")
    article.refresh_from_db()
    assert article.state == State.PUBLISHED
    assert words_of(article) == ("Wi-Fi drops", "Unplug it now.")


@pytest.mark.parametrize("who", ["mona_client", "ada_client"])
def test_managers_and_administrators_publish_and_withdraw(who, request, article):
    client = request.getfixturevalue(who)
    sent(client, state="published")
    article.refresh_from_db()
    assert article.state == State.PUBLISHED
    assert article.published_at
    sent(client, state="draft")
    article.refresh_from_db()
    assert article.state == State.DRAFT


def test_what_mona_published_meanwhile_stays_published(alice_client, mona_client, article):
    """Alice's form still says draft, but she did not choose it."""
    given = dict(_fields(alice_client.get(EDIT).content.decode()))
    sent(mona_client, state="published")
    alice_client.post(EDIT, given | {"en-body": "Unplug it now."})
    article.refresh_from_db()
    assert article.state == State.PUBLISHED
    assert words_of(article)[1] == "Unplug it now."


def test_the_address_is_fixed_once_others_may_link_to_it(mona_client, article):
    sent(mona_client, state="published")
    sent(mona_client, slug="elsewhere")
    article.refresh_from_db()
    assert article.slug == "drops"


# --- Two writers


def test_who_saves_second_sees_both_texts_and_loses_none(alice_client, bob_client, article):
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, en_body="Unplug it for ten seconds.")
    answer = bob_client.post(EDIT, given | {"en-body": "Unplug it for a minute.", "state": "internal"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice saved the English text while you were writing." in page
    assert "Unplug it for a minute.</textarea>" in page
    assert re.search(r"Unplug it for <del>ten seconds</del><ins>a minute</ins>", page)
    assert words_of(article) == ("Wi-Fi drops", "Unplug it for ten seconds.")
    article.refresh_from_db()
    assert article.state == State.DRAFT


def test_having_seen_theirs_the_second_writer_may_save(alice_client, bob_client, article):
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, en_body="Unplug it for ten seconds.")
    conflict = bob_client.post(EDIT, given | {"en-body": "Unplug it for a minute."})
    shown = dict(_fields(conflict.content.decode()))
    assert bob_client.post(EDIT, shown).status_code == 302
    revisions = article.versions.get(language="en").revisions
    assert [each.body for each in revisions.all()] == [
        "Unplug it for a minute.",
        "Unplug it for ten seconds.",
        "Unplug it.",
    ]


def test_a_third_writer_between_is_seen_as_well(alice_client, bob_client, charlie_client, article):
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, en_body="Alice's words.")
    shown = dict(_fields(bob_client.post(EDIT, given | {"en-body": "Bob's words."}).content.decode()))
    sent(charlie_client, en_body="Charlie's words.")
    again = bob_client.post(EDIT, shown)
    assert again.status_code == 409
    assert "Charlie saved the English text" in again.content.decode()


def test_writers_of_different_languages_do_not_meet(alice_client, bob_client, article):
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, en_body="Unplug it for ten seconds.")
    assert bob_client.post(EDIT, given | {"zh-body": "拔掉电源，等十秒。"}).status_code == 302
    assert words_of(article)[1] == "Unplug it for ten seconds."
    assert words_of(article, "zh-hans")[1] == "拔掉电源，等十秒。"


def test_two_who_wrote_the_same_agree(alice_client, bob_client, article):
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, en_body="Unplug it for ten seconds.")
    assert bob_client.post(EDIT, given | {"en-body": "Unplug it for ten seconds."}).status_code == 302
    assert article.versions.get(language="en").revisions.count() == 2


def test_two_who_begin_the_same_translation_meet(alice_client, bob_client, section):
    article = Article.objects.create(section=section, slug="drops")
    Version.write(article, "en", title="Drops", body="Unplug it.")
    given = dict(_fields(bob_client.get(EDIT).content.decode()))
    sent(alice_client, zh_title="掉线", zh_body="拔掉电源。")
    answer = bob_client.post(EDIT, given | {"zh-title": "断线", "zh-body": "拔下电源。"})
    assert answer.status_code == 409
    assert words_of(article, "zh-hans") == ("掉线", "拔掉电源。")


# --- Revisions


def test_revisions_show_what_changed_and_by_whom(alice_client, bob_client, article):
    sent(bob_client, en_title="Wi-Fi drops often", en_body="Unplug it now.")
    page = alice_client.get(f"{EDIT}en/").content.decode()
    assert re.search(r"<del>Wi-Fi drops</del> <ins>Wi-Fi drops often</ins>", page)
    assert "Unplug it<ins> now</ins>." in page
    assert "2 · Bob" in page
    assert "Restore this" not in page


def test_an_old_revision_is_restored_as_a_new_one(alice, alice_client, bob_client, article):
    sent(bob_client, en_title="Nonsense", en_body="Shake it.")
    assert "Restore this" in alice_client.get(f"{EDIT}en/?number=1").content.decode()
    alice_client.post(f"{EDIT}en/1/restore/")
    version = article.versions.get(language="en")
    assert (version.title, version.body, version.html) == ("Wi-Fi drops", "Unplug it.", "<p>Unplug it.</p>\n")
    assert [(each.number, each.title) for each in version.revisions.all()] == [
        (3, "Wi-Fi drops"),
        (2, "Nonsense"),
        (1, "Wi-Fi drops"),
    ]
    assert version.revisions.first().user == alice


@pytest.mark.parametrize("path", ["fr/", "zh/9/", "en/?number=99"])
def test_what_was_never_written_is_missing(path, alice_client, article):
    assert alice_client.get(f"{EDIT}{path}").status_code == 404


@pytest.mark.parametrize("number", ["x", "-1", "²", "9" * 40, ""])
def test_a_number_that_is_none_shows_the_newest(number, alice_client, article):
    assert "1 · Alice" in alice_client.get(f"{EDIT}en/", {"number": number}).content.decode()


# --- The preview


def test_the_preview_shows_what_readers_will_see(alice_client):
    answer = alice_client.post(
        "/knowledge/preview/", {"zh-body": "**拔掉**电源 <script>"}, headers={"HX-Request": "true"}
    )
    assert "<strong>拔掉</strong>电源 &lt;script&gt;" in answer.content.decode()


def test_an_empty_preview_says_what_it_is_for(alice_client):
    assert "as its readers will see it" in alice_client.post("/knowledge/preview/", {"en-body": ""}).content.decode()


# --- What readers said


def test_readers_comments_stand_beside_the_article(alice_client, article):
    version = article.versions.get(language="en")
    version.feedback.create(reader="1", is_helpful=False, comment="Which <plug>?")
    version.feedback.create(reader="2", is_helpful=True)
    page = alice_client.get(EDIT).content.decode()
    assert "Which &lt;plug&gt;?" in page
    assert "50 % helpful" in page
    assert "too few to judge" in page


# --- The library


def listed(client: Client, query: str = "") -> list[str]:
    return re.findall(r'href="/knowledge/articles/([\w-]+)/"', client.get(f"/knowledge/{query}").content.decode())


@pytest.fixture
def shelf(section, article) -> None:
    bills = Section.objects.create(slug="bills", name_en="Bills", position=1)
    for slug, state, language in [
        ("refund", State.PUBLISHED, "en"),
        ("invoice", State.INTERNAL, "zh-hans"),
        ("late-fees", State.DRAFT, "en"),
    ]:
        made = Article.objects.create(section=bills, slug=slug, position=["refund", "invoice", "late-fees"].index(slug))
        Version.write(made, language, title=slug.title() if language == "en" else "发票", body="A word about it.")
        made.set_state(state)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["drops", "refund", "invoice", "late-fees"]),
        ("?state=draft", ["drops", "late-fees"]),
        ("?state=internal", ["invoice"]),
        ("?section=bills&state=published", ["refund"]),
        ("?lacks=zh", ["refund", "late-fees"]),
        ("?lacks=en", ["invoice"]),
        ("?state=nonsense&lacks=fr&page=x", ["drops", "refund", "invoice", "late-fees"]),
        ("?section=none", []),
        ("?q=refund", ["refund"]),
        ("?q=发票", ["invoice"]),
        ("?q=unplug&state=internal", []),
        ("?q=%00", ["drops", "refund", "invoice", "late-fees"]),
    ],
)
def test_the_library_is_narrowed_by_state_section_language_and_words(query, found, alice_client, shelf):
    assert listed(alice_client, query) == found


def test_the_library_says_what_is_missing_and_how_many_there_are(alice_client, shelf):
    page = alice_client.get("/knowledge/").content.decode()
    assert page.count(">中文 missing</span>") == 2
    assert page.count(">English missing</span>") == 1
    counts = dict(re.findall(r'href="\?(?:state=)?(\w*)"[^>]*>\w+ <span class="count">(\d+)<', page))
    assert counts == {"": "4", "draft": "2", "internal": "1", "published": "1"}


def test_a_house_without_sections_says_what_to_do(alice_client, ada_client):
    assert "No section yet" in alice_client.get("/knowledge/").content.decode()
    assert "/admin/knowledge/section/add/" not in alice_client.get("/knowledge/").content.decode()
    assert "/admin/knowledge/section/add/" in ada_client.get("/knowledge/").content.decode()
    assert alice_client.get("/knowledge/new/").status_code == 200


def test_pages_of_the_library_keep_what_was_asked_for(alice_client, section):
    for number in range(51):
        Article.objects.create(section=section, slug=f"a{number}", position=number)
    assert len(listed(alice_client)) == 50
    assert 'href="?state=draft&amp;page=2"' in alice_client.get("/knowledge/?state=draft").content.decode()
    assert listed(alice_client, "?state=draft&page=2") == ["a50"]


@pytest.mark.parametrize("count", [3, 30])
def test_the_pages_take_the_same_statements_for_any_number(count, alice_client, section, django_assert_max_num_queries):
    for number in range(count):
        article = Article.objects.create(section=section, slug=f"a{number}")
        for language in ("en", "zh-hans"):
            version = Version.write(article, language, title=f"Title {number}", body="Unplug it.")
            version.feedback.create(reader="1", is_helpful=True, comment="Thanks")
    for number in range(count):
        Version.write(article, "en", title="Title", body=f"Unplug it {number} times.")
    alice_client.get("/knowledge/")  # the left column remembers the names of teams
    for path, most in [("", 10), ("?q=unplug", 13), ("articles/a0/", 11), (f"articles/a{count - 1}/en/", 10)]:
        with django_assert_max_num_queries(most):
            assert alice_client.get(f"/knowledge/{path}").status_code == 200


def test_the_administration_shows_sections_and_what_readers_did(ada_client, article):
    article.versions.first().feedback.create(reader="1", is_helpful=True)
    for model in ("section", "feedback", "deflection"):
        assert ada_client.get(f"/admin/knowledge/{model}/").status_code == 200
    for model in ("feedback", "deflection"):
        assert ada_client.get(f"/admin/knowledge/{model}/add/").status_code == 403
