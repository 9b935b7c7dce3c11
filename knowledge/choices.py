from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Who may read an article: its writers, the staff, or everybody."""

    DRAFT = "draft", _("draft")
    INTERNAL = "internal", _("internal")
    PUBLISHED = "published", _("published")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Simplified Chinese")

    @property
    def short(self) -> str:
        """As addresses say it: `en`, `zh`."""
        return str(self.value)[:2]

    @property
    def own_name(self) -> str:
        """As its readers write it, whatever language the page is in."""
        return {"en": "English", "zh-hans": "中文"}[self.value]

    @classmethod
    def from_short(cls, short: str) -> "Language":
        """Raises `ValueError` for what is no language of ours."""
        for language in cls:
            if language.short == short:
                return language
        raise ValueError(f"no articles in {short!r}")
