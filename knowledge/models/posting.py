"""The search's index. Written and read by `knowledge.search` alone; all of it can be made anew from the versions."""

from django.db import models

from .version import Version


class Term(models.Model):
    """A word and how many versions hold it. The empty word stands in all of them."""

    text = models.CharField(primary_key=True, max_length=80, db_collation="C")  # so that a prefix is a range
    versions = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.text


class Posting(models.Model):
    """A word stands in a version, with what it adds to the version's rank before its rarity is known."""

    term = models.CharField(max_length=80, db_collation="C")
    version = models.ForeignKey(Version, models.CASCADE, related_name="postings")
    impact = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["term", "-impact", "version"], name="knowledge_best_by_term")]

    def __str__(self) -> str:
        return f"{self.term}: {self.version_id}"
