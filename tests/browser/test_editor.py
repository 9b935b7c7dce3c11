"""Writing an article in a real browser: preview while typing, marks, pictures three ways, and no lost work."""

import re
import struct
import zlib

import pytest
from playwright.sync_api import Page, expect

from knowledge.models import Article, Image, Section, Version
from tests.browser.conftest import accessible, eventually

EDIT = "/knowledge/articles/drops/"
# A file in the clipboard and one dragged in, as the browser hands them over.
GIVE = """([area, kind, bytes]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], "back.png", {type: "image/png"}));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true})
        : new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true});
    document.querySelector(area).dispatchEvent(event);
}"""


def picture() -> bytes:
    """A grey PNG of 40 × 20 dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x88" * 40 for _ in range(20)))
    head = struct.pack(">IIBBBBB", 40, 20, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def article(site, alice, mona) -> Article:
    section = Section.objects.create(slug="network", name_en="Network", name_zh="网络", icon="wifi")
    article = Article.objects.create(section=section, slug="drops", author=alice)
    Version.write(article, "en", title="Wi-Fi drops", body="Unplug it.", by=alice)
    return article


def body(page: Page, language: str = "en"):
    return page.locator(f"#id_{language}-body")


def test_the_preview_follows_the_words_and_saving_keeps_them(article, open_page, alice):
    page = open_page(EDIT, as_=alice)
    expect(page.locator("#preview-en")).to_contain_text("Unplug it.")
    body(page).fill("## Steps\n\n- **Unplug** it\n- Wait\n\n<script>alert(1)</script>")
    expect(page.locator("#preview-en strong")).to_have_text("Unplug")
    expect(page.locator("#preview-en")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".unsaved-mark")).to_be_visible()
    page.fill("#id_zh-title", "无线掉线")
    body(page, "zh").fill("拔掉**电源**。")
    expect(page.locator("#preview-zh strong")).to_have_text("电源")
    page.keyboard.press("Control+s")
    expect(page.locator(".notice.good")).to_have_text("Saved.")
    expect(page.locator(".unsaved-mark")).to_be_hidden()
    assert article.versions.get(language="zh-hans").body == "拔掉**电源**。"
    accessible(page)


def test_marks_are_typed_around_the_words_and_undone_by_the_browser(article, open_page, alice):
    page = open_page(EDIT, as_=alice)
    area = body(page)
    toolbar = page.locator(".side-en .toolbar")
    area.fill("Unplug it")
    area.select_text()
    toolbar.get_by_label("Bold").click()
    expect(area).to_have_value("**Unplug it**")
    toolbar.get_by_label("List").click()
    expect(area).to_have_value("- **Unplug it**")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("**Unplug it**")
    area.fill("settings")
    area.select_text()
    toolbar.get_by_label("Link").click()
    page.keyboard.type("https://example.com/")
    expect(area).to_have_value("[settings](https://example.com/)")


@pytest.mark.parametrize("way", ["button", "paste", "drop"])
def test_a_picture_comes_into_the_text_and_is_shown(way, article, open_page, alice):
    page = open_page(EDIT, as_=alice)
    area = body(page)
    area.fill("Look:\n\n")
    if way == "button":
        with page.expect_file_chooser() as chooser:
            page.locator(".side-en .toolbar").get_by_label("Picture").first.click()
        chooser.value.set_files({"name": "back.png", "mimeType": "image/png", "buffer": picture()})
    else:
        page.evaluate(GIVE, ["#id_en-body", way, list(picture())])
    expect(area).to_have_value(re.compile(r"^Look:\n\n!\[back\]\(/help/images/[\w-]+/\)$"))
    shown = page.locator("#preview-en img")
    expect(shown).to_have_attribute("alt", "back")
    assert eventually(lambda: shown.evaluate("image => image.naturalWidth")) == 40
    assert Image.objects.get().user == alice


def test_what_is_no_picture_is_refused_beside_the_text(article, open_page, alice):
    page = open_page(EDIT, as_=alice)
    body(page).fill("")
    with page.expect_file_chooser() as chooser:
        page.locator(".side-en .toolbar").get_by_label("Picture").first.click()
    chooser.value.set_files({"name": "back.png", "mimeType": "image/png", "buffer": b"<svg></svg>"})
    expect(page.locator(".side-en [data-picture-error]")).to_contain_text("is no PNG, JPEG, GIF or WebP picture")
    expect(body(page)).to_have_value("")


def test_unsaved_work_is_not_left_without_a_word(article, open_page, alice):
    page = open_page(EDIT, as_=alice)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    body(page).press_sequentially("Also ")
    page.locator("#editor > header a").click()
    eventually(lambda: asked == ["beforeunload"])
    assert page.url.endswith(EDIT)
    page.locator("#editor > header button.primary").click()
    expect(page.locator(".notice.good")).to_be_visible()
    page.locator("#editor > header a").click()
    expect(page).to_have_url(re.compile("/knowledge/$"))
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-hans", 390)])
def test_two_writers_meet_and_nothing_is_lost(language, width, article, open_page, alice, bob):
    page = open_page(EDIT, as_=bob, language=language, width=width)
    if width < 900:
        page.locator("label.tab[for=tab-en]").click()
    body(page).fill("Unplug it for a minute.")
    Version.write(article, "en", title="Wi-Fi drops", body="Unplug it for ten seconds.", by=alice)
    page.locator("#editor > header button.primary").click()
    expect(page.locator(".conflict ins")).to_have_text("a minute")
    expect(page.locator(".conflict del")).to_have_text("ten seconds")
    expect(body(page)).to_have_value("Unplug it for a minute.")
    expect(body(page)).to_be_visible()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#editor > header button.primary").click()
    expect(page.locator(".notice.good")).to_be_visible()
    assert article.versions.get(language="en").revisions.count() == 3


def test_mona_publishes_restores_and_finds_it_in_the_library(article, open_page, mona, alice):
    Version.write(article, "en", title="Nonsense", body="Shake it.", by=alice)
    page = open_page("/knowledge/?lacks=zh", as_=mona)
    page.locator(".article-row a").click()
    page.locator("#editor").get_by_text("2 revisions").click()
    page.locator(".revisions nav a").nth(1).click()
    page.get_by_role("button", name="Restore this").click()
    expect(body(page)).to_have_value("Unplug it.")
    page.select_option("#id_state", "published")
    page.locator("#editor > header button.primary").click()
    expect(page.locator("#editor > header .chip")).to_have_text("published")
    page.goto("/knowledge/?state=published")
    expect(page.locator(".article-row")).to_contain_text("Wi-Fi drops")
