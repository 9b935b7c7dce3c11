from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from triage.models import LearnedModel, Run
from triage.training import TRAINER, alone, carry_out


class Command(BaseCommand):
    help = "Learns category and priority from all decided tickets, here and now."

    def handle(self, *args: Any, **options: Any) -> None:
        run, _is_new = Run.objects.get_or_create(kind=Run.Kind.TRAIN, state=Run.State.QUEUED)
        with alone(TRAINER) as free:
            if not free:
                raise CommandError("The trainer is at work and will do this one next. Watch the model page.")
            self._train(run)
        if run.error:
            raise CommandError(
                "There is too little to learn from: at least three tickets of one category are needed. "
                "Decide some, or import solved tickets, then train again."
            )
        for row in LearnedModel.objects.active():
            self.stdout.write(_line(row))

    def _train(self, run: Run) -> None:
        bar_format = "{desc:<20} {percentage:3.0f}% |{bar}| {elapsed}"
        with tqdm(total=1.0, bar_format=bar_format, file=self.stderr, disable=None) as bar:

            def show(share: float, stage: str) -> None:
                bar.set_description_str(stage)
                bar.update(share - bar.n)

            carry_out(run, show)


def _line(row: LearnedModel) -> str:
    report, measured = row.report, ""
    if report["judged"]:
        measured = (
            f", macro-F1 {report['macro_f1']:.1%} (baseline {report['baseline']['macro_f1']:.1%}), "
            f"sure of {report['coverage']:.0%} at {report['precision']:.1%} right"
        )
    return f"{row}: {report['used']} tickets, {report['classes']} classes{measured}"
