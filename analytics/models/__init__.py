from .assumptions import Assumptions
from .edition import Edition
from .fact import Fact
from .target import Target

__all__ = ["Assumptions", "Edition", "Fact", "Target"]
