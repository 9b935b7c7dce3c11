"""Mails that say another mail did not arrive: which they are, and the status code they give."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from channels import headers

# A report with one of these actions tells about a delivery that has not failed.
HARMLESS_ACTIONS = frozenset({"delivered", "delayed", "relayed", "expanded"})
READ = 6_000

_DAEMON = re.compile(r"(?:mailer[-_.]?daemon|post[-_]?master|mail[-_.]?daemon|mdaemon|maildelivery|bounces?)\b", re.I)
_DAEMON_NAME = re.compile(
    r"(?:internet )?mail deliver|mailer[- ]?daemon|postmaster$|mail (?:delivery )?(?:sub)?system|"
    r"邮件系统|郵件系統",
    re.I,
)
_ROBOT = re.compile(r"(?:no|not|do[-_.]?not|never)[-_.]?reply|daemon@|[^@]{1,64}-(?:request|owner)@|owner-", re.I)
_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|failure notice|returned? (?:mail|email|to sender)|mail (?:system )?error|"
    r"delivery (?:status|failure|report|notification|has failed|problem|incomplete)|"
    r"deliver\w* (?:\w+ ){0,3}(?:fail|problem|error|delay)|fail\w* (?:\w+ ){0,2}deliver|"
    r"(?:could(?: not|n't) be|not) delivered|postmaster notify|error sending|rejected mail|mail rejected|"
    r"(?:cannot|can't|unable to|not able to) (?:be )?(?:send|sent|deliver)|delayed mail|"
    r"(?:message|mail) delayed|warning: (?:message|could not send)|smtp server: errors|"
    r"\[bounce\]|no permission|ignored non-?member|user unknown|not a member|"
    r"退信|退回|无法投递|投递失败|发送失败|无法送达|無法傳送|無法投遞|傳送失敗|"
    r"送信できません|配信できません|配信に失敗|配信不能|반송|전송 ?실패|발송 ?실패|"
    r"unzustellbar|nicht zugestellt|zustellung\w* (?:fehl|benach)|onbestelbaar|"
    r"non[ _]remis|non distribu|échec de|no se (?:pudo|puede|ha podido) entregar|no entregado|"
    r"non recapitabile|mancat[ao] (?:recapito|consegna)|não (?:foi )?entregue|nie dostarczon|"
    r"недоставлен|не (?:может быть )?доставлен|olevererbart|kan ikke leveres|toimitus epäonnistui|"
    r"teslim edilemedi|nedoručiteln|kézbesíthetetlen",
    re.I,
)
_TEXT = re.compile(
    r"could(?: not|n't) be (?:delivered|sent|processed|accepted|posted)|undeliver|unsent message|"
    r"(?:was|were|been|am|is)(?: not|n't) (?:\w+ )?(?:delivered|able to deliver)|"
    r"unable to (?:be delivered|deliver|send|connect)|did not reach the following|failed permanently|"
    r"fatal errors|had delivery problems|delivery problem|transcript of session|returned to sender|"
    r"permanent error|error (?:has )?occurred while (?:attempting|trying) to (?:deliver|send)|"
    r"deliver(?:y|ing)? (?:\w+ ){0,8}fail|fail\w* to deliver|unknown user|user unknown|no such user|"
    r"mailbox (?:is )?full|over ?quota|exceeds allowed size|recipients? (?:was|were) affected|"
    r"delivery status notification|do not need to re-?send your message|trouble delivering|"
    r"problem with the e-?mail address|not a member of this|"
    r"(?<!\d)[45]\d\d[ -][45]\.\d+\.\d+|(?<!\d)55[0-4][ :-]|"
    r"退信|被退回|无法投递|投递失败|无法送达|无法发送到|無法傳送|無法投遞|"
    r"できませんでした|配信できません|届けられ|반송|전송되지|배달되지|"
    r"nicht zugestellt|unzustellbar|niet (?:worden )?bezorgd|pas (?:pu )?être (?:remis|distribu|livr)|"
    r"no se (?:pudo|ha podido) entregar|recapitat|consegnat|não pôde ser entregue|dostarczon|доставлен|"
    r"kunde inte levereras|kunne ikke leveres|teslim edilemedi|nem (?:lehetett )?kézbesít",
    re.I,
)
_COPY = re.compile(
    r"^[ \t>*_-]*(?:this is a copy of|below (?:this line )?is a copy|original message|"
    r"the header of the original|enclosed is a copy|unsent message|message header|returned message|"
    r"a copy of your message|copy of the)\b",
    re.I | re.M,
)
_ENHANCED = r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)"
_CODE = re.compile(_ENHANCED)
_CODE_IN_TEXT = re.compile(rf"(?:(?<!\d)[45]\d\d[-: ]{{1,3}}\(?#?|#|status: ?|^\s*){_ENHANCED}", re.I | re.M)
_FIELD = re.compile(r"^(action|status|diagnostic-code):[ \t]*(.*(?:\n[ \t]+.*)*)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Report:
    """`failed` is False for a delivery that succeeded or is still tried."""

    failed: bool
    status: str | None


def is_daemon(sender: str, name: str) -> bool:
    return bool(_DAEMON.match(sender) or _DAEMON_NAME.match(name))


def is_robot(sender: str) -> bool:
    return bool(_ROBOT.match(sender))


def find(
    fields: headers.Headers, sender: str, name: str, subject: str, text: str, reports: Mapping[str, bytes]
) -> Report | None:
    """What the mail reports about a delivery, or None when it is no such report."""
    notification = _from_json(text)
    if notification is not None:
        return notification
    told = _COPY.split(text[: 4 * READ], maxsplit=1)[0][:READ] or text[:READ]
    machine = _recipient(reports.get("message/delivery-status", b""))
    content_type, parameters = headers.parameters(fields.first("content-type"))
    is_report = content_type == "multipart/report" and (
        parameters.get("report-type", "").lower() == "delivery-status" or bool(machine)
    )
    if is_report or _is_bounce(fields, sender, name, subject, told, reports):
        return Report(not (is_report and _is_harmless(machine)), _status(machine, told))
    return None


def _is_bounce(
    fields: headers.Headers, sender: str, name: str, subject: str, told: str, reports: Mapping[str, bytes]
) -> bool:
    if "x-failed-recipients" in fields:
        return True
    says_so = bool(_TEXT.search(told))
    if is_daemon(sender, name):
        return says_so or bool(_SUBJECT.search(subject))
    if has_null_path(fields) or not sender:
        return bool(_SUBJECT.search(subject)) and (says_so or "message/rfc822" in reports)
    if is_robot(sender):
        return says_so and ("message/rfc822" in reports or bool(_SUBJECT.search(subject)))
    return False


def has_null_path(fields: headers.Headers) -> bool:
    path = fields.raw.get("return-path")
    return path is not None and path[0].strip().lower() in {b"<>", b"<mailer-daemon>"}


def _recipient(report: bytes) -> dict[str, str]:
    """What a delivery report says of the recipient that fared worst: the first that failed, or the first."""
    text = report[:65_536].decode("latin-1").replace("\r", "")
    blocks = [
        {match[1].lower(): match[2].strip() for match in _FIELD.finditer(block)}
        for block in re.split(r"\n[ \t]*\n", text)
    ]
    recipients = [block for block in blocks if block]
    return next((block for block in recipients if not _is_harmless(block)), (recipients or [{}])[0])


def _is_harmless(recipient: Mapping[str, str]) -> bool:
    return recipient.get("action", "failed").lower().split(" ")[0].strip("();") in HARMLESS_ACTIONS


def _status(machine: Mapping[str, str], told: str) -> str | None:
    """The enhanced status code (RFC 3463): what the remote server said beats the reporter's own summary."""
    summary = _CODE.search(machine.get("status", ""))
    said = _CODE.search(machine.get("diagnostic-code", ""))
    if said and (not summary or said[1][0] == summary[1][0]):
        return said[1]
    if summary and not summary[1].endswith(".0.0"):
        return summary[1]
    found = next((match[1] for match in _CODE_IN_TEXT.finditer(told) if match[1][0] != "2"), None)
    if summary and (not found or found[0] != summary[1][0]):
        return summary[1]
    return found


def _from_json(text: str) -> Report | None:
    """A delivery notification of Amazon's mail service, which comes as JSON in a plain mail."""
    if not text.startswith("{") or '"notificationType"' not in text[:READ]:
        return None
    try:
        told, _ = json.JSONDecoder().raw_decode(text[:65_536])
    except (ValueError, RecursionError):
        return None
    kind = told.get("notificationType") if isinstance(told, dict) else None
    if kind not in {"Bounce", "Delivery"}:
        return None
    code = _CODE.search(json.dumps(told.get("bounce", "")))
    return Report(kind == "Bounce", code[1] if code else None)
