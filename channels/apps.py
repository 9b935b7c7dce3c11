from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "channels"
    verbose_name = _("Channels")

    def ready(self) -> None:
        from tickets.consumers import Consumer, consumers

        from . import history, outgoing  # noqa: F401  the kinds of events of this room

        consumers.register(Consumer("deliver", frozenset(outgoing.POSTS), "channels.tasks.deliver", outgoing.post))
