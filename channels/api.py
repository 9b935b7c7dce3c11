"""The API as a way in: other programs open tickets, reply and write notes, each request once."""

import json
import uuid
from collections.abc import Callable
from typing import Any, cast

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from people.access import sees_everything
from people.models import Customer, Team, User
from tickets.api import WRITING_FAULTS, MessageShape, PriorityField, Strict, TicketReading, TicketShape
from tickets.choices import Priority, Status
from tickets.intake import Incoming, receive
from tickets.models import Category, Message, Ticket

from .models import Inbound

LONGEST = 100_000  # characters
LONGEST_KEY = 100
KEY = OpenApiParameter(
    "Idempotency-Key",
    location="header",
    description="At most 100 characters of your choice. The same key with the same request does it once and answers "
    "alike; with another request it is refused with 422.",
)


class Author(Strict):
    """Who wrote: the customer with this address, made if new."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class NewTicket(Strict):
    """A customer's first words, come by some way that only you know."""

    subject = serializers.CharField(max_length=250, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=LONGEST, help_text="The customer's words.")
    customer = Author()
    priority = PriorityField(required=False, default=Priority.NORMAL)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=20, required=False, default=list
    )
    category = serializers.SlugRelatedField(
        slug_field="slug", queryset=Category.objects.filter(is_active=True), required=False, default=None
    )
    team = serializers.SlugField(required=False, default="", help_text="An agent may name own teams only.")

    def validate_team(self, slug: str) -> Team | None:
        user = self.context["user"]
        teams = Team.objects.all() if sees_everything(user) else Team.objects.filter(members=user)
        team = teams.filter(slug=slug).first() if slug else None
        if slug and team is None:
            raise serializers.ValidationError(f"There is no team “{slug}” that you belong to.")
        return team


class NewMessage(Strict):
    """Your reply to the customer, or a note for the staff."""

    text = serializers.CharField(max_length=LONGEST)
    public = serializers.BooleanField(help_text="True: a reply to the customer. False: a note among the staff.")
    then = serializers.ChoiceField(
        choices=[Status.OPEN, Status.WAITING, Status.HOLD, Status.RESOLVED, Status.CLOSED],
        required=False,
        help_text="The status after a reply; `waiting` if not said.",
    )

    def validate(self, words: dict[str, Any]) -> dict[str, Any]:
        if "then" in words and not words["public"]:
            raise serializers.ValidationError({"then": ["A note leaves the status as it is."]})
        return words


class Tickets(TicketReading):
    @extend_schema(
        summary="Open a ticket", request=NewTicket, responses={201: TicketShape, **WRITING_FAULTS}, parameters=[KEY]
    )
    def create(self, request: Request) -> Response:
        form = NewTicket(data=request.data, context={"user": request.user})
        form.is_valid(raise_exception=True)
        inbound, is_new = _once(request, lambda: (_opened(form.validated_data, cast(User, request.user)), None))
        # Sent again, it is read anew: it may have gone where this person sees it no more.
        ticket = inbound.ticket if is_new else get_object_or_404(self.get_queryset(), pk=inbound.ticket_id)
        return Response(TicketShape(ticket).data, status=201)

    @extend_schema(
        summary="Reply or write a note",
        request=NewMessage,
        responses={201: MessageShape, **WRITING_FAULTS},
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, number: str) -> Response:
        ticket = self.get_object()
        form = NewMessage(data=request.data)
        form.is_valid(raise_exception=True)
        inbound, _ = _once(request, lambda: (ticket, _said(ticket, form.validated_data, cast(User, request.user))))
        return Response(MessageShape(inbound.message, context={"request": request}).data, status=201)


@transaction.atomic
def _once(request: Request, act: Callable[[], tuple[Ticket, Message | None]]) -> tuple[Inbound, bool]:
    """Stores the request, acts on it, and says how it ended and whether it was new, in one transaction.

    A request that came before under its key is not acted on again. Keys of different people never meet.
    Raises `channels.models.KeyReused` when the key came with another request.
    """
    key = request.headers.get("Idempotency-Key") or str(uuid.uuid4())
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise serializers.ValidationError({"Idempotency-Key": [f"At most {LONGEST_KEY} characters of ASCII."]})
    body = json.dumps(request.data, ensure_ascii=False, sort_keys=True)
    inbound, is_new = Inbound.take(
        channel="api",
        key=f"{request.user.pk}:{key}",
        raw=f"{request.method} {request.path}\n{body}".encode(errors="replace"),
        sender=request.user.get_username(),
    )
    if is_new:
        ticket, message = act()
        state = Inbound.State.APPENDED if message else Inbound.State.TICKETED
        inbound.settle(state, ticket=ticket, message=message)
    return inbound, is_new


def _opened(words: dict[str, Any], user: User) -> Ticket:
    author = words["customer"]
    customer = Customer.with_address(author["email"], name=author["name"])
    return receive(
        Incoming(
            channel="api",
            customer=customer,
            subject=words["subject"],
            text=words["text"],
            by=user,
            priority=words["priority"],
            tags=[tag for tag in words["tags"] if tag.strip()],
            category=words["category"],
            team=words["team"] or None,
        )
    )


def _said(ticket: Ticket, words: dict[str, Any], user: User) -> Message:
    if words["public"]:
        event = ticket.reply(words["text"], by=user, then=words.get("then", Status.WAITING))
    else:
        event = ticket.note(words["text"], by=user)
    assert event is not None and event.message is not None  # noqa: PT018  both only lack with a key
    return event.message
