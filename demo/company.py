"""The demo company in the database: teams, staff, categories, skills. Made once; a second call changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from common.copying import copy, give_keys
from demo.texts.company import Staff, company
from demo.texts.customers import Person
from people.models import Customer, Identity, Organisation, Presence, Role, Team, User
from tickets.choices import Priority
from tickets.models import Category, Skill

PASSWORD = "demo-helpdesk"  # noqa: S105  of the demo, printed for whoever started it
AWAY = {"amir.karimi", "wu.hao", "sofia.lindqvist"}


@dataclass(frozen=True, slots=True)
class House:
    """The rows a simulation needs, by slug and username."""

    teams: dict[str, Team]
    staff: dict[str, User]
    categories: dict[str, Category]


@transaction.atomic
def establish() -> House:
    known = company()
    teams = {
        team.slug: Team.objects.get_or_create(
            slug=team.slug, defaults={"name_en": team.name_en, "name_zh": team.name_zh}
        )[0]
        for team in known.teams
    }
    categories: dict[str, Category] = {}
    for node in known.categories:
        categories[node.slug], _ = Category.objects.get_or_create(
            slug=node.slug,
            defaults={
                "name_en": node.name_en,
                "name_zh": node.name_zh,
                "parent": categories.get(node.parent or ""),
                "team": teams[node.team] if node.team else None,
                "default_priority": Priority.from_slug(node.priority),
            },
        )
    staff = {person.username: _employed(person, Role.AGENT, teams, categories) for person in known.agents}
    staff[known.manager.username] = _employed(known.manager, Role.MANAGER, teams, categories)
    staff[known.administrator.username] = _employed(known.administrator, Role.ADMINISTRATOR, teams, categories)
    return House(teams, staff, categories)


def _employed(person: Staff, role: str, teams: dict[str, Team], categories: dict[str, Category]) -> User:
    known = User.objects.filter(username=person.username).first()
    if known:
        return known
    first, _space, last = person.name.partition(" ")
    user = User(
        username=person.username,
        email=person.email,
        first_name=first,
        last_name=last,
        role=role,
        time_zone=person.time_zone,
        language="",
    )
    user.password = _hashed()
    user.save()
    user.set_presence(Presence.AWAY if person.username in AWAY else Presence.ONLINE)
    user.teams.set([teams[slug] for slug in person.teams])
    Skill.objects.bulk_create(
        Skill(user=user, category=categories[slug], level=level) for slug, level in person.skills.items()
    )
    return user


@cache
def _hashed() -> str:
    """Hashing takes half a second by design; a dozen people share one word."""
    return make_password(PASSWORD)


def customers(arrivals: Sequence[tuple[Person, datetime]]) -> dict[str, Customer]:
    """Rows for many invented customers at once, by address, known since their first arrival.

    Known addresses keep their customer.
    """
    first = {person.email: at for person, at in sorted(arrivals, key=lambda arrival: arrival[1], reverse=True)}
    people = list({person.email: person for person, _at in arrivals}.values())
    names = {person.organisation for person in people if person.organisation}
    Organisation.objects.bulk_create([Organisation(name=name) for name in sorted(names)], ignore_conflicts=True)
    organisations = Organisation.objects.in_bulk(list(names), field_name="name")
    known = {
        identity.value: identity.customer
        for identity in Identity.objects.filter(
            kind=Identity.Kind.MAIL, value__in=[person.email for person in people]
        ).select_related("customer")
    }
    new = {
        person.email: Customer(
            name=person.name,
            organisation=organisations.get(person.organisation or ""),
            language=person.language,
            time_zone=person.time_zone,
            created_at=first[person.email],
        )
        for person in people
        if person.email not in known
    }
    give_keys(list(new.values()))
    copy(new.values())
    identities = [Identity(customer=customer, value=address) for address, customer in new.items()]
    give_keys(identities)
    copy(identities)
    return known | new
