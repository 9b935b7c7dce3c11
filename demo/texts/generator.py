"""Writes what customers and agents of the demo company write. Pure: the same seed gives the same words."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import TypeVar

from demo.texts.book import Book, Telling, Template, book
from demo.texts.company import company
from demo.texts.customers import Person, Register
from demo.texts.facts import Facts
from demo.texts.phrase import Phrase
from demo.texts.typos import slip

PRIORITIES = ("low", "normal", "high", "urgent")
FIRST_DAY = date(2025, 1, 1)  # of the year in which a draft without a day is written

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a customer writes first, with what is true about it.

    `language` is "en" or "zh-hans", `category` a leaf slug, `template` a stable id ("en/wifi/drops"). An
    `ambiguous` draft also belongs to the leaf `second`. `seed` and `day` fix every fact of the case, so
    answers and follow-ups speak of the same order, amount and dates.
    """

    language: str
    category: str
    priority: str
    mood: str
    subject: str
    body: str
    template: str
    held_out: bool
    ambiguous: bool
    out_of_scope: bool
    second: str
    seed: int
    day: date
    name: str
    called: str


class Writer:
    """A seeded author; `held_out` False: only templates for training, True: only the others, None: all."""

    def __init__(
        self,
        rng: random.Random,
        languages: Sequence[str] = ("en", "zh-hans"),
        held_out: bool | None = None,
    ) -> None:
        self.rng = rng
        self.languages = tuple(languages)
        self._register = Register(rng)
        self._shelves = {language: _Shelf(book(language), held_out) for language in self.languages}

    def customer(self, language: str) -> Person:
        return self._register.customer(language)

    def ticket(
        self,
        category: str | None = None,
        language: str | None = None,
        *,
        customer: Person | None = None,
        day: date | None = None,
    ) -> Draft:
        """A draft of a leaf (any, by their shares) in a language (the customer's, or any of the writer's).

        Raises ValueError when no template fits.
        """
        language = language or (customer.language if customer else self._one(self.languages))
        shelf = self._shelves[language]
        template = self._one(shelf.templates(category or shelf.drawn(self.rng), language))
        name, called = (customer.name, customer.called) if customer else self._register.name(language)
        day = day or FIRST_DAY + timedelta(days=int(self.rng.random() * 365))
        people = {"name": called, "full_name": name}
        return self._draft(template, Facts(language, self.rng.getrandbits(32), day, people, shelf.book.words))

    def _draft(self, template: Template, facts: Facts) -> Draft:
        words, mood = self._shelves[facts.language].book, self._one(template.moods)
        telling = self._one(template.tellings)
        body, pressing = self._body(words, template, telling, mood, facts)
        return Draft(
            language=facts.language,
            category=template.category,
            priority=self._priority(template.priority, pressing, mood),
            mood=mood,
            subject=self._subject(words, telling, facts),
            body=body,
            template=template.id,
            held_out=template.held_out,
            ambiguous=bool(template.second),
            out_of_scope=not template.asks,
            second=template.second,
            seed=facts.seed,
            day=facts.day,
            name=facts.people["full_name"],
            called=facts.people["name"],
        )

    def answer(self, draft: Draft, agent_name: str) -> str:
        """An agent's first answer: mostly to this very story, else what is said about any of its category."""
        words = book(draft.language)
        chapter = words.chapters[draft.category]
        facts = _facts(draft, agent_name)
        own = next(template.answers for template in chapter.templates if template.id == draft.template)
        text = self._one(own if own and self.rng.random() < 0.85 else chapter.answers).render(self.rng, facts)
        start, end = (part.render(self.rng, facts) for part in self._one(words.answer_frames))
        return f"{start}\n\n{text}\n\n{end}"

    def follow_up(self, draft: Draft) -> str:
        """The customer again, not helped yet."""
        words = book(draft.language)
        return self._reply(draft, words.reply_openings, words.chapters[draft.category].follow_ups)

    def thanks(self, draft: Draft) -> str:
        """The customer's last word."""
        words = book(draft.language)
        return self._reply(draft, words.thanks_openings, words.chapters[draft.category].thanks)

    def note(self, draft: Draft) -> str:
        """A line between colleagues, not seen by the customer."""
        notes = book(draft.language).chapters[draft.category].notes
        return self._one(notes).render(self.rng, _facts(draft))

    def _reply(self, draft: Draft, openings: Sequence[Phrase], texts: Sequence[Phrase]) -> str:
        facts = _facts(draft)
        sentences = [self._one(texts).render(self.rng, facts)]
        if self.rng.random() < 0.5:
            sentences.insert(0, self._one(openings).render(self.rng, facts))
        if self.rng.random() < 0.25:
            sentences.append("\n\n" + draft.called)
        return slip(book(draft.language).glue.join(sentences), draft.language, self.rng).replace(" \n", "\n")

    def _subject(self, words: Book, telling: Telling, facts: Facts) -> str:
        vague = self.rng.random() < 0.04
        return self._one(words.vague_subjects if vague else telling.subjects).render(self.rng, facts)

    def _body(self, words: Book, template: Template, telling: Telling, mood: str, facts: Facts) -> tuple[str, bool]:
        """The text, and whether it says why it cannot wait."""
        manner = self.rng.random()
        if manner < 0.16:
            return slip(self._one(telling.short).render(self.rng, facts), words.language, self.rng), False
        rant = manner > (0.6 if mood == "angry" else 0.8)
        story, pressing = self._story(words, template, self._one(telling.core), mood, facts, rant)
        text = self._framed(words, template, mood, facts, story)
        return slip(text, words.language, self.rng), pressing

    def _story(
        self, words: Book, template: Template, core: Phrase, mood: str, facts: Facts, rant: bool
    ) -> tuple[list[str], bool]:
        """One paragraph or two: what happened, then what it does to me and what I want."""
        chance, manners = self.rng.random, words.moods[mood]
        first = [core]
        count = (2 if rant else 0) + int(chance() * (4 if rant else 3))
        first += self.rng.sample(template.details, min(len(template.details), count))
        second: list[Phrase] = []
        pressing = False
        if template.asks:  # what is out of scope has nothing to ask of the desk
            if chance() < (0.6 if rant else 0.2):
                first.insert(0, self._one(manners.openings))
            impacts = words.chapters[template.category].impacts
            pressing = chance() < (0.4 if rant else 0.15)
            second += [self._one(impacts)] if pressing else []
            if rant and chance() < 0.4:
                first.append(self._one(manners.sagas))
            contradicts = pressing and mood in ("calm", "polite")  # nobody is both in a hurry and in none
            if not contradicts and chance() < (0.85 if rant else 0.2):
                second += self.rng.sample(manners.feelings, 2 if rant and chance() < 0.5 else 1)
            second += [self._one(template.asks)] if chance() < 0.65 else []
        parts = [first + second] if chance() < 0.5 or not second else [first, second]
        texts = [words.glue.join([phrase.render(self.rng, facts) for phrase in part]) for part in parts]
        return texts, pressing

    def _framed(self, words: Book, template: Template, mood: str, facts: Facts, paragraphs: list[str]) -> str:
        """Greeting before, closing and signature after; each may be missing, as in life."""
        chance, manners = self.rng.random, words.moods[mood]
        lines = list(paragraphs)
        if chance() < 0.7:
            greeting = self._one(manners.greetings).render(self.rng, facts)
            if chance() < 0.35:
                lines[0] = greeting + words.glue + lines[0]
            else:
                lines.insert(0, greeting)
        if chance() < 0.65:
            lines.append(self._one(manners.closings).render(self.rng, facts))
        if chance() < 0.45:
            signatures = words.signatures if template.asks else words.signatures[:1]
            signature = self._one(signatures).render(self.rng, facts)
            lines[-1:] = [f"{lines[-1]}\n{signature}"] if len(lines[-1]) < 30 else [lines[-1], signature]
        return ("\n" if chance() < 0.2 else "\n\n").join(lines)

    def _priority(self, hint: str, pressing: bool, mood: str) -> str:
        level = PRIORITIES.index(hint) + pressing
        if self.rng.random() < (0.2 if mood == "angry" else 0.05):
            level += 1
        elif self.rng.random() < 0.05:
            level -= 1
        return PRIORITIES[min(max(level, 0), len(PRIORITIES) - 1)]

    def _one(self, options: Sequence[T]) -> T:
        """`rng.choice`, in a third of the time."""
        return options[int(self.rng.random() * len(options))]


class _Shelf:
    """The templates a writer may use in one language, by leaf."""

    def __init__(self, words: Book, held_out: bool | None) -> None:
        self.book = words
        leaves = company().leaves
        self._by_leaf: Mapping[str, tuple[Template, ...]] = {
            slug: tuple(t for t in chapter.templates if held_out is None or t.held_out == held_out)
            for slug, chapter in words.chapters.items()
        }
        stocked = [leaf for leaf in leaves if self._by_leaf[leaf.slug]]
        self._slugs = tuple(leaf.slug for leaf in stocked)
        self._shares = tuple(accumulate(leaf.share for leaf in stocked))

    def drawn(self, rng: random.Random) -> str:
        return rng.choices(self._slugs, cum_weights=self._shares)[0]

    def templates(self, category: str, language: str) -> tuple[Template, ...]:
        if found := self._by_leaf.get(category, ()):
            return found
        raise ValueError(
            f"No template of {category!r} in {language!r} for this writer: name a leaf of company.toml, "
            "or make the writer with another held_out."
        )


def _facts(draft: Draft, agent: str = "") -> Facts:
    people = {"name": draft.called, "full_name": draft.name, "agent": agent}
    return Facts(draft.language, draft.seed, draft.day, people, book(draft.language).words)
