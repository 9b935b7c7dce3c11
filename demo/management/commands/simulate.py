from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from demo.company import establish
from demo.simulation import now, simulate


class Command(BaseCommand):
    help = "Writes the past of the demo company: tickets with their whole lives, in English and Chinese."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=400)
        parser.add_argument("--days", type=int, default=45, help="over how many days before now")
        parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same past")

    def handle(self, *args: Any, tickets: int, days: int, seed: int, **options: Any) -> None:
        house = establish()
        with tqdm(total=tickets, unit=" tickets", file=self.stderr, disable=None) as bar:
            told = simulate(house, tickets=tickets, days=days, seed=seed, until=now(), progress=bar.update)
        self.stdout.write(f"{told} tickets written.")
