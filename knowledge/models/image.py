import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.files import shown_name
from people.models import User

# What every browser draws and none runs.
TYPES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


def random_key() -> str:
    return secrets.token_urlsafe(18)


def storage_name(image: "Image", filename: str) -> str:
    """A random name outside any served folder; what the writer called the file stays in the row."""
    return f"articles/{image.key[:2]}/{image.key}"


class Image(models.Model):
    """A picture that articles show, by its unguessable key. Never changed."""

    key = models.CharField(max_length=40, unique=True, default=random_key, editable=False)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=40, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("knowledge:image", args=[self.key])

    @classmethod
    def keep(cls, name: str, content: bytes, content_type: str, *, by: User | None = None) -> "Image":
        """Stores it. Raises `ValueError` for a type that is not among `TYPES`."""
        if content_type not in TYPES:
            raise ValueError(f"{content_type} is no type of picture that articles show")
        image = cls(name=shown_name(name), content_type=content_type, size=len(content), user=by)
        image.file.save(image.name, ContentFile(content), save=False)
        image.save()
        return image

    @property
    def markdown(self) -> str:
        """As it stands in an article, with its name as what is said of it until the writer says more."""
        words = self.name.rsplit(".", 1)[0].translate(str.maketrans("[]\\", "() "))
        return f"![{words}]({self.get_absolute_url()})"
