"""The customer's two doors to a ticket, the mailed link and the own session, lead to the same pages."""

from django.urls import URLPattern, path

from .views import customer, survey


def _door(address: str, name: str) -> list[URLPattern]:
    return [
        path(address, customer.ticket, name=name),
        path(f"{address}answer/", customer.answer, name=f"{name}_answer"),
        path(f"{address}solved/", customer.solved, name=f"{name}_solved"),
        path(f"{address}reopen/", customer.reopen, name=f"{name}_reopen"),
        path(f"{address}rate/", customer.rate, name=f"{name}_rate"),
        path(f"{address}news/", customer.news, name=f"{name}_news"),
        path(f"{address}files/<str:key>/", customer.file, name=f"{name}_file"),
    ]


urlpatterns = [
    path("my/", customer.my_tickets, name="my_tickets"),
    path("rate/<str:token>/", survey.rate, name="rate"),
    *_door("t/<str:token>/", "link"),
    *_door("my/<int:number>/", "my_ticket"),
]
