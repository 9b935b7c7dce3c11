"""How mail programs of many languages introduce what they quote, and how people and phones sign.

Every pattern here is tried on one line, or a few joined ones, of bounded length.
"""

import re

LINE = 1_000
MARKER = 300
ATTRIBUTION = 400

_HEADER_NAMES = {
    "from": "from|von|de|da|van|fra|från|od|от|від|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 ?사람|"
    "발신|mittente|"
    "remetente|expéditeur|nadawca|odesílatel|feladó|lähettäjä|kimden|gönderen|afzender|avsändare|από|"
    "מאת|من|expeditor|отправитель",
    "sent": "sent|sent at|gesendet|envoyé|enviado(?: em| el)?|enviada(?: em)?|inviato|verzonden|skickat|"
    "sendt|wysłano|odesláno|"
    "elküldve|lähetetty|gönderildi|отправлено|надіслано|发送时间|發送時間|发送日期|发件时间|寄件日期|"
    "傳送日期|傳送時間|送信日時|送信日|"
    "보낸 ?날짜|보낸 ?시간|trimis",
    "date": "date|datum|fecha|data|dato|tarih|дата|日期|日付|日時|時間|时间|날짜|ngày|תאריך|التاريخ|ημερομηνία",
    "to": "to|an|à|a|para|aan|til|till|do|komu|címzett|vastaanottaja|kime|кому|收件人|收件者|宛先|"
    "받는 ?사람|수신|"
    "destinataire|"
    "destinatario|destinatari|per|προς|אל|إلى|către|reply-to|reply to|антw",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|předmět|tárgy|"
    "aihe|konu|тема|主题|主題|"
    "主旨|件名|標題|标题|제목|chủ đề|נושא|الموضوع|θέμα|subiect",
    "cc": "cc|kopie|copie|copia|kopia|cc/cci|копия|抄送|副本|参照|참조|bcc|importance|attachments?|priority",
}
_HEADERS = {
    kind: re.compile(rf"[\s>*_\ufeff\u200e\u200f]*(?:{names})[*_\s]*[:：]", re.I)
    for kind, names in _HEADER_NAMES.items()
}

# A word that says "wrote" and may end the line that introduces a quotation.
_WROTE = (
    r"wrote|writes|schrieb(?: am .{1,80})?|geschrieben|schreef|geschreven|a écrit|écrivait|écrit|"
    r"escribió|escribio|escrito|"
    r"escreveu|ha scritto|scrisse|scriveva|skrev|kirjoitti|pisze|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a|"
    r"/a)?|píše|napísal(?:\(a\)|a)?|"
    r"írta|ezt írta|написал(?:\(а\)|а|/а)?|пишет|писал(?:\(а\)|а)?|написа|пише|написав(?:\(ла\))?|yazdı|"
    r"şunu yazdı|a scris|έγραψε|"
    r"đã viết|menulis|napisao(?:/la)?|je napisao|kirjutas|parašė|rašė|skrifaði|כתב(?:ה|/ה)?|כתבו|كتب|"
    r"写道|寫道|写到|的来信|來信|さんは書きました|書きました|のメール|のメッセージ|さんからのメール|"
    r"님이 작성|님이 쓴 글|작성"
)
_ENDS_WROTE = re.compile(rf"(?:{_WROTE})(?: (?:the following|in))?\s*[:：]?[\s*_]*-{{0,10}}\s*$", re.I)
_HAS_WROTE = re.compile(rf"(?:\b|[\s,，>0-9])(?:{_WROTE})", re.I)
_DATE_WORD = re.compile(
    r"[\s>*_-]*(?:(?:on|at|le|am|el|em|il|op|den|dne|dnia|w dniu|v|в|във|în|pada|vào|στις|في|lørdag|"
    r"søndag)\b|ב|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|ven|vie|sam|sáb|dom|"
    r"gio|ma|wo|vr|za|zo|пн|вт|ср|чт|пт|сб|"
    r"вс|ter|qua|qui|sex|seg|śr|czw|pt|sob|ndz|pon|wt)\w*[., ]|\d{1,4}[./ 年년-]|在|於|于|\(?\d{4}년|"
    r"20\d\d)",
    re.I,
)
_DATE = re.compile(r"\d{1,4}\s?[./年년-]\s?\d|\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2}|\d{1,2}\.? \w{3,12}\.?,? ")
_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,200}")
_ADDRESSED = re.compile(r"[<\[(](?:mailto:)?[^<>@]{0,100}@[^<>@]{1,200}[>\])]")

_ORIGINAL = re.compile(
    r"[\s>*]*[-_=—–─━*]{2,}+\s*(?:[^-_=—]{0,40}\b)?(?:original|ursprüngliche|originele?|oorspronkelijk|"
    r"oprindelig|opprinnelig|ursprungligt|"
    r"alkuperäinen|oryginalna|pôvodná|původní|eredeti|исходное|оригинальн|пересылаемое|özgün|"
    r"orijinal|"
    r"forwarded|weitergeleitet|transféré|réexpédié|reenviado|encaminhada|inoltrato|doorgestuurd|"
    r"videresend|vidarebefordra|przekazana|"
    r"mensaje|mensagem|messaggio|message d'origine|reply message|"
    r"replied message)\b[^\n]{0,60}?[-_=—–─━*]{2,}\s*$|"
    r"[\s>*]*[-_=—–─━*]{2,}+\s*(?:原始邮件|原始郵件|原始信件|原始訊息|原邮件|回复的原邮件|转发邮件信息|"
    r"转发的邮件|轉寄郵件|轉寄的郵件|邮件原件|"
    r"元のメッセージ|元のメール|オリジナルメッセージ|転送メッセージ|転送|원본 ?메일|원본 ?메시지|"
    r"전달된 ?메시지)\s*[-_=—–─━*]{2,}\s*$|"
    r"[\s>*]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"début du message (?:transféré|réexpédié)|"
    r"inizio messaggio inoltrato|inicio del mensaje reenviado|início da mensagem (?:reencaminhada|"
    r"encaminhada)|"
    r"vidarebefordrat brev|videresendt besked|начало переадресованного сообщения|下面是被转发的邮件|"
    r"开始转发的邮件|"
    r"以下は転送されたメッセージ)\s*[:：]\s*$",
    re.I,
)
_REPLY_ABOVE = re.compile(
    r"[\s>]*(?:[#*=_-]{2,}\s*)?(?:please )?(?:type|write|enter) your (?:reply|response|"
    r"answer) above (?:this|the) line|"
    r"[\s>]*[#*=_-]{2,}.{0,40}(?:reply above|above this line|上方回复|上方回覆|以上に返信)",
    re.I,
)
_DEVICE = (
    r"(?:i ?phon\w*|i ?pad|ipod|android|blackberry|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo|"
    r"nokia|htc|sony|xperia|motorola|"
    r"windows|outlook|hotmail|yahoo|gmx|web\.de|proton ?mail|gmail|aol|zoho|mobil\w*|smart ?phone|handy|"
    r"t[eé]l[eé]fono?\w*|phone|"
    r"portable|cellulare|celular|m[oó]vil|tablet\w*|k-9|thunderbird|airmail|mailbird|foxmail|"
    r"mail ?master|mail\b|"
    r"手机|手機|邮箱|郵箱|信箱|邮件|大师|网易|微信|客户端|携帯|スマホ|スマートフォン|ガラホ|아이폰|갤럭시)"
)
_PHONE = re.compile(
    r"[\s*_]*(?:(?:sent|posted) from (?:my|an?|the) [\w'®™/+.-]+(?: [\w'®™/+.-]+){0,5}|"
    rf"(?:sent|posted) (?:from|via|with|using|by) .{{0,30}}{_DEVICE}.{{0,30}}|"
    rf"get {_DEVICE} for \w+(?: ?<[^>]*>)?|"
    r"(?:diese (?:nachricht|mail|e-mail) wurde )?(?:von|aus|mit) mein(?:em|er) .{1,60} (?:gesendet|"
    r"gesandt|verschickt|geschrieben)|"
    rf"gesendet (?:von|mit|aus|über) .{{0,30}}{_DEVICE}.{{0,30}}|outlook für \w+ (?:beziehen|"
    rf"herunterladen)|"
    rf"(?:envoyé|enviado|enviada|inviato|verstuurd|verzonden|skickat|sendt|sänt|wysłan[eoay]|odesláno|"
    rf"lähetetty|"
    rf"отправлено|послано|надіслано|trimis) .{{0,40}}{_DEVICE}.{{0,30}}|"
    rf"(?:télécharger|obtener|obter|obtenir|scarica|hämta|pobierz) {_DEVICE} (?:pour|para|per|för|"
    rf"dla) .{{1,20}}|"
    rf".{{0,20}}{_DEVICE}.{{0,12}}(?:gönderildi|から送信|에서 보냄|传送|傳送|发送|發送|寄出)|"
    rf"(?:发自|發自|来自|來自|寄自|传送自|傳送自|发送自|發送自)\s?(?:我的|我嘅).{{1,30}}|"
    rf"(?:发自|發自|来自|來自|寄自|传送自|傳送自|发送自|發送自)\s?.{{0,12}}{_DEVICE}.{{0,12}}|"
    rf"获取 ?outlook ?for ?\w+|ᐧ)[\s.*_]*$",
    re.I,
)

QUOTED = re.compile(r"[ \t]*(?:>|[A-Z]{1,3}>|\|[ \t])")
SIGNATURE = re.compile(r"[ \t]*(?:-{2}|—|–|_{3,})[ \t]*$")
RULE = re.compile(r"[ \t]*(?:-{3,}|[=~*#+]{3,}|[-_=*~] ?(?:[-_=*~] ?){4,})[ \t]*$")


def header_kind(line: str) -> str:
    """Which header of a quoted mail the line looks like, or nothing."""
    return next((kind for kind, pattern in _HEADERS.items() if pattern.match(line)), "")


def holds_address(line: str) -> bool:
    return bool(_ADDRESS.search(line))


def is_original_marker(line: str) -> bool:
    return len(line) <= MARKER and bool(_ORIGINAL.match(line) or _REPLY_ABOVE.match(line))


def is_phone_signature(line: str) -> bool:
    return len(line) <= MARKER and bool(_PHONE.match(line))


def may_end_attribution(line: str) -> bool:
    """A cheap look before the dear one: does the line end as an introduction of a quotation does?"""
    stripped = line.rstrip(" \t*_-")
    return stripped.endswith((":", "：")) or bool(_ENDS_WROTE.search(line[-120:]))


def is_attribution(text: str, *, quote_follows: bool) -> bool:
    """True when `text`, one line or some joined ones, says who wrote what comes next."""
    if len(text) > ATTRIBUTION:
        return False
    dated = bool(_DATE.search(text))
    if not dated and not _ADDRESS.search(text):
        return quote_follows and bool(_ENDS_WROTE.search(text)) and len(text) < 100
    if _ENDS_WROTE.search(text[-120:]):
        return True
    if not text.rstrip(" *_").endswith((":", "：")):
        return False
    return dated and (bool(_ADDRESSED.search(text)) or bool(_HAS_WROTE.search(text)))


def begins_with_date(text: str) -> bool:
    """True for the first line of an introduction such as `On Monday, 3 March 2025 …`."""
    return bool(_DATE_WORD.match(text)) and bool(re.search(r"\d", text))
