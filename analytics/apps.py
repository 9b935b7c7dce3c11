from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from tickets.consumers import Consumer, consumers

        from . import facts, history

        task = "analytics.tasks.keep_facts"
        consumers.register(Consumer(facts.CONSUMER, history.KINDS, task, facts.handle, rings=False))
