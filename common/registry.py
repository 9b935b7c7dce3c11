"""Open lists: one more of a kind is one more file."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """What a registry holds: anything with a unique `name`."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """Entries by name, found by importing every module of `package` once.

    Raises `ValueError` when two entries claim one name and `KeyError`, with the known names, when asked for a stranger.
    """

    def __init__(self, noun: str, package: str | None = None) -> None:
        self.noun = noun
        self.package = package
        self._entries: dict[str, T] = {}
        self._loaded = package is None

    def register(self, entry: T) -> T:
        known = self._entries.setdefault(entry.name, entry)
        if known is not entry:
            raise ValueError(f"two {self.noun}s are named {entry.name!r}: {known!r} and {entry!r}")
        return entry

    def __getitem__(self, name: str) -> T:
        self._load()
        try:
            return self._entries[name]
        except KeyError:
            raise KeyError(f"no {self.noun} {name!r}; known: {', '.join(self._entries)}") from None

    def __iter__(self) -> Iterator[T]:
        self._load()
        return iter(list(self._entries.values()))

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._entries

    def get(self, name: str) -> T | None:
        self._load()
        return self._entries.get(name)

    def names(self) -> list[str]:
        self._load()
        return list(self._entries)

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        assert self.package is not None
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
