from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        pre_delete.connect(_forget, sender="knowledge.Version")


def _forget(instance: Any, **_: Any) -> None:
    """A deleted version, by whatever way, no longer counts as one that holds a word."""
    from .search import forget

    forget(instance)
