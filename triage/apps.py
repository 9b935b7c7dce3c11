from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TriageConfig(AppConfig):
    name = "triage"
    verbose_name = _("Triage")

    def ready(self) -> None:
        from tickets.consumers import Consumer, consumers

        from . import alike, apply, history  # noqa: F401  history registers its kinds

        consumers.register(Consumer("triage", apply.KINDS, "triage.tasks.consume", apply.handle))
        consumers.register(Consumer("similar", frozenset({"opened"}), "triage.tasks.find_similar", alike.handle))
