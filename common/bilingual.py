"""Names that the house's people give, in both languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Bilingual(models.Model):
    """A name in English and Chinese; a missing one falls back to the other."""

    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        names = (
            (self.name_zh, self.name_en) if (get_language() or "").startswith("zh") else (self.name_en, self.name_zh)
        )
        return names[0] or names[1]
