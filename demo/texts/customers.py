"""Customers who never lived, with mail addresses on domains reserved for examples (RFC 2606)."""

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from demo.texts.company import HERE, Organisation, company


@dataclass(frozen=True, slots=True)
class Person:
    """A customer: `name` in full, `called` as a friendly letter begins ("Marta", "王磊")."""

    name: str
    email: str
    organisation: str | None
    language: str
    time_zone: str
    called: str


class Register:
    """Draws customers from a random stream and never gives one mail address twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._taken: set[str] = set()

    def name(self, language: str) -> tuple[str, str]:
        """A full name and its form of address, for somebody of no further account."""
        name, called, _, _ = _drawn(language, _names()[language], self.rng)
        return name, called

    def customer(self, language: str) -> Person:
        names = _names()[language]
        name, called, given, family = _drawn(language, names, self.rng)
        offices = _offices(language)
        office = self.rng.choice(offices) if self.rng.random() < 0.22 else None
        domain = office.domain if office else self.rng.choice(names["domains"])
        return Person(
            name=name,
            email=self._address(given, family, domain, private=office is None),
            organisation=office.name if office else None,
            language=language,
            time_zone=office.time_zone if office else self.rng.choice(names["time_zones"]),
            called=called,
        )

    def _address(self, given: str, family: str, domain: str, private: bool) -> str:
        local = self.rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{given}{family}", f"{family}.{given}"))
        if private and self.rng.random() < 0.5:
            local += str(self.rng.randrange(1, 1000))
        address, attempt = f"{local}@{domain}", 1
        while address in self._taken:
            attempt += 1
            address = f"{local}{attempt + self.rng.randrange(9000)}@{domain}"
        self._taken.add(address)
        return address


def _drawn(language: str, names: dict[str, Any], rng: random.Random) -> tuple[str, str, str, str]:
    """Full name, form of address, and given and family name in the letters of a mail address."""
    given, family = rng.choice(names["given"]), rng.choice(names["family"])
    if language == "en":
        return f"{given} {family}", given, _ascii(given), _ascii(family)
    (given, given_latin), (family, family_latin) = given.split(), family.split()
    return family + given, family + given, given_latin, family_latin


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalpha())


@cache
def _names() -> dict[str, Any]:
    return tomllib.loads((HERE / "names.toml").read_text("utf-8"))


@cache
def _offices(language: str) -> tuple[Organisation, ...]:
    return tuple(office for office in company().organisations if office.language == language)
