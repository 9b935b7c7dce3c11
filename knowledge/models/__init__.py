"""What the company knows: articles in sections, each in English, Chinese or both."""

from .article import Article, Section
from .deflection import Deflection
from .feedback import Feedback
from .image import Image
from .posting import Posting, Term
from .version import Revision, Version

__all__ = ["Article", "Deflection", "Feedback", "Image", "Posting", "Revision", "Section", "Term", "Version"]
