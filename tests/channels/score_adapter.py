"""What `score.py` of the mail corpus calls: our parser in the words of its expectations."""

from typing import Any

from channels import automatic, headers, mime, replies
from common import html


def read(data: bytes, kind: str) -> dict[str, Any]:
    """The fields `score.py` knows for one file of the corpus; nothing for archives that are no mail."""
    if kind == "text_body":
        text = data.decode("utf-8", "replace")
        return {"text": text, "reply_text": replies.trim(text)}
    if kind == "html_body":
        markup = data.decode("utf-8", "replace")
        text = html.to_text(markup)
        return {"text": text, "html": html.clean(markup), "reply_text": replies.trim(text)}
    return _mail(mime.parse(data), data) if kind == "mime" else {}


def _mail(mail: mime.Mail, data: bytes) -> dict[str, Any]:
    block, _ = headers.split(data, 0, len(data))
    return {
        "subject": mail.subject,
        "message_id": mail.message_id,
        "from": [mail.from_address] if mail.from_address else [],
        "from_name": mail.from_name,
        "to": list(mail.to),
        "text": mail.text,
        "html": html.clean(mail.html),
        "reply_text": mail.reply_text,
        "attachments": len(mail.attachments),
        "attachment_names": [part.name for part in mail.attachments if part.name],
        "is_auto_reply": automatic.is_reply(headers.Headers(block), mail.subject),
        "is_bounce": mail.kind == "bounce",
        "is_dsn": mail.kind in {"bounce", "notice"},
        "is_feedback_report": mail.kind == "feedback",
        "dsn_status": mail.dsn_status,
    }
