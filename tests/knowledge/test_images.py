"""Pictures: brought by the staff, checked for what they really are, shown to everybody as nothing else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knowledge.markdown import rendered
from knowledge.models import Image

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
PICTURES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40),
    "image/gif": b"GIF89a" + bytes(40),
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40),
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def brought(client: Client, content: bytes, name: str = "router back.png"):
    return client.post("/knowledge/images/", {"image": SimpleUploadedFile(name, content)})


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_kept_and_shown_to_everybody(kind, alice_client, alice):
    markdown = brought(alice_client, PICTURES[kind]).json()["markdown"]
    image = Image.objects.get()
    assert (image.user, image.content_type, image.size) == (alice, kind, len(PICTURES[kind]))
    assert markdown == f"![router back](/help/images/{image.key}/)"
    assert "<img" in rendered(markdown)
    shown = Client().get(f"/help/images/{image.key}/")
    assert body_of(shown) == PICTURES[kind]
    assert shown["Content-Type"] == kind


def test_a_picture_is_shown_as_nothing_else_and_kept_by_browsers(alice_client):
    brought(alice_client, PNG, 'a".html\r\nX: y.png')
    shown = Client().get(Image.objects.get().get_absolute_url())
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"].startswith("inline")
    assert "X" not in shown.headers
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not shown.cookies


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
        ("a.png", b"<html><script>alert(1)</script></html>"),
        ("a.png", b"plain words"),
        ("a.pdf", b"%PDF-1.7 " + bytes(40)),
    ],
)
def test_what_is_no_picture_is_refused_in_words(name, content, alice_client):
    answer = brought(alice_client, content, name)
    assert answer.status_code == 422
    assert f"“{name}” is no PNG, JPEG, GIF or WebP picture" in answer.json()["error"]
    assert not Image.objects.exists()


def test_a_picture_that_is_too_large_is_refused(alice_client, settings):
    settings.MAX_ATTACHMENT_BYTES = 20
    answer = brought(alice_client, PNG)
    assert answer.status_code == 422
    assert "is larger than 20" in answer.json()["error"]
    assert not Image.objects.exists()


def test_a_request_without_a_picture_and_an_empty_one_are_refused(alice_client):
    assert alice_client.post("/knowledge/images/").status_code == 422
    assert brought(alice_client, b"").status_code == 422


def test_no_other_type_can_be_kept():
    with pytest.raises(ValueError, match="no type of picture"):
        Image.keep("a.svg", b"<svg/>", "image/svg+xml")


def test_a_name_cannot_leave_the_markdown_or_the_folder(alice_client, tmp_path):
    markdown = brought(alice_client, PNG, "../../x](javascript:alert(1)) [y.png").json()["markdown"]
    image = Image.objects.get()
    assert f'<img src="{image.get_absolute_url()}"' in rendered(markdown)
    assert "<a" not in rendered(markdown)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [image.key]


def test_a_picture_whose_file_is_gone_is_missing(alice_client):
    brought(alice_client, PNG)
    image = Image.objects.get()
    image.file.storage.delete(image.file.name)
    assert Client().get(image.get_absolute_url()).status_code == 404


def test_strangers_bring_nothing(client):
    assert brought(client, PNG).status_code == 302
    assert not Image.objects.exists()


def test_showing_a_picture_takes_one_statement(alice_client, django_assert_num_queries):
    brought(alice_client, PNG)
    address = Image.objects.get().get_absolute_url()
    with django_assert_num_queries(1):
        body_of(Client().get(address))
