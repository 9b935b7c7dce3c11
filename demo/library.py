"""The demo company's help centre in the database. Made once; a second call changes nothing."""

from collections.abc import Mapping
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from demo.company import House
from demo.texts.articles import KnownSolution, pictures, shelves
from demo.texts.company import company
from knowledge.choices import State
from knowledge.models import Article, Image, Section, Version
from people.models import User
from tickets.choices import ActorKind
from triage.models import ArticleLink


@transaction.atomic
def stock(house: House) -> dict[str, Article]:
    """The articles by slug, with sections, words in both languages, pictures and links to the house's categories.

    An article that exists already is left as it is: somebody may have edited it.
    """
    author = house.staff[company().manager.username]
    for key, path in pictures().items():
        _hang(key, path, author)
    sections = {
        section.slug: Section.objects.get_or_create(
            slug=section.slug,
            defaults={
                "name_en": section.name_en,
                "name_zh": section.name_zh,
                "description_en": section.description_en,
                "description_zh": section.description_zh,
                "icon": section.icon,
                "position": position,
            },
        )[0]
        for position, section in enumerate(shelves().sections)
    }
    known = Article.objects.in_bulk(field_name="slug")
    return {
        solution.slug: known.get(solution.slug) or _written(solution, position, sections, house, author)
        for position, solution in enumerate(shelves().solutions)
    }


def _written(
    solution: KnownSolution, position: int, sections: Mapping[str, Section], house: House, author: User
) -> Article:
    article = Article.objects.create(
        section=sections[solution.section], slug=solution.slug, position=position, author=author
    )
    for language, text in solution.texts.items():
        Version.write(article, language, title=text.title, body=text.body, by=author)
    article.set_state(solution.state)
    if solution.state != State.DRAFT:
        ArticleLink.objects.bulk_create(
            ArticleLink(category=house.categories[slug], article=article, by=ActorKind.PERSON)
            for slug in solution.categories
        )
    return article


def _hang(key: str, path: Path, author: User) -> None:
    """Under a key of its own, by which the texts show the picture."""
    if Image.objects.filter(key=key).exists():
        return
    content = path.read_bytes()
    Image.objects.create(
        key=key,
        file=ContentFile(content, name=path.name),
        name=path.name,
        content_type="image/png",
        size=len(content),
        user=author,
    )
