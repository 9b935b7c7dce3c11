from typing import Any

from django.core.management.base import BaseCommand

from knowledge import search


class Command(BaseCommand):
    help = (
        "Makes the help centre's search index anew. Writing an article keeps it up to date by itself; this is for"
        " after an update that changed how words are cut or weighed (the changelog says so), and after articles were"
        " loaded straight into the database."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{search.rebuild()} versions indexed")
