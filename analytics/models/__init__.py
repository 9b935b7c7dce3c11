from .assumptions import Assumptions
from .fact import Fact
from .target import Target

__all__ = ["Assumptions", "Fact", "Target"]
