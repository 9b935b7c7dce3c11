from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from analytics.facts import rebuild
from analytics.models import Assumptions, Fact
from demo.company import PASSWORD, establish
from demo.simulation import now, simulate
from demo.texts.company import company
from people.models import User
from tickets.links import page_url
from tickets.models import SurveySettings, Ticket
from triage.models import LearnedModel, Run
from triage.training import carry_out


class Command(BaseCommand):
    help = "Founds the demo company with its history and a trained model, once; prints who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=3000)
        parser.add_argument("--days", type=int, default=120, help="over how many days before now")
        parser.add_argument("--sign-ins", action="store_true", help="only print the sign-ins")

    def handle(self, *args: Any, tickets: int, days: int, sign_ins: bool, **options: Any) -> None:
        if not sign_ins:
            self._found(tickets, days)
        self._print_sign_ins()

    def _found(self, tickets: int, days: int) -> None:
        """What is there already stays as it is."""
        house = establish()
        SurveySettings.objects.get_or_create(defaults={"delay": 0, "quiet_from": 0, "quiet_to": 0})
        if not Ticket.objects.exists():
            self.stderr.write(f"Writing {tickets} tickets of the last {days} days …")
            simulate(house, tickets=tickets, days=days, seed=1, until=now())
        if not Assumptions.objects.exists():
            Assumptions.objects.create(valid_from=now().date() - timedelta(days=days))
        if not Fact.objects.exists():
            self.stderr.write("Reckoning …")
            rebuild()
        if not LearnedModel.objects.exists():
            self.stderr.write("Learning from them …")
            call_command("train", stdout=self.stdout, stderr=self.stderr)
            carry_out(Run.objects.create(kind=Run.Kind.REAPPLY))

    def _print_sign_ins(self) -> None:
        known = company()
        agent = User.objects.get(username=known.agents[0].username)
        ticket = Ticket.objects.filter(assignee=agent).open().select_related("customer").order_by("-pk").first()
        site = settings.SITE_URL
        rows = [
            ("agent", f"{site}/inbox/", f"{agent.username} / {PASSWORD}"),
            ("manager", f"{site}/reports/", f"{known.manager.username} / {PASSWORD}"),
            ("administrator", f"{site}/admin/", f"{known.administrator.username} / {PASSWORD}"),
            ("customer", f"{site}/support/new", "no sign-in needed"),
            ("help centre", f"{site}/help/", "no sign-in needed"),
            ("all mail sent", f"{site}/mailbox/", "no sign-in needed"),
        ]
        if ticket:
            rows.insert(4, ("a customer's ticket", page_url(ticket, ticket.customer), "the link is the key"))
        width = max(len(address) for _who, address, _key in rows[:4])
        for who, address, key in rows:
            self.stdout.write(f"  {who:<20} {address:<{width}}  {key}")
