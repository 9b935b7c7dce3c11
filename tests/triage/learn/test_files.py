import hashlib
import io
import json
import pickle
import zipfile

import pytest
import sklearn
import skops.io

from tests.triage.learn.toy import TEXTS, desk
from triage.learn import files
from triage.learn.files import ModelUnreadable, dumps, loads
from triage.learn.train import train


@pytest.fixture(scope="module")
def model():
    parents = dict.fromkeys(("network", "hardware"), "all")
    return train(desk(each=12), parents=parents)


@pytest.fixture(scope="module")
def data(model):
    return dumps(model)


def sealed(archive: bytes, version: str = sklearn.__version__) -> bytes:
    """What a forger who knows the format would write."""
    rest = version.encode() + b"\n" + archive
    return b"\n".join([files.MAGIC, hashlib.sha256(rest).hexdigest().encode(), rest])


def test_a_model_comes_back_whole(model, data):
    again = loads(data)

    assert again.predict_many(TEXTS) == model.predict_many(TEXTS)
    for part in ("classifier", "classes", "threshold", "parents", "absorbed", "report"):
        assert getattr(again, part) == getattr(model, part)


def test_the_vocabulary_is_not_a_node_an_entry(data):
    archive = zipfile.ZipFile(io.BytesIO(data.split(b"\n", 3)[3]))

    assert len(archive.read("schema.json")) < 150_000


@pytest.mark.parametrize("kept", [0, 1, 16, 17, 60, 90, 1000, -1])
def test_a_truncated_file_is_refused(data, kept):
    with pytest.raises(ModelUnreadable):
        loads(data[:kept])


def test_a_file_altered_anywhere_is_refused(data):
    for place in [*range(100), *range(100, len(data), len(data) // 40)]:
        altered = bytearray(data)
        altered[place] ^= 0x20
        with pytest.raises(ModelUnreadable):
            loads(bytes(altered))


class Bomb:
    def __reduce__(self):
        return exec, ("raise SystemExit('a pickle ran')",)


def test_a_pickle_is_refused_and_does_not_run():
    for data in (pickle.dumps(Bomb()), sealed(pickle.dumps(Bomb()))):
        with pytest.raises(ModelUnreadable):
            loads(data)


def test_a_sealed_archive_of_a_foreign_type_is_refused():
    class_of_os = skops.io.dumps({"pipeline": io.StringIO, "classifier": "svm"})

    with pytest.raises(ModelUnreadable, match="not allowed"):
        loads(sealed(class_of_os))


@pytest.mark.parametrize("archive", [b"", b"not a zip", skops.io.dumps({"classifier": "svm"}), skops.io.dumps([1])])
def test_a_sealed_archive_of_something_else_is_refused(archive):
    with pytest.raises(ModelUnreadable):
        loads(sealed(archive))


def test_a_schema_that_makes_no_sense_is_refused(data):
    source = zipfile.ZipFile(io.BytesIO(data.split(b"\n", 3)[3]))
    schema = json.loads(source.read("schema.json"))
    schema["content"] = {"pipeline": {"__loader__": "NoSuchNode", "__class__": "x", "__module__": "y"}}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))

    with pytest.raises(ModelUnreadable):
        loads(sealed(target.getvalue()))


def test_a_model_of_another_library_version_is_refused_with_the_cure(data):
    archive = data.split(b"\n", 3)[3]

    with pytest.raises(ModelUnreadable, match=r"scikit-learn 0\.1.*train again"):
        loads(sealed(archive, version="0.1"))
