from django.db import models
from django.utils.translation import gettext_lazy as _

from common.bilingual import Bilingual


class Team(Bilingual):
    """People who share a queue of tickets."""

    slug = models.SlugField(_("slug"), unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["slug"]
