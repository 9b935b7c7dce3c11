"""The tree of labels: which are too young to be learned, and which parent stands for close children."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Parents = Mapping[str, str | None]
YOUNGEST = 3  # rows: temperature scaling needs one of each class in each of its three folds


def ancestors(label: str, parents: Parents) -> list[str]:
    """From the parent up to the root; a circle, which a tree should not have, ends it."""
    found: list[str] = []
    above = parents.get(label)
    while above is not None and above != label and above not in found:
        found.append(above)
        above = parents.get(above)
    return found


def settle(labels: Sequence[str], parents: Parents) -> dict[str, str | None]:
    """Where the rows of each label go: itself, the nearest ancestor that gets three rows, or None (dropped).

    Deepest first, so that the rows of young siblings gather in their parent before it is judged.
    """
    rows = Counter(labels)
    lines = {label: ancestors(label, parents) for label in rows}
    lines |= {above: ancestors(above, parents) for line in list(lines.values()) for above in line}
    moved: dict[str, str | None] = {}
    for label in sorted(lines, key=lambda name: (-len(lines[name]), name)):
        if 0 < rows[label] < YOUNGEST:
            above = next((name for name in lines[label] if name not in moved), None)
            moved[label] = above
            if above is not None:
                rows[above] += rows[label]
    return {label: _settled(label, moved) for label in sorted(set(labels))}


def _settled(label: str, moved: Mapping[str, str | None]) -> str | None:
    at: str | None = label
    while at is not None and at in moved:
        at = moved[at]
    return at


@dataclass(frozen=True)
class Families:
    """Labels with two or more, but not all, of `classes` at or below them.

    `member` has shape (families, classes); `home` gives each class the row of its nearest family, or -1.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    member: np.ndarray
    home: np.ndarray

    @classmethod
    def of(cls, classes: Sequence[str], parents: Parents) -> "Families":
        lines = [[label, *ancestors(label, parents)] for label in classes]
        size = Counter(name for line in lines for name in line)
        names = tuple(sorted(name for name, count in size.items() if 2 <= count < len(classes)))
        member = np.array([[name in line for line in lines] for name in names], dtype=bool)
        near = [next((names.index(name) for name in line if name in names), -1) for line in lines]
        return cls(tuple(classes), names, member.reshape(len(names), len(classes)), np.array(near, dtype=int))

    def below(self, label: str) -> list[int]:
        """The classes that `label` speaks for: itself, or all below it."""
        if label in self.names:
            return np.flatnonzero(self.member[self.names.index(label)]).tolist()
        return [self.classes.index(label)] if label in self.classes else []
