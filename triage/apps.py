from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TriageConfig(AppConfig):
    name = "triage"
    verbose_name = _("Triage")

    def ready(self) -> None:
        from tickets.choices import ActorKind
        from tickets.consumers import Consumer, consumers

        from . import alike, apply, history  # noqa: F401  history registers its kinds

        triage = Consumer("triage", apply.KINDS, "triage.tasks.consume", apply.handle, itself=ActorKind.MODEL)
        consumers.register(triage)
        task = "triage.tasks.find_similar"
        similar = Consumer("similar", frozenset({"opened"}), task, alike.handle, rings=False, after="triage")
        consumers.register(similar)
