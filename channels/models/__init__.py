"""Messages on their way: in (raw bytes first) and out (a row first)."""

from .delivery import Delivery
from .inbound import Inbound, KeyReused
from .letter import Letter
from .notice import Notice

__all__ = ["Delivery", "Inbound", "KeyReused", "Letter", "Notice"]
