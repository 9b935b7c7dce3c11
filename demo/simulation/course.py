"""What happens to a ticket, step by step: sorted, worked at, answered, asked again, resolved, judged."""

import random

from demo.simulation import patience
from demo.simulation.calendar import DAY, Calendar
from demo.simulation.choosing import weights
from demo.simulation.crew import Agent, Crew
from demo.simulation.desk import Desk
from demo.simulation.effort import Effort
from demo.simulation.matter import TEAMS, Matter
from demo.simulation.story import CUSTOMER, MODEL, SYSTEM
from demo.simulation.truths import SLOW_BY, SLOW_TEAM
from demo.texts.articles import shelves
from demo.texts.generator import Writer
from demo.texts.opinions import comment
from tickets.choices import Status

MODEL_FROM = 0.12  # of the period; before, people sorted everything
MODEL_SURE = 0.64  # share of tickets that the model sorts by itself
MODEL_WRONG, PERSON_WRONG = 0.06, 0.04
TAGS = ("vip", "callback", "follow-up", "regulator", "bug")
LOOKS_UP = 0.5  # share of answers that make use of an article, where there is one
# Share of an average agent's answers that also close the matter, by whether they do help.
AT_ONCE = {True: 0.36, False: 0.1}
ON_HOLD = 0.03  # share that waits for somebody outside
SAYS_SO = 0.75  # share of agents who mark what solved it
MOST_ANSWERS = 5
ASKED_AFTER = 60  # minutes


class Course:
    def __init__(self, rng: random.Random, calendar: Calendar, crew: Crew, effort: Effort) -> None:
        self.rng, self.calendar, self.crew, self.effort = rng, calendar, crew, effort
        self.desk = Desk(crew, calendar.length, self.work)
        self.writer = Writer(rng)

    # --- Sorting

    def arrived(self, matter: Matter) -> None:
        knows = self.desk.now > MODEL_FROM * self.calendar.length
        if knows and not matter.story.draft.out_of_scope and self.rng.random() < MODEL_SURE:
            self.desk.later(self.desk.now + 0.1, matter, self._sorted_by_model)
        else:
            self.desk.later(self._attended(self._about(20)), matter, self._sorted_by_person)

    def _sorted_by_model(self, matter: Matter) -> None:
        category = self._guessed(matter, MODEL_WRONG)
        wrong = category != matter.story.draft.category
        sure = self.rng.betavariate(9, 1) * 0.25 + (0.70 if wrong else 0.745)
        self._sort(matter, MODEL, category, confidence=round(sure, 4))

    def _sorted_by_person(self, matter: Matter) -> None:
        there = [agent for agent in self.crew.agents if agent.shift_at(self.desk.now)]
        who = self.rng.choice(there or self.crew.agents).name
        self._sort(matter, who, self._guessed(matter, PERSON_WRONG))
        if self.rng.random() < 0.06:
            matter.story.add(self.desk.now, "tag", who, tags=[self.rng.choice(TAGS)])

    def _guessed(self, matter: Matter, wrong: float) -> str:
        """What the ticket is about, or what else it may be taken for."""
        draft = matter.story.draft
        if self.rng.random() >= (4 * wrong if draft.second else wrong):
            return draft.category
        return draft.second or self.rng.choice([leaf for leaf in TEAMS if leaf != draft.category])

    def _sort(self, matter: Matter, who: str, category: str, confidence: float | None = None) -> None:
        matter.category, matter.team = category, TEAMS[category]
        priority = matter.story.draft.priority
        matter.story.add(
            self.desk.now, "sort", who, category=category, team=matter.team, priority=priority, confidence=confidence
        )
        self.desk.line_up(matter)

    # --- Working

    def work(self, matter: Matter, agent: Agent) -> None:
        """The agent has it in hand: sends it where it belongs, or answers."""
        now, story = self.desk.now, matter.story
        if matter.agent is not agent:
            matter.agent = agent
            story.add(now, "assign", agent.name)
        if matter.category != story.draft.category:
            matter.category = story.draft.category
            story.add(now, "recategorise", agent.name, category=matter.category)
        share = 1.0 if not matter.answers else 0.7
        minutes = self.effort.minutes(self.rng, agent, matter.category, share)
        agent.busy_until = now + self.effort.busy(minutes, matter.team, self.desk.waiting_each(matter.team))
        if matter.team != matter.right_team:
            self.desk.later(now + minutes / 3, matter, self._handed_on)
        elif not matter.answers and self.rng.random() < ON_HOLD:
            self.desk.later(now + minutes, matter, self._held)
        elif matter.team == SLOW_TEAM:
            self.desk.later(self._attended(minutes + self._about(SLOW_BY)), matter, self._answered)
        else:
            self.desk.later(now + minutes, matter, self._answered)

    def _handed_on(self, matter: Matter) -> None:
        """To the team that it should have gone to at once."""
        assert matter.agent
        matter.story.add(self.desk.now, "send", matter.agent.name, team=matter.right_team)
        matter.team, matter.agent = matter.right_team, None
        self.desk.line_up(matter)

    def _held(self, matter: Matter) -> None:
        """Somebody outside has to act first."""
        assert matter.agent
        matter.story.add(self.desk.now, "note", matter.agent.name, text=self.writer.note(matter.story.draft))
        matter.story.add(self.desk.now, "set", matter.agent.name, status=Status.HOLD)
        self.desk.later(self._attended(self._about(1.5 * DAY)), matter, self.desk.line_up)

    def _answered(self, matter: Matter) -> None:
        assert matter.agent
        agent, story, now = matter.agent, matter.story, self.desk.now
        matter.answers += 1
        matter.first_answer_at = matter.first_answer_at or now
        if self.rng.random() < 0.12:
            story.add(now, "note", agent.name, text=self.writer.note(story.draft))
        matter.article = self._looked_up(matter)
        if matter.article:
            story.add(now, "use", agent.name, article=matter.article)
        matter.settled = self._helps(matter, agent)
        at_once = self.rng.random() < AT_ONCE[matter.settled] * agent.staff.speed
        text = self.writer.answer(story.draft, agent.staff.name.partition(" ")[0])
        then = Status.RESOLVED if at_once else Status.WAITING
        story.add(now, "reply", agent.name, text=text, then=then, article=matter.article)
        if at_once:
            self._resolved(matter)
        self._customer_goes_on(matter, at_once)

    def _looked_up(self, matter: Matter) -> str:
        known = shelves().for_category(matter.category)
        if not known or self.rng.random() >= LOOKS_UP:
            return ""
        return self.rng.choices(known, weights(matter.story.draft, known))[0].slug

    def _helps(self, matter: Matter, agent: Agent) -> bool:
        """By the article, where one was used, else by who answers and how often the customer has explained it."""
        if matter.article:
            chance = next(known.works for known in shelves().solutions if known.slug == matter.article)
        else:
            able = agent.staff.quality * (0.7 + 0.3 * agent.skill(matter.category))
            chance = max(able, 0.2 * matter.answers)
        return self.rng.random() < chance or matter.answers >= MOST_ANSWERS

    # --- The customer again

    def _customer_goes_on(self, matter: Matter, is_resolved: bool) -> None:
        now = self.desk.now
        if not matter.settled and self.rng.random() < 0.88:
            self.desk.later(self._awake(matter, now + patience.answers_after(self.rng)), matter, self._asked_again)
        elif matter.settled and self.rng.random() < 0.4:
            self.desk.later(self._awake(matter, now + patience.thanks_after(self.rng)), matter, self._thanked)
        elif not is_resolved:
            assert matter.agent
            waits = patience.silence(self.rng) / matter.agent.staff.speed  # the quick keep their lists short
            self.desk.later(self._attended(waits), matter, self._closed)

    def _asked_again(self, matter: Matter) -> None:
        self._customer_says(matter, self.writer.follow_up(matter.story.draft))
        if matter.answers >= 2 and self.rng.random() < 0.3:
            matter.agent = None  # a colleague has a look
        self.desk.line_up(matter)

    def _thanked(self, matter: Matter) -> None:
        """Thanks reopen what was resolved; whoever reads them closes it again, which is no reopening to count."""
        if matter.resolved_at is not None and self.rng.random() < 0.8:
            return  # most are content to say nothing more
        self._customer_says(matter, self.writer.thanks(matter.story.draft))
        self.desk.later(self._attended(self._about(40)), matter, self._closed)

    def _customer_says(self, matter: Matter, text: str) -> None:
        if matter.resolved_at is not None:
            matter.reopened, matter.resolved_at = matter.reopened + 1, None
        channel = "mail" if matter.story.channel == "api" or self.rng.random() < 0.7 else matter.story.channel
        matter.story.add(self.desk.now, "answer", CUSTOMER, text=text, channel=channel)

    def _closed(self, matter: Matter) -> None:
        assert matter.agent
        matter.story.add(self.desk.now, "set", matter.agent.name, status=Status.RESOLVED)
        self._resolved(matter)
        if matter.settled and self.rng.random() < 0.04:
            matter.settled = False
            back = self.desk.now + patience.comes_back_after(self.rng)
            self.desk.later(self._awake(matter, back), matter, self._asked_again)

    # --- The end

    def _resolved(self, matter: Matter) -> None:
        assert matter.agent
        matter.resolved_at = self.desk.now
        if matter.settled and matter.article and self.rng.random() < SAYS_SO:
            matter.story.add(self.desk.now, "solve", matter.agent.name, article=matter.article)
            matter.article = ""
        if not matter.was_asked and not matter.story.draft.out_of_scope:
            zone = matter.story.person.time_zone
            at = self.calendar.awake(self.desk.now + ASKED_AFTER, zone, first=8, last=21)
            self.desk.later(at, matter, self._asked_for_opinion)

    def _asked_for_opinion(self, matter: Matter) -> None:
        if matter.resolved_at is None or matter.was_asked:
            return
        matter.was_asked = True
        matter.story.add(self.desk.now, "ask_opinion", SYSTEM)
        if patience.rates(self.rng, patience.opinion(self.rng, matter).score):
            after = self.desk.now + patience.thanks_after(self.rng)
            self.desk.later(self._awake(matter, after), matter, self._rated)

    def _rated(self, matter: Matter) -> None:
        found = patience.opinion(self.rng, matter)
        says = patience.comments(self.rng, found.score)
        text = comment(self.rng, matter.language, found.reason) if says else ""
        matter.story.add(self.desk.now, "rate", CUSTOMER, score=found.score, comment=text)

    # --- Time

    def _about(self, minutes: float) -> float:
        """A waiting time around `minutes`, with the long tail that waiting has."""
        return minutes * self.rng.lognormvariate(0, 0.7)

    def _attended(self, minutes: float) -> float:
        """The moment `minutes` from now, or the next one at which somebody is at the desk."""
        at = self.desk.now + minutes
        while not any(agent.shift_at(at) for agent in self.crew.agents) and at < self.calendar.length:
            at += self.rng.uniform(20, 60)
        return at

    def _awake(self, matter: Matter, at: float) -> float:
        """The moment itself, or some time after the customer has got up."""
        up = self.calendar.awake(at, matter.story.person.time_zone)
        return at if up == at else up + self.rng.expovariate(1 / 90)
