"""The written world of the demo company: complete, bilingual, repeatable, and on nobody's real domain."""

import random
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from demo.texts.book import Book, Template, book
from demo.texts.company import company
from demo.texts.facts import Facts
from demo.texts.generator import PRIORITIES, Draft, Writer
from demo.texts.phrase import Choice, Phrase, Slot, compiled
from demo.texts.typos import slip
from tests.shared import ROOT

LANGUAGES = ("en", "zh-hans")
CJK = re.compile(r"[\u3400-\u9fff]")
UNFILLED = re.compile(r"[{}\[\]|]")
RESERVED = re.compile(r"[\w.-]+@([\w-]+\.)*(example|example\.(com|net|org))")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def writer(seed: int = 1, languages=LANGUAGES, held_out=None) -> Writer:
    return Writer(random.Random(seed), languages, held_out)


def conversation(author: Writer, draft: Draft) -> list[str]:
    replies = [author.answer(draft, "Alice"), author.follow_up(draft), author.thanks(draft)]
    return [draft.subject, draft.body, *replies, author.note(draft)]


def templates(language: str) -> list[Template]:
    return [template for chapter in book(language).chapters.values() for template in chapter.templates]


def slots(phrase: Phrase) -> set[str]:
    found: set[str] = set()
    for part in phrase.parts:
        if isinstance(part, Slot):
            found.add(part.name)
        elif isinstance(part, Choice):
            found.update(*(slots(option) for option in part.options))
    return found


def phrases(words: Book) -> list[Phrase]:
    """Every phrase of a book, however seldom it is drawn."""
    lists = [words.vague_subjects, words.signatures, words.reply_openings, words.thanks_openings]
    lists += words.answer_frames
    for mood in words.moods.values():
        lists += [mood.greetings, mood.openings, mood.sagas, mood.feelings, mood.closings]
    for chapter in words.chapters.values():
        lists += [chapter.impacts, chapter.answers, chapter.follow_ups, chapter.thanks, chapter.notes]
        for template in chapter.templates:
            lists += [template.details, template.asks, template.answers]
            for telling in template.tellings:
                lists += [telling.subjects, telling.short, telling.core]
    return [phrase for some in lists for phrase in some]


# ---------------------------------------------------------------- the company


def test_the_company_has_a_tree_of_categories_each_with_a_team():
    slugs = [category.slug for category in company().categories]
    branches = {category.slug for category in company().categories if not category.share}
    teams = {team.slug for team in company().teams}
    assert len(slugs) == len(set(slugs))
    assert len(company().leaves) >= 14
    assert {leaf.parent for leaf in company().leaves} - {None} == branches
    assert {category.team for category in company().categories} == teams
    assert {category.priority for category in company().categories} <= set(PRIORITIES)


def test_twelve_agents_work_in_three_teams_and_half_of_them_write_chinese():
    agents = company().agents
    assert len(agents) == 12
    assert len(company().teams) == 3
    assert sum("zh-hans" in agent.languages for agent in agents) == 6
    assert len({agent.username for agent in agents}) == 12


def test_every_leaf_has_an_agent_of_its_team_who_is_good_at_it():
    for leaf in company().leaves:
        if not leaf.out_of_scope:
            team = [agent for agent in company().agents if leaf.team in agent.teams]
            assert max(agent.skills.get(leaf.slug, 0) for agent in team) >= 0.8, leaf.slug


def test_skills_name_leaves_and_lie_between_nought_and_one():
    leaves = {leaf.slug for leaf in company().leaves}
    for agent in company().agents:
        assert set(agent.skills) <= leaves
        assert all(0 < skill <= 1 for skill in agent.skills.values())
        assert 0 < agent.quality <= 1 < agent.speed * 2


def test_twenty_organisations_speak_both_languages_in_real_time_zones():
    offices = company().organisations
    assert len(offices) == 20
    assert Counter(office.language for office in offices) == {"en": 10, "zh-hans": 10}
    people = (*company().agents, company().manager, company().administrator, *offices)
    assert all(ZoneInfo(someone.time_zone) for someone in people)


# ---------------------------------------------------------------- the books


@each_language
def test_every_leaf_has_stories_and_everything_said_about_them(language):
    chapters = book(language).chapters
    assert set(chapters) == {leaf.slug for leaf in company().leaves}
    for slug, chapter in chapters.items():
        assert len(chapter.templates) >= 3, slug
        assert sum(len(template.answers) for template in chapter.templates) + len(chapter.answers) >= 3, slug
        assert len(chapter.follow_ups) >= 2, slug
        assert len(chapter.thanks) >= 2, slug
        assert len(chapter.notes) >= 2, slug


@each_language
def test_a_story_is_in_scope_exactly_when_it_asks_something_of_the_desk(language):
    for leaf in company().leaves:
        chapter = book(language).chapters[leaf.slug]
        for template in chapter.templates:
            assert bool(template.asks) is not leaf.out_of_scope, template.id
            assert bool(chapter.impacts) is not leaf.out_of_scope, leaf.slug


@each_language
def test_a_fifth_of_the_templates_is_held_out(language):
    share = sum(template.held_out for template in templates(language)) / len(templates(language))
    assert 0.15 <= share <= 0.25


def test_every_leaf_is_held_out_in_one_language_at_least():
    held_out = {t.category for language in LANGUAGES for t in templates(language) if t.held_out}
    assert held_out == {leaf.slug for leaf in company().leaves}


@each_language
def test_templates_have_unique_ids_known_moods_priorities_and_second_topics(language):
    every = templates(language)
    assert len(every) >= 40
    assert len({template.id for template in every}) == len(every)
    assert len([template for template in every if template.second]) >= 3
    for template in every:
        assert set(template.moods) <= set(book(language).moods)
        assert template.priority in PRIORITIES
        assert not template.second or template.second in book(language).chapters
        assert template.second != template.category


@each_language
def test_every_slot_of_every_phrase_can_be_filled(language):
    words = book(language)
    people = {"name": "Dana", "full_name": "Dana Doyle", "agent": "Alice"}
    facts = Facts(language, 7, date(2025, 3, 1), people, words.words)
    for phrase in phrases(words):
        for slot in slots(phrase):
            assert facts[slot], slot


def test_no_english_phrase_holds_chinese_characters_and_every_chinese_story_does():
    rng = random.Random(1)
    for language in LANGUAGES:
        words = book(language)
        facts = Facts(language, 7, date(2025, 3, 1), {"name": "D", "full_name": "D", "agent": "A"}, words.words)
        for phrase in phrases(words):
            text = phrase.render(rng, facts)
            if language == "en":
                assert not CJK.search(text), text
        for template in templates(language):
            told = [phrase for telling in template.tellings for phrase in (*telling.short, *telling.core)]
            for phrase in (*told, *template.details, *template.asks):
                assert bool(CJK.search(phrase.render(rng, facts))) is (language != "en")


def test_an_unbalanced_bracket_or_brace_is_refused():
    for text in ("a [b", "a b]", "a {b", "[a|b]]"):
        with pytest.raises(ValueError, match=r"Unbalanced|never closed|stray"):
            compiled(text)


def test_choices_may_be_nested_and_empty():
    facts = Facts("en", 1, date(2025, 1, 1), {"name": "Dana"}, {})
    rng = random.Random(1)
    phrase = compiled("Hi [dear [old|good] |]{name}")
    seen = {phrase.render(rng, facts) for _ in range(100)}
    assert seen == {"Hi dear old Dana", "Hi dear good Dana", "Hi Dana"}


# ---------------------------------------------------------------- the writer


def test_the_writer_works_where_there_is_no_django():
    script = "import sys; sys.modules['django'] = None; import demo.texts.generator"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


@each_language
def test_no_slot_or_choice_is_ever_left_open(language):
    author = writer(2, (language,))
    for _ in range(1500):
        draft = author.ticket()
        for text in conversation(author, draft):
            assert not UNFILLED.search(text), (draft.template, text)
            assert text.strip(), draft.template


def test_the_same_seed_writes_the_same_words():
    first, second = writer(3), writer(3)
    for _ in range(200):
        one, two = first.ticket(), second.ticket()
        assert one == two
        assert conversation(first, one) == conversation(second, two)
        assert first.customer("en") == second.customer("en")
    assert writer(4).ticket() != writer(3).ticket()


def test_two_drafts_of_one_template_are_told_differently():
    author = writer(5, ("en",))
    drafts = [author.ticket("outage") for _ in range(600)]
    bodies = {draft.body for draft in drafts}
    assert len({draft.template for draft in drafts}) == 3
    assert len(bodies) > 0.85 * len(drafts)


@each_language
def test_drafts_are_in_the_language_they_say(language):
    author = writer(6)
    for _ in range(500):
        draft = author.ticket(language=language)
        assert draft.language == language
        assert bool(CJK.search(draft.body)) is (language == "zh-hans"), draft.body
        assert draft.priority in PRIORITIES


def test_every_leaf_is_written_about_by_its_share():
    author = writer(7)
    counted = Counter(author.ticket().category for _ in range(3000))
    assert set(counted) == {leaf.slug for leaf in company().leaves}
    assert counted["wifi"] > counted["other"] * 2


def test_held_out_templates_are_written_only_when_asked_for():
    learning, judging = writer(8, held_out=False), writer(8, held_out=True)
    assert not any(learning.ticket().held_out for _ in range(500))
    assert all(judging.ticket().held_out for _ in range(500))


def test_a_leaf_without_a_fitting_template_is_refused_with_a_reason():
    with pytest.raises(ValueError, match=r"No template of 'no-such-leaf'"):
        writer().ticket("no-such-leaf")


def test_ambiguous_and_out_of_scope_drafts_are_marked():
    author = writer(9)
    drafts = [author.ticket() for _ in range(2000)]
    ambiguous = [draft for draft in drafts if draft.ambiguous]
    assert ambiguous
    assert all(draft.second for draft in ambiguous)
    assert {draft.category for draft in drafts if draft.out_of_scope} == {"other"}
    assert all(draft.out_of_scope for draft in drafts if draft.category == "other")


def test_a_chinese_customer_may_write_exactly_that_the_connection_is_unstable():
    author = writer(10)
    drafts = [author.ticket("wifi", "zh-hans") for _ in range(2000)]
    assert any(draft.body == "我的网络连接不稳定" for draft in drafts)


def test_angry_customers_and_pressing_reasons_raise_the_priority():
    author = writer(11)
    drafts = [author.ticket("outage") for _ in range(2000)]
    urgent = {mood: [d.priority == "urgent" for d in drafts if d.mood == mood] for mood in ("angry", "calm")}
    assert sum(urgent["angry"]) / len(urgent["angry"]) > sum(urgent["calm"]) / len(urgent["calm"])


def test_an_answer_names_the_customer_the_agent_and_the_order_of_the_case():
    author = writer(12, ("en",))
    dana = author.customer("en")
    draft = next(
        draft
        for draft in (author.ticket("delivery", customer=dana, day=date(2025, 11, 3)) for _ in range(200))
        if draft.template == "en/delivery/where-is-it" and re.search(r"order \d{5}", draft.body)
    )
    order = re.search(r"order (\d{5})", draft.body)
    answers = [author.answer(draft, "Alice") for _ in range(20)]
    assert order is not None
    assert all("Alice" in answer and dana.called in answer for answer in answers)
    assert any(order[1] in answer for answer in answers)


def test_dates_in_a_draft_lie_around_its_day():
    words = book("en")
    facts = Facts("en", 5, date(2025, 11, 20), {}, words.words)
    assert facts["date"].endswith("November")
    assert facts["olddate"].split()[1] in {"September", "October"}
    assert facts["soon"].endswith("November")
    assert facts["later"].split()[1] in {"December", "January"}
    assert facts["lastmonth"] == "October"


# ---------------------------------------------------------------- people and slips


@each_language
def test_customers_live_on_reserved_domains_and_share_no_address(language):
    author = writer(13)
    people = [author.customer(language) for _ in range(3000)]
    assert len({person.email for person in people}) == len(people)
    assert all(RESERVED.fullmatch(person.email) for person in people)
    assert {person.language for person in people} == {language}
    assert all(bool(CJK.search(person.name)) is (language == "zh-hans") for person in people)
    assert all(ZoneInfo(person.time_zone) for person in people)
    assert 0.1 < sum(person.organisation is not None for person in people) / len(people) < 0.4


def test_every_address_in_the_written_world_is_reserved():
    staff = (*company().agents, company().manager, company().administrator)
    assert all(RESERVED.fullmatch(person.email) for person in staff)
    author = writer(14)
    for _ in range(1500):
        for text in conversation(author, author.ticket()):
            assert all(RESERVED.fullmatch(word) for word in re.findall(r"[\w.-]+@[\w.-]+\w", text, re.ASCII))


def test_slips_change_some_texts_and_never_their_numbers():
    rng = random.Random(15)
    for language, text in (
        ("en", "My order 88213 hasn't arrived, I'm still waiting for it since yesterday."),
        ("zh-hans", "订单88213一直没收到，麻烦尽快处理。账单也不对，再查一下。"),
    ):
        slipped = [slip(text, language, rng) for _ in range(300)]
        assert all("88213" in one for one in slipped)
        assert 60 < sum(one != text for one in slipped) < 200
