"""A few articles in both languages: three about an unsteady network, and some that are not."""

from knowledge.choices import State
from knowledge.models import Article, Section, Version

UNSTEADY = ("我的网络连接不稳定", "网络连接一直不稳定，每隔十几分钟断一次。")
STEADY_WORDS = ("The Wi-Fi drops", "My wireless network drops every evening.")

TEXTS = {
    "wifi-drops": (
        ("The Wi-Fi keeps dropping", "Move the router to channel 36.\n\nRestart it once. The wireless signal holds."),
        ("无线网络总是掉线", "请把路由器的信道改到 36，再重启一次。无线网络连接就稳定了。"),
    ),
    "line-drops": (
        ("The line is unstable", "Check the cable between socket and modem.\n\n1. Unplug it\n2. Plug it in again"),
        ("线路连接不稳定", "请检查墙上插座到光猫的网线，拔下再插上。网络连接中断时看光猫的灯。"),
    ),
    "slow-evenings": (
        ("Slow in the evening", "Measure the speed by cable, then choose another band for the network."),
        ("晚上网络很慢、不稳定", "先用网线测速，再换一个频段，网络连接会快一些。"),
    ),
    "refund-where": (
        ("Where is my refund?", "The money is back within 14 days of the parcel's return."),
        ("我的退款在哪里", "包裹退回后十四天内退款到账。"),
    ),
    "invoice-copy": (
        ("A copy of the invoice", "Download the invoice as a PDF in your account."),
        ("下载发票", "在账户里下载电子发票。"),
    ),
}


def stock(state: str = State.PUBLISHED) -> dict[str, Article]:
    """The articles by slug, all in `state`."""
    shelf = Section.objects.create(slug="help", name_en="Help", name_zh="帮助")
    return {slug: written(shelf, slug, *texts, state=state) for slug, texts in TEXTS.items()}


def written(
    shelf: Section,
    slug: str,
    english: tuple[str, str] | None,
    chinese: tuple[str, str] | None,
    *,
    state: str = State.PUBLISHED,
) -> Article:
    article = Article.objects.create(section=shelf, slug=slug)
    article.set_state(state)
    for language, text in (("en", english), ("zh-hans", chinese)):
        if text:
            Version.write(article, language, title=text[0], body=text[1])
    return article
