"""The invented company whose desk the demo shows: its categories, teams, staff and business customers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; a leaf has a `share`, how often it comes up beside its sisters."""

    slug: str
    name_en: str
    name_zh: str
    team: str
    priority: str
    parent: str | None = None
    share: float = 0
    out_of_scope: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    slug: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who signs in.

    `skills` maps leaf slugs to 0..1 (a leaf not named counts as 0), `speed` is 1.0 for an average agent and
    larger for a faster one, `quality` is the share of first answers that settle the matter.
    """

    username: str
    name: str
    email: str
    languages: tuple[str, ...]
    time_zone: str
    teams: tuple[str, ...]
    skills: Mapping[str, float]
    speed: float = 1.0
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    domain: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Company:
    name_en: str
    name_zh: str
    domain: str
    categories: tuple[Category, ...]
    teams: tuple[Team, ...]
    agents: tuple[Staff, ...]
    manager: Staff
    administrator: Staff
    organisations: tuple[Organisation, ...]

    @property
    def leaves(self) -> tuple[Category, ...]:
        return tuple(category for category in self.categories if category.share)


@cache
def company() -> Company:
    raw = tomllib.loads((HERE / "company.toml").read_text("utf-8"))
    domain = raw["domain"]
    return Company(
        name_en=raw["name_en"],
        name_zh=raw["name_zh"],
        domain=domain,
        categories=tuple(Category(**row) for row in raw["categories"]),
        teams=tuple(Team(**row) for row in raw["teams"]),
        agents=tuple(_staff(row, domain) for row in raw["agents"]),
        manager=_staff(raw["manager"], domain),
        administrator=_staff(raw["administrator"], domain),
        organisations=tuple(Organisation(**row) for row in raw["organisations"]),
    )


def _staff(row: dict[str, Any], domain: str) -> Staff:
    return Staff(
        username=row["username"],
        name=row["name"],
        email=f"{row['username']}@{domain}",
        languages=tuple(row["languages"]),
        time_zone=row["time_zone"],
        teams=tuple(row["teams"]),
        skills=row.get("skills", {}),
        speed=row.get("speed", 1.0),
        quality=row.get("quality", 1.0),
    )
