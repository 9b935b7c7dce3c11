"""What a person newly wrote in a reply: without the quoted mail, its introduction and the signature."""

import re
from dataclasses import dataclass, field

from channels import quotes

MAX_LINES = 5_000
REACH = 6

_MARKS = re.compile(r"^[ \t]*>+[ \t]*")


def trim(text: str) -> str:
    """The new words of a reply; all of `text` when nothing else would be left. Linear in its length.

    Answers written between the quoted lines keep those lines, since they make no sense without them. A quotation
    that begins after `MAX_LINES` lines is not looked for.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    reply = _Reply(lines[:MAX_LINES])
    reply.find_first_words()
    reply.cut_at_signature()
    reply.cut_at_quoted_mail()
    reply.drop_introductions()
    reply.drop_phone_signatures()
    reply.drop_trailing_quotes()
    is_whole = len(lines) > MAX_LINES and len(reply.lines) == MAX_LINES
    return text.strip() if is_whole else reply.text() or text.strip()


@dataclass(slots=True)
class _Reply:
    lines: list[str]
    first_words: int = 0
    unquoted: list[str] = field(default_factory=list)

    def find_first_words(self) -> None:
        spoken = (number for number, line in enumerate(self.lines) if self._is_speech(line))
        self.first_words = next(spoken, len(self.lines))

    def text(self) -> str:
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines)).strip()

    def cut_at_signature(self) -> None:
        """Two dashes begin a signature; other rules do only after an empty line, else they underline."""
        for number, line in enumerate(self.lines):
            short = line[: quotes.LINE]
            after_gap = number and not self.lines[number - 1].strip()
            if (quotes.SIGNATURE.match(short) or (after_gap and quotes.RULE.match(short))) and self._speaks(number):
                self.lines = self.lines[:number]
                return

    def cut_at_quoted_mail(self) -> None:
        for number, line in enumerate(self.lines):
            short = line[: quotes.LINE]
            if not short.strip():
                continue
            if (quotes.is_original_marker(short) or self._begins_header_block(number)) and self._speaks(number):
                self.lines = self.lines[:number]
                return

    def drop_introductions(self) -> None:
        """`On … wrote:` and what it quotes; only the line itself where answers stand between quotes."""
        kept_from = 0
        kept: list[str] = []
        for first, last in self._introductions():
            if first < kept_from:
                continue
            kept += self.lines[kept_from:first]
            blocks, end = self._quote_blocks(last + 1)
            if not blocks:
                if any(line.strip() for line in kept):
                    self.lines = kept
                    return
                kept_from = first
                continue
            kept_from = last + 1 if blocks > 1 else end
        self.lines = kept + self.lines[kept_from:]

    def drop_phone_signatures(self) -> None:
        last = len(self.lines) - 1
        remaining = [
            line
            for number, line in enumerate(self.lines)
            if not quotes.is_phone_signature(line)
            or (number < last and self.lines[number + 1].strip() and not quotes.QUOTED.match(self.lines[number + 1]))
        ]
        if any(line.strip() for line in remaining):
            self.lines = remaining

    def drop_trailing_quotes(self) -> None:
        end = len(self.lines)
        while end and (not self.lines[end - 1].strip() or quotes.QUOTED.match(self.lines[end - 1])):
            end -= 1
        if any(line.strip() and not quotes.QUOTED.match(line) for line in self.lines[:end]):
            self.lines = self.lines[:end]

    def _speaks(self, end: int) -> bool:
        """True when somebody's words stand before line `end`."""
        return self.first_words < end

    def _is_speech(self, line: str) -> bool:
        if not line.strip() or quotes.QUOTED.match(line):
            return False
        short = line[: quotes.LINE]
        return not quotes.SIGNATURE.match(short) and not quotes.RULE.match(short)

    def _begins_header_block(self, number: int) -> bool:
        """True for the first of three different header lines close together that only a mail can have."""
        if not (kind := quotes.header_kind(self.lines[number][: quotes.LINE])):
            return False
        kinds = {kind}
        strangers = 0
        has_address = quotes.holds_address(self.lines[number][: quotes.LINE])
        for line in self.lines[number + 1 : number + 12]:
            short = line[: quotes.LINE]
            if following := quotes.header_kind(short):
                kinds.add(following)
                has_address = has_address or quotes.holds_address(short)
            elif short.strip():
                strangers += 1
                if strangers > 2:
                    break
        return len(kinds - {"cc"}) >= 3 and (has_address or bool(kinds & {"sent", "subject"}))

    def _introductions(self) -> list[tuple[int, int]]:
        """First and last line of each introduction, in order."""
        self.unquoted = [_MARKS.sub("", line) for line in self.lines]
        found: list[tuple[int, int]] = []
        for last, line in enumerate(self.lines):
            if len(line) > quotes.LINE or not quotes.may_end_attribution(line):
                continue
            first = self._introduction_start(last)
            if first is not None and (not found or first > found[-1][1]):
                found.append((first, last))
        return found

    def _introduction_start(self, last: int) -> int | None:
        follows = next((line for line in self.lines[last + 1 : last + 4] if line.strip()), "")
        quote_follows = bool(quotes.QUOTED.match(follows))
        for first in range(last, max(-1, last - REACH), -1):
            if len(self.lines[first]) > quotes.LINE:
                break
            if quotes.begins_with_date(self.unquoted[first]):
                joined = " ".join(self.unquoted[first : last + 1])
                if quotes.is_attribution(joined, quote_follows=quote_follows):
                    return first
        return last if quotes.is_attribution(self.unquoted[last], quote_follows=quote_follows) else None

    def _quote_blocks(self, start: int) -> tuple[int, int]:
        """How many quotations (0, 1 or more) stand from `start` on, and where the first one ends."""
        blocks, end = 0, start
        inside = False
        for number in range(start, len(self.lines)):
            line = self.lines[number]
            if quotes.QUOTED.match(line):
                blocks += not inside
                if blocks > 1:
                    break
                inside = True
                end = number + 1
            elif line.strip():
                if not blocks:
                    return 0, start
                inside = False
        return blocks, end
