"""Slips of the finger, in the way of the language: neighbouring keys in English, homophones in Chinese."""

import random
import re
from collections.abc import Callable, Mapping

NEIGHBOURS = {
    **{"a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo"},
    **{"j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et"},
    **{"s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x"},
}
HOMOPHONES = (
    *(("已经", "以经"), ("登录", "登陆"), ("账单", "帐单"), ("账号", "帐号"), ("网络", "网路"), ("再", "在")),
    *(
        ("快点", "块点"),
        ("安装", "按装"),
        ("的话", "得话"),
        ("师傅", "师付"),
        ("麻烦", "麻凡"),
        ("扣费", "扣废"),
    ),
    *(
        ("怎么", "怎麽"),
        ("还是", "还事"),
        ("一直", "一只"),
        ("稳定", "稳订"),
        ("退款", "退宽"),
        ("尽快", "仅快"),
    ),
    *(
        ("发票", "发飘"),
        ("客服", "客符"),
        ("路由器", "路由其"),
        ("宽带", "宽代"),
        ("收到", "受到"),
        ("应该", "因该"),
    ),
    *(("现在", "现再"), ("做", "作"), ("刚才", "刚材"), ("密码", "蜜码"), ("订单", "定单"), ("其他", "其它")),
)
_WORD = re.compile(r"\b[a-z]{4,}\b")
_STOP = re.compile(r"\.(?=\s|$)")
_SAFE = re.compile(r"[\w.]+@[\w.]+|https?://\S+")


def slip(text: str, language: str, rng: random.Random) -> str:
    """The text as a hurried hand would leave it: often unchanged, sometimes with one to three slips."""
    if rng.random() > 0.45 or _SAFE.search(text):
        return text
    return SLIPS[language](text, rng)


def _english(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.2:
        return text.lower()
    if kind < 0.35:
        return text.replace("'", "").replace("I've", "Ive")
    if kind < 0.45:
        return text.replace(", ", " ").replace(" i ", " I ").rstrip(".")
    if kind < 0.52:
        return _STOP.sub("...", text).replace("?", "??")
    for _ in range(1 + int(rng.random() * 3)):
        text = _mistyped(text, rng)
    return text


def _mistyped(text: str, rng: random.Random) -> str:
    start = int(rng.random() * len(text))
    word = _WORD.search(text, start)
    if word is None:
        return text
    at = word.start() + 1 + int(rng.random() * (len(word[0]) - 2))
    one, two = text[at], text[at + 1]
    kind = rng.random()
    if kind < 0.35:
        slipped = two + one
    elif kind < 0.6:
        slipped = two
    elif kind < 0.75:
        slipped = one + one + two
    else:
        slipped = NEIGHBOURS[one][int(rng.random() * len(NEIGHBOURS[one]))] + two
    return text[:at] + slipped + text[at + 2 :]


def _chinese(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.2:
        return text.replace("，", " ").replace("。", " ").rstrip()
    if kind < 0.35:
        return text.rstrip("。！")
    if kind < 0.45:
        return text.replace("。", "。。。") if kind < 0.4 else text.replace("。", "！")
    if kind < 0.52:
        return text.replace("，", ",").replace("。", ".").replace("？", "?")
    found = [pair for pair in HOMOPHONES if pair[0] in text]
    for right, wrong in rng.sample(found, min(len(found), 1 + int(rng.random() * 2))):
        text = text.replace(right, wrong, 1)
    return text


SLIPS: Mapping[str, Callable[[str, random.Random], str]] = {"en": _english, "zh-hans": _chinese}
