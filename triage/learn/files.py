"""A model as bytes. Reading them never runs code: skops with the types below and no others, no pickle."""

import hashlib
import json
import zipfile
from typing import Any

import sklearn
import skops.io
from skops.io.exceptions import UnsupportedTypeException, UntrustedTypesFoundException

from triage.learn.model import Model

TRUSTED = [
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._TemperatureScaling",
    "triage.learn.classifiers.founding.Joined",
    "triage.learn.classifiers.svm.CompactLinearSVC",
    "triage.learn.features.Tfidf",
    "triage.learn.text.CharGrams",
    "triage.learn.text.WordGrams",
]
MAGIC = b"helpdesk model 1"
FIELDS = ("classifier", "pipeline", "threshold")


class ModelUnreadable(ValueError):
    """These bytes are no model this program can use; the message says why and what to do."""


def dumps(model: Model) -> bytes:
    """Three lines (what it is, SHA-256 of the rest, library version), then the skops archive."""
    state = {name: getattr(model, name) for name in FIELDS} | {"texts": _texts(model)}
    archive = skops.io.dumps(state, compression=zipfile.ZIP_DEFLATED, compresslevel=6)
    rest = sklearn.__version__.encode() + b"\n" + archive
    return b"\n".join([MAGIC, hashlib.sha256(rest).hexdigest().encode(), rest])


def loads(data: bytes) -> Model:
    """The model of `dumps`, with identical probabilities. Raises `ModelUnreadable`."""
    archive = _checked(data)
    try:
        state = skops.io.loads(archive, trusted=TRUSTED)
        return Model(**{name: state[name] for name in FIELDS}, **_from_texts(state["texts"]))
    except UntrustedTypesFoundException as found:
        raise ModelUnreadable(f"The model file asks for types that are not allowed; it was not read. {found}") from None
    except (
        zipfile.BadZipFile,
        UnsupportedTypeException,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise ModelUnreadable(f"The model file cannot be read ({error}): train again.") from error


def _checked(data: bytes) -> bytes:
    lines = data.split(b"\n", 3)
    if len(lines) < 4 or lines[0] != MAGIC:
        raise ModelUnreadable("This is not a model file of this program: train again.")
    _, checksum, version, archive = lines
    if hashlib.sha256(version + b"\n" + archive).hexdigest().encode() != checksum:
        raise ModelUnreadable("The model file is incomplete or was altered: train again.")
    if version.decode(errors="replace") != sklearn.__version__:
        raise ModelUnreadable(
            f"The model was trained with scikit-learn {version.decode(errors='replace')}, "
            f"this is {sklearn.__version__}: train again."
        )
    return archive


def _texts(model: Model) -> str:
    """All that JSON can say is one text: skops would write a node for each of its values."""
    return json.dumps(
        {
            "classes": model.classes,
            "parents": dict(model.parents),
            "absorbed": sorted(model.absorbed),
            "report": model.report,
        }
    )


def _from_texts(text: str) -> dict[str, Any]:
    said = json.loads(text)
    return {
        "classes": tuple(said["classes"]),
        "parents": said["parents"],
        "absorbed": frozenset(said["absorbed"]),
        "report": said["report"],
    }
