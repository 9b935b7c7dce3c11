"""What triage learned, what it thinks of each ticket, what helped, and the long work of its trainer."""

from .exam import Exam
from .learned import LearnedModel
from .link import ArticleLink
from .outcome import Outcome, subject_of
from .run import Run
from .suggestion import Suggestion
from .target import LEARNED, UNDECIDED, Target

__all__ = [
    "LEARNED",
    "UNDECIDED",
    "ArticleLink",
    "Exam",
    "LearnedModel",
    "Outcome",
    "Run",
    "Suggestion",
    "Target",
    "subject_of",
]
