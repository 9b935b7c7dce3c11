from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article
from tickets.choices import ActorKind
from tickets.models import Category

PROVEN = 3  # tickets an article must have solved before triage itself holds it to belong to their category


class ArticleLink(models.Model):
    """How an article did in tickets of a category. Only finished tickets count, and none of an examination.

    The numbers are those of `triage.links.recount`, never added up by hand.
    """

    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("category"), related_name="article_links")
    article = models.ForeignKey(Article, models.CASCADE, verbose_name=_("article"), related_name="category_links")
    by = models.CharField(_("linked by"), max_length=10, choices=ActorKind.choices, default=ActorKind.MODEL)
    used = models.PositiveIntegerField(_("used"), default=0, help_text=_("Finished tickets it was used in."))
    solved = models.PositiveIntegerField(_("solved"), default=0, help_text=_("Tickets it was said to have solved."))
    unsaid = models.PositiveIntegerField(
        _("unsaid"), default=0, help_text=_("Finished tickets it was used in, where nobody said what solved them.")
    )

    class Meta:
        verbose_name = _("article of a category")
        verbose_name_plural = _("articles of categories")
        constraints = [
            models.UniqueConstraint(fields=["category", "article"], name="an_article_is_linked_to_a_category_once"),
            models.CheckConstraint(
                condition=Q(used__gte=models.F("solved") + models.F("unsaid")),
                name="an_article_solves_what_it_was_used_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} – {self.article}"

    @property
    def is_standing(self) -> bool:
        """It makes the article a candidate for the category: set by a person, or proven."""
        return self.by == ActorKind.PERSON or self.solved >= PROVEN

    @property
    def counts(self) -> dict[str, int]:
        return {"used": self.used, "solved": self.solved, "unsaid": self.unsaid}
