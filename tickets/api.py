"""Tickets for other programs: their shape in JSON, and reading them."""

from functools import lru_cache
from typing import Any, cast

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import pagination, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common import keyset
from common.kept import Given, Kept, fill
from people.access import Scope, scope_of
from people.models import Customer, Identity, Team, User
from people.models.customer import identify, normalised

from .choices import Priority, Status
from .models import Attachment, Category, Event, Message, Ticket
from .names import Names
from .timeline import files_of
from .views.files import serve

NOBODY = "none"  # the value of a filter that asks for what has no team, assignee or category
PRIORITIES = [priority.slug for priority in Priority]


class Strict(serializers.Serializer):
    """Refuses what it does not know: a misspelt field must not be lost in silence, nor a hidden one be set."""

    def to_internal_value(self, data: Any) -> Any:
        words = super().to_internal_value(data)
        if strange := sorted(set(data) - set(self.fields)):
            raise serializers.ValidationError({name: ["There is no such field."] for name in strange})
        return words


class StrictSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Tells the readers of the description the same."""

    target_class = Strict
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}


class Said(serializers.Serializer):
    """Why not."""

    detail = serializers.CharField()


class Faults(Said):
    """What is wrong with which field."""

    errors = serializers.DictField(child=serializers.JSONField())  # type: ignore[assignment]


WRITING_FAULTS = {400: Faults, 401: Said, 404: Said, 409: Said, 422: Said}


class PriorityField(serializers.ChoiceField):
    """`low` to `urgent` outside, a number that sorts inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=PRIORITIES, **kwargs)

    def to_representation(self, value: Any) -> str:
        return Priority(value).slug

    def to_internal_value(self, data: Any) -> Any:
        return Priority.from_slug(super().to_internal_value(data))


class CustomerShape(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.CharField(source="address", help_text="Empty for a customer without a mail address.")


class AttachmentShape(serializers.Serializer):
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    url = serializers.SerializerMethodField(help_text="Where this API hands out the file.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, attachment: Attachment) -> str:
        args = [attachment.message.ticket.number, attachment.key]
        return reverse("api:ticket-attachment", args=args, request=self.context["request"])


class MessageShape(serializers.Serializer):
    id = serializers.IntegerField()
    author = serializers.ChoiceField(choices=["customer", "person", "rule", "model", "system"])
    author_name = serializers.CharField()
    public = serializers.BooleanField(source="is_public", help_text="False for a note among the staff.")
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    attachments = AttachmentShape(many=True)


class TicketShape(serializers.Serializer):
    number = serializers.IntegerField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    priority = PriorityField()
    category = serializers.CharField(source="category.slug", default=None, allow_null=True)
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    assignee = serializers.CharField(source="assignee.username", default=None, allow_null=True)
    customer = CustomerShape()
    channel = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField()
    created_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    last_message_at = serializers.DateTimeField()


class TicketWithMessages(TicketShape):
    score = serializers.IntegerField(
        source="survey.score",
        default=None,
        allow_null=True,
        min_value=1,
        max_value=5,
        help_text="The customer's opinion, 5 being the best.",
    )
    score_comment = serializers.CharField(source="survey.comment", default="")
    messages = MessageShape(many=True)


class Wanted(Strict):
    """The filters of the list. A name nobody bears is an error; a customer nobody knows is an empty list."""

    status = serializers.MultipleChoiceField(choices=Status.choices, required=False)
    team = serializers.SlugField(required=False, help_text=f"Slug of a team, or `{NOBODY}`.")
    assignee = serializers.CharField(
        required=False, max_length=150, help_text=f"Username of a member of staff, or `{NOBODY}`."
    )
    category = serializers.SlugField(required=False, help_text=f"Slug of a category, or `{NOBODY}`.")
    customer = serializers.EmailField(required=False, help_text="Mail address.")
    updated_since = serializers.DateTimeField(
        required=False, help_text="Tickets of which anything changed at this time or later."
    )
    cursor = serializers.CharField(required=False, help_text="From `next` of the page before.")

    NAMES = {"team": (Team, "slug"), "assignee": (User, "username"), "category": (Category, "slug")}

    def narrow(self, tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
        words = self.validated_data
        if words.get("status"):
            tickets = tickets.filter(status__in=words["status"])
        for name, (_model, field) in self.NAMES.items():
            if value := words.get(name):
                tickets = tickets.filter(**({name: None} if value == NOBODY else {f"{name}__{field}": value}))
        if address := words.get("customer"):
            value = normalised(Identity.Kind.MAIL, address)
            tickets = tickets.filter(customer__in=Customer.objects.known_as(Identity.Kind.MAIL, value))
        if since := words.get("updated_since"):
            tickets = tickets.filter(pk__in=Event.objects.filter(at__gte=since).values("ticket"))
        return tickets

    def check_names(self) -> None:
        """Raises `ValidationError` for a name that is nobody's. Only an empty list needs to ask."""
        for name, (model, field) in self.NAMES.items():
            value = self.validated_data.get(name, NOBODY)
            if value != NOBODY and not model.objects.filter(**{field: value}).exists():  # type: ignore[attr-defined]
                raise serializers.ValidationError({name: [f"There is no {name} “{value}”."]})


class Pages(pagination.BasePagination):
    """25 at a time after a cursor: the thousandth page costs what the first does, and new rows never shift it."""

    size = 25
    order = ("-last_message_at", "-pk")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        cursor = request.query_params.get("cursor", "")
        try:
            rows, self.next = keyset.page(queryset, self.order, size=self.size, cursor=cursor)
        except keyset.BadCursor:
            raise serializers.ValidationError({"cursor": ["This is no cursor of this list."]}) from None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        after = None
        if self.next:
            words = self.request.query_params.copy()
            words["cursor"] = self.next
            after = f"{self.request.build_absolute_uri(self.request.path)}?{words.urlencode()}"
        return Response({"next": after, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema | {"maxItems": self.size},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []  # the cursor stands among the filters


@lru_cache(maxsize=200)
def _ticket(scope: Scope) -> Kept[Ticket]:
    whole = Ticket.objects.within(scope).select_related("customer", "category", "team", "assignee", "survey")
    return Kept(lambda: whole.filter(number=Given("number")))


_MESSAGES = Kept(
    lambda: Message.objects.filter(ticket=Given("ticket")).order_by("pk").select_related("user", "customer")
)


def _whole(ticket: Ticket) -> Ticket:
    """With all that is shown of it: three statements."""
    identify([ticket.customer])
    files, messages = files_of(ticket.pk), _MESSAGES(ticket=ticket.pk)
    for message in messages:
        fill(message, "attachments", files.get(message.pk, []))
    fill(ticket, "messages", messages)
    return ticket


class TicketReading(viewsets.GenericViewSet):
    """Another team's ticket answers exactly like one that does not exist."""

    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class = Pages
    serializer_class = TicketShape

    def get_queryset(self) -> "QuerySet[Ticket]":
        tickets = Ticket.objects.visible_to(cast(User, self.request.user))
        return tickets.select_related("customer")

    @extend_schema(
        summary="Tickets, newest message first",
        parameters=[Wanted],
        responses={200: TicketShape(many=True), 400: Faults, 401: Said},
    )
    def list(self, request: Request) -> Response:
        wanted = Wanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        rows = self.paginate_queryset(wanted.narrow(self.get_queryset())) or []
        if not rows:
            wanted.check_names()
        Names().attach(rows)
        identify([ticket.customer for ticket in rows])
        return self.get_paginated_response(TicketShape(rows, many=True).data)

    @extend_schema(summary="One ticket with its messages", responses={200: TicketWithMessages, 401: Said, 404: Said})
    def retrieve(self, request: Request, number: str) -> Response:
        ticket = _ticket(scope_of(cast(User, request.user))).first(number=int(number))
        if ticket is None:
            raise Http404
        return Response(TicketWithMessages(_whole(ticket), context={"request": request}).data)

    @extend_schema(
        summary="A file of the ticket",
        parameters=[OpenApiParameter("key", location="path", pattern="^[A-Za-z0-9_-]{1,40}$")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 401: Said, 404: Said},
    )
    @action(detail=True, url_path="attachments/(?P<key>[A-Za-z0-9_-]{1,40})")
    def attachment(self, request: Request, number: str, key: str) -> FileResponse:
        return serve(Ticket.objects.visible_to(cast(User, request.user)), int(number), key, public_only=False)
