"""Bytes of unknown or wrongly named encoding as text that a database will take."""

import codecs
import re

from charset_normalizer import from_bytes

# What a label means in practice: the wider set that its writers really used.
MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "gb-2312-80": "gb18030",
    "chinese": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "x-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601": "cp949",
    "ksc5601": "cp949",
    "ks-c-5601-1989": "cp949",
    "shift-jis": "cp932",
    "shift-jisx0213": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms-kanji": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
}
ANY = frozenset({"", "us-ascii", "ascii", "ansi-x3.4-1968", "binary", "8bit", "7bit", "default", "none"})
SINGLE_BYTE = frozenset({"cp1252", "iso8859-15", "iso8859_15", "cp1254"})
# Python codecs that turn text into text or unpack data: a label must never reach them.
NOT_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})

GUESSES = ("gb18030", "cp950", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1252")
SAMPLE = 4_096
CONFIDENT = 0.45
COMMON_HAN = frozenset(
    "的一是不了在人有我他这個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于着下自之年"
    "过過发發后後作里用道行所然家种事成方多经經么去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣"
    "理心本前开開但因只从從想实實日军者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將"
    "两兩高间間由问問很最重并物手应應战向头頭文体體政美相见見被利什二等产產或新己制身果加西斯月话話合回特代内信表化老给給"
    "世位次度门門任常先海通教儿兒东東原声聲提立及比员員解水名真论論处處走义義各入几幾口认認条條平系气氣题題活尔更别別打女变變"
    "四神总總何电電数數安少报報才结結反受目太量再感建务務做接必场場件计計管期市直德资資命山金指克许許统統区區保至队隊形社便空决決"
    "您请請谢謝订訂单單退款货貨服务務客户戶账帳号號登录錄密码碼邮郵件网網络絡连連线線支付价價购購买買收快递遞联聯系繫"
    "测試试附报報价單单图圖片样樣品示例麻烦煩抬头頭写寫错錯误誤户欢歡迎"
    "願確認添付送返答忘様社員株式会御世話今後致申込注文商品届連絡件名担当者昨日検索設定接続"
)
COMMON_HANGUL = frozenset(
    "이다는가을의에고하지도로사기있대은한리를시어인자해아일정수보부나서제그라전구들만상장스동어여주원성안문요니습"
    "세우과계입업신용연무오확경비금치공회방조거저소내면중않되네녕청드립바랍께송품결불환배고객번호답변감사합주문아직도착"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decode(data: bytes, label: str = "", *, hint: str = "") -> str:
    """`data` as clean text: by its label, by what the label is usually abused for, by `hint`, or by guess."""
    codec = codec_for(label)
    if codec:
        text = _strictly(data, codec)
        if text is not None and not (codec in SINGLE_BYTE and _is_utf8(data)):
            return clean(text)
        if _is_utf8(data):
            return clean(data.decode("utf-8-sig"))
        if codec != "utf-8-sig" or _mostly_utf8(data):
            return clean(data.decode(codec, "replace"))
    return clean(_guessed(data, codec_for(hint)))


def codec_for(label: str) -> str:
    """Python's codec for a charset label, or an empty text when the label says nothing."""
    name = label.strip(" \t\"'").lower().replace("_", "-")
    if name in ANY:
        return ""
    try:
        codec = codecs.lookup(MEANT.get(name, name))
    except (LookupError, ValueError):
        return ""
    # The flag is private but the only way to tell utf-8 from zlib or rot13.
    return codec.name if codec._is_text_encoding and codec.name not in NOT_TEXT else ""


def clean(text: str) -> str:
    """Text with newlines as \\n and without the characters PostgreSQL or a page cannot hold."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _is_utf8(data: bytes) -> bool:
    return bool(_HIGH.search(data)) and _strictly(data, "utf-8") is not None


def _mostly_utf8(data: bytes) -> bool:
    """True when a few broken bytes stand in otherwise good UTF-8, as after a careless cut."""
    text = data[:SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - broken >= 3 * broken


def _guessed(data: bytes, hint: str) -> str:
    first_high = _HIGH.search(data)
    if first_high is None:
        return data.decode("iso2022_jp_ext" if b"\x1b$" in data else "ascii", "replace")
    for codec in filter(None, ("utf-8-sig", hint)):
        text = _strictly(data, codec)
        if text is not None:
            return text
    sample = data[max(0, first_high.start() - 32) :][:SAMPLE]
    scores = {codec: _plausibility(sample.decode(codec, "replace"), sample) for codec in GUESSES}
    best = max(GUESSES, key=lambda codec: scores[codec])
    if scores[best] < CONFIDENT and len(sample) > 100:
        match = from_bytes(sample).best()
        best = match.encoding if match else best
    return data.decode(best, "replace")


def _plausibility(text: str, data: bytes) -> float:
    """How much `text` looks like something a person wrote, per byte above ASCII."""
    scripts = {"kana": 0, "hangul": 0, "han": 0}
    score, previous = 0.0, " "
    for letter in text:
        if letter > "\x7f":
            script, worth = _worth(letter, previous)
            score += worth
            if script:
                scripts[script] += 1
        previous = letter
    if scripts["hangul"]:
        score -= 1.5 * scripts["han"]
    return score / sum(map(len, _HIGH_RUN.findall(data)))


def _worth(letter: str, previous: str) -> tuple[str, float]:
    code = ord(letter)
    if 0x3040 <= code <= 0x30FF:
        return "kana", 2.2
    if 0xAC00 <= code <= 0xD7A3:
        return "hangul", 2.4 if letter in COMMON_HANGUL else 0.6
    if 0x4E00 <= code <= 0x9FFF:
        return "han", 2.4 if letter in COMMON_HAN else 0.6
    if 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF60:
        return "", 1.0
    if 0x0430 <= code <= 0x045F:
        return "", -1.0 if previous.isascii() and previous.isalpha() else 1.0
    if 0x0410 <= code <= 0x042F:
        return "", -0.8 if previous.isalpha() else 0.4
    if 0xC0 <= code <= 0xFF:
        # Accents stand among plain letters; two in a row are rare.
        return "", (0.9 if previous.isascii() else 0.3) if letter.islower() else -0.6
    return "", 0.2 if letter in "–—‘’“”…€°§«»" else -1.5
