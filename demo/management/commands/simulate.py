from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from analytics.facts import rebuild
from demo.company import establish
from demo.simulation import now, simulate
from tickets.models import Ticket

A_DAY = 150  # tickets, where nobody says over how many days
FEWEST_DAYS, MOST_DAYS = 120, 3 * 365


class Command(BaseCommand):
    help = "Writes the past of the demo company: tickets with their whole lives, in English and Chinese."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=400)
        parser.add_argument(
            "--days",
            type=int,
            help=f"over how many days before now; else {A_DAY} tickets a day, {FEWEST_DAYS} to {MOST_DAYS} days",
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same past")

    def handle(self, *args: Any, tickets: int, days: int | None, seed: int, **options: Any) -> None:
        house = establish()
        days = days or min(max(tickets // A_DAY, FEWEST_DAYS), MOST_DAYS)
        with tqdm(total=tickets, unit=" tickets", file=self.stderr, disable=None) as bar:
            told = simulate(house, tickets=tickets, days=days, seed=seed, until=now(), progress=bar.update)
        rebuild(Ticket.objects.filter(fact=None))
        self.stdout.write(f"{told} tickets written.")
