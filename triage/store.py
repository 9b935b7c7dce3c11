"""Model files: written, verified and loaded here alone. Workers only: it imports scikit-learn when it loads.

A file is named by one row, which knows its size, its SHA-256 and the libraries it was made with; what does
not match is refused, and tickets go on without suggestions.
"""

import hashlib
from importlib.metadata import version
from secrets import token_hex
from typing import TYPE_CHECKING

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import CharField, Max

from common.kept import Given, Kept

from .models import LearnedModel

if TYPE_CHECKING:
    from .learn.model import Model

log = structlog.get_logger(__name__)

KEPT = 3  # files a target keeps: the active one and two to look back at


class ModelRefused(Exception):
    """There is no model to use. `code` says why: a key of `suggest.SILENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_loaded: dict[str, tuple[int, "Model"]] = {}  # target → (id of the row, model): one each for a process


def save(target: str, model: "Model") -> LearnedModel:
    """Writes the file under a name of its own, then the row that makes it count and retires the former.

    A file that was written only half is one that no row names.
    """
    from .learn import files

    data = files.dumps(model)
    name = _files().save(f"{target}/{token_hex(8)}.model", ContentFile(data))
    with transaction.atomic():
        former = LearnedModel.objects.filter(target=target)
        former.active().update(state=LearnedModel.State.RETIRED)
        row = LearnedModel.objects.create(
            target=target,
            version=(former.aggregate(last=Max("version"))["last"] or 0) + 1,
            file=name,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            libraries=model.report["libraries"],
            data_digest=model.report["data_digest"],
            threshold=model.threshold,
            report=model.report,
        )
    _tidy(target)
    return row


def load(target: str) -> tuple[LearnedModel, "Model"]:
    """The active model of `target`, verified once for each process and row. Raises `ModelRefused`."""
    row = _ACTIVE.first(target=target)
    if row is None:
        raise ModelRefused("no_model")
    known = _loaded.get(target)
    if known is None or known[0] != row.pk:
        known = _loaded[target] = row.pk, _read(row)
    return row, known[1]


_ACTIVE = Kept(lambda: LearnedModel.objects.active().filter(target=Given("target", CharField())).defer("report"))


def _read(row: LearnedModel) -> "Model":
    from .learn import files

    if row.libraries.get("scikit-learn") != version("scikit-learn"):
        raise _refused(row, "versions")
    data = _verified(row)
    try:
        return files.loads(data)
    except files.ModelUnreadable as error:
        raise _refused(row, "unreadable") from error


def _verified(row: LearnedModel) -> bytes:
    try:
        with _files().open(row.file) as file:
            data = file.read()
    except (OSError, ValueError) as error:  # ValueError: a row without a name
        raise _refused(row, "missing") from error
    if len(data) != row.size:
        raise _refused(row, "truncated")
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise _refused(row, "altered")
    return data


def _refused(row: LearnedModel, code: str) -> ModelRefused:
    log.error("model_refused", model=str(row), file=row.file, code=code)
    return ModelRefused(code)


def _tidy(target: str) -> None:
    """Rows and their reports stay; the files of all but the newest few go."""
    for row in LearnedModel.objects.filter(target=target).exclude(file="").order_by("-version")[KEPT:]:
        _files().delete(row.file)
        row.file = ""
        row.save(update_fields=["file"])


def _files() -> Storage:
    return storages["models"]
