"""The help centre as a stranger, a customer and the staff meet it."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knowledge.models import Article, Feedback, Section, Version
from people.models import CustomerSession

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}


@pytest.fixture
def section(db) -> Section:
    return Section.objects.create(slug="network", name_en="Network", name_zh="网络", description_en="Slow or missing.")


def written(section: Section, slug: str, state: str = "published", **titles: str) -> Article:
    article = Article.objects.create(section=section, slug=slug, position=section.articles.count())
    article.set_state(state)
    for language, title in titles.items():
        body = f"{title} **in full**."
        Version.write(article, {"en": "en", "zh": "zh-hans"}[language], title=title, body=body)
    return article


@pytest.fixture
def shelf(section):
    return [
        written(section, "channel", en="Change the channel", zh="更换信道"),
        written(section, "restart", en="Restart the router", zh="重启路由器"),
        written(section, "only-english", en="Choose a cable"),
        written(section, "inner", "internal", en="Codes of our technicians"),
        written(section, "draft", "draft", en="Half an idea"),
    ]


def body(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_address_decides_the_language_and_the_reader_which_address(shelf, client):
    assert client.get("/help/", headers={"accept-language": "zh-CN"})["Location"] == "/help/zh/"
    assert client.get("/help/", headers={"accept-language": "fr"})["Location"] == "/help/en/"
    response = client.get("/help/zh/", headers={"accept-language": "en"})
    assert response["Content-Language"] == "zh-hans"
    page = body(response)
    assert '<html lang="zh-hans"' in page
    assert "更换信道" in page
    assert "Change the channel" not in page


@pytest.mark.parametrize("address", ["/help/en/", "/help/en/network/", "/help/en/articles/channel/"])
def test_each_page_names_itself_and_its_other_language(address, shelf, client, settings):
    settings.SITE_URL = "https://help.example"
    page = body(client.get(address))
    assert f'<link rel="canonical" href="https://help.example{address}">' in page
    for language, short in [("en", "en"), ("zh-hans", "zh")]:
        there = address.replace("/en/", f"/{short}/")
        assert f'<link rel="alternate" hreflang="{language}" href="https://help.example{there}">' in page


def test_an_article_that_lacks_the_language_is_shown_in_the_other(shelf, client):
    page = body(client.get("/help/zh/articles/only-english/"))
    assert "Choose a cable" in page
    assert '/help/en/articles/only-english/">' in re.search(r'<link rel="canonical".*', page)[0]
    assert '<article class="reading" lang="en">' in page
    assert "Choose a cable" in body(client.get("/help/zh/network/"))


def test_an_article_says_all_about_itself(shelf, client):
    page = body(client.get("/help/en/articles/channel/"))
    assert "<strong>in full</strong>" in page
    assert '<meta name="description" content="Change the channel in full' in page
    assert 'href="/help/zh/articles/channel/"' in page  # the other language
    assert 'href="/help/en/network/"' in page  # where it stands
    assert 'href="/help/en/articles/restart/"' in page  # what stands beside it
    assert 'href="/support/new"' in page


@pytest.mark.parametrize("slug", ["inner", "draft", "no-such-article"])
def test_a_stranger_does_not_learn_what_is_not_published(slug, shelf, client, alice_client):
    assert client.get(f"/help/en/articles/{slug}/").status_code == 404
    for address in ["/help/en/", "/help/en/network/", "/help/en/search/?q=codes+half+idea", "/sitemap.xml"]:
        page = body(client.get(address))
        assert "Codes of our" not in page
        assert "Half an" not in page
        assert slug not in page


def test_the_staff_sees_all_and_what_nobody_else_sees_is_marked(shelf, alice_client):
    page = body(alice_client.get("/help/en/articles/inner/"))
    assert "Only the staff sees this article: internal." in page
    section = body(alice_client.get("/help/en/network/"))
    assert "Half an idea" in section
    assert section.count('<span class="chip warn">') == 2


def test_search_marks_what_it_found(shelf, client):
    page = body(client.get("/help/en/search/", {"q": "restarting"}))
    assert "<mark>Restart</mark> the router" in page
    assert 'value="restarting"' in page


def test_while_somebody_types_only_the_results_come(shelf, client):
    part = body(client.get("/help/en/search/", {"q": "rest"}, headers=HTMX))
    assert "<html" not in part
    assert "/help/en/articles/restart/" in part
    assert "<mark>Rest" in part
    assert body(client.get("/help/en/search/", headers=HTMX)).strip() == ""


def test_a_search_falls_back_to_the_other_language(shelf, client):
    assert "/help/zh/articles/restart/" in body(client.get("/help/en/search/", {"q": "路由器"}))


def test_a_search_in_vain_offers_to_write(shelf, client):
    page = body(client.get("/help/en/search/", {"q": "<b>zebra"}))
    assert "Nothing found for “&lt;b&gt;zebra”" in page
    assert 'class="btn primary" href="/support/new"' in page


def test_a_long_section_goes_on(section, client):
    for number in range(45):
        written(section, f"article-{number:02}", en=f"Article number {number:02}")
    first = body(client.get("/help/en/network/"))
    assert "Article number 39" in first
    assert "Article number 40" not in first
    more = re.search(r'href="(\?after=[^"]+)"', first)[1]
    second = body(client.get(f"/help/en/network/{more}"))
    assert "Article number 40" in second
    assert "Article number 39" not in second
    assert "All articles" in body(client.get("/help/en/"))
    assert client.get("/help/en/network/?after=nonsense").status_code == 404


def test_a_house_without_articles_says_so(client):
    assert "There are no articles yet" in body(client.get("/help/en/"))


# --- Was it helpful?


def say(client, **words):
    return client.post("/help/en/articles/channel/said/", words)


def test_a_vote_and_then_a_word_without_javascript(shelf, client):
    response = say(client, is_helpful="no")
    assert response["Location"] == "/help/en/articles/channel/?said=no#feedback"
    assert "What was missing, or wrong?" in body(client.get("/help/en/articles/channel/?said=no"))
    assert say(client, is_helpful="no", comment="Which  menu?")["Location"].endswith("said=thanks#feedback")
    vote = Feedback.objects.get()
    assert (vote.is_helpful, vote.comment, vote.version.title) == (False, "Which  menu?", "Change the channel")


def test_a_second_vote_of_the_same_reader_replaces_the_first(shelf, client):
    say(client, is_helpful="no", comment="Wrong menu.")
    say(client, is_helpful="no")
    assert Feedback.objects.get().comment == "Wrong menu."
    say(client, is_helpful="yes")
    vote = Feedback.objects.get()
    assert (vote.is_helpful, vote.comment) == (True, "")


def test_readers_are_told_apart_and_none_is_kept(shelf, dana):
    say(Client(), is_helpful="yes")
    say(Client(headers={"user-agent": "another"}), is_helpful="yes")
    signed = Client()
    signed.cookies[CustomerSession.COOKIE] = CustomerSession.open(dana)
    say(signed, is_helpful="yes")
    readers = set(Feedback.objects.values_list("reader", flat=True))
    assert len(readers) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", reader) for reader in readers)


def test_a_machine_that_votes_all_day_is_not_heard(shelf, client):
    for number in range(60):
        say(Client(headers={"user-agent": f"machine {number}"}), is_helpful="no")
    assert say(client, is_helpful="yes")["Location"].endswith("said=later#feedback")
    assert not Feedback.objects.filter(is_helpful=True).exists()


@pytest.mark.parametrize("words", [{}, {"is_helpful": "maybe"}, {"is_helpful": "yes", "comment": "x" * 2001}])
def test_an_unclear_vote_is_none(words, shelf, client):
    assert say(client, **words).status_code == 302
    assert not Feedback.objects.exists()


def test_nobody_votes_on_what_they_may_not_read(shelf, client):
    assert client.post("/help/en/articles/draft/said/", {"is_helpful": "yes"}).status_code == 404
    assert client.post("/help/zh/articles/nothing/said/", {"is_helpful": "yes"}).status_code == 404


def test_who_reads_an_article_in_the_other_language_is_answered_in_their_own(shelf, client):
    page = body(client.get("/help/zh/articles/only-english/"))
    there = "/help/zh/articles/only-english/said/"
    assert f'action="{there}"' in page
    response = client.post(there, {"is_helpful": "yes"}, headers=HTMX)
    assert response["Content-Language"] == "zh-hans"
    assert f'action="{there}"' in body(response)
    assert Feedback.objects.get().version.title == "Choose a cable"


# --- Machines, and what a page costs


def test_the_sitemap_names_every_public_page(shelf, client, settings):
    settings.SITE_URL = "https://help.example"
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    named = {each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = {"", "network/"} | {f"articles/{slug}/" for slug in ("channel", "restart")}
    both = {f"https://help.example/help/{language}/{page}" for page in pages for language in ("en", "zh")}
    assert named == both | {"https://help.example/help/en/articles/only-english/"}
    for address in named:
        assert client.get(address.removeprefix("https://help.example")).status_code == 200


def test_robots_are_kept_from_private_pages(client, settings):
    settings.SITE_URL = "https://help.example"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /t/", "Disallow: /my/", "Disallow: /inbox/", "Disallow: /help/en/search/"} <= set(lines)
    assert "Sitemap: https://help.example/sitemap.xml" in lines


@pytest.mark.parametrize(
    "address", ["/help/en/", "/help/en/network/", "/help/en/articles/channel/", "/help/en/search/?q=channel"]
)
def test_a_page_costs_a_stranger_three_statements_at_any_size(address, section, client):
    written(section, "channel", en="Change the channel", zh="更换信道")
    counts = []
    for number in (3, 30):
        for each in range(number):
            written(section, f"channel-{number}-{each}", en=f"Another channel {each}", zh="信道")
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies.get("sessionid")
        counts.append(len(captured))
    assert max(counts) <= 3, counts
