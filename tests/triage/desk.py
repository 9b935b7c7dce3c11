"""A small bilingual desk to learn from: four kinds of problem, each said in several ways."""

from datetime import datetime, timedelta
from itertools import product

from django.utils import timezone

from people.models import Customer, User
from tickets.actors import SYSTEM
from tickets.book import BulkBook, writing_in
from tickets.choices import Priority
from tickets.intake import Incoming, receive_in_bulk
from tickets.models import Category, Ticket

SAID = {
    "wifi": (
        ["The Wi-Fi drops in the bedroom", "My wireless signal is weak upstairs", "Wi-Fi disconnects every evening"],
        ["My laptop loses the wireless network.", "The router shows a good signal, the phone does not."],
        ["无线网络总是断", "卧室的无线信号很弱", "路由器无线连接不稳定"],
        ["手机连不上无线网络。", "网络连接一直不稳定，路由器重启也没用。"],
    ),
    "outage": (
        [
            "The line is dead since this morning",
            "No internet at all in our street",
            "Complete outage of the fibre line",
        ],
        ["The red light of the modem blinks.", "My neighbours have no connection either."],
        ["线路中断了", "整条街都断网", "光纤线路完全没有信号"],
        ["光猫亮红灯。", "邻居家也断线了。"],
    ),
    "refund": (
        ["I want my money back", "Refund for the returned cable", "Please refund the cancelled order"],
        ["The parcel went back two weeks ago.", "Nothing has reached my bank account."],
        ["我要退款", "退货的钱还没退", "请退还取消订单的款项"],
        ["包裹两周前就寄回了。", "银行账户没有收到退款。"],
    ),
    "invoice": (
        ["My invoice is wrong", "The October bill has the wrong address", "Please send the invoice as a PDF"],
        ["The tax number is missing on the bill.", "I need it for my bookkeeping."],
        ["发票开错了", "十月的账单地址不对", "请把发票发到邮箱"],
        ["发票上没有税号。", "记账需要这张发票。"],
    ),
}
# As on any real desk, some say little, and some speak of two things.
VAGUE = {
    "wifi": [("Question", "Could you please call me?"), ("急", "还是不行，请处理。"), ("My bill", "Wi-Fi is on it.")],
    "outage": [
        ("Please help", "It does not work."),
        ("你好", "请给我打电话。"),
        ("Wi-Fi", "No signal, no line, nothing."),
    ],
    "refund": [
        ("As I said", "Please call me back."),
        ("你好", "还没有处理好。"),
        ("Invoice", "The bill was paid twice."),
    ],
    "invoice": [("Hello", "Please help me with it."), ("问题", "请联系我。"), ("Money", "How much do I get back?")],
}
USUAL = {"wifi": Priority.NORMAL, "outage": Priority.HIGH, "refund": Priority.NORMAL, "invoice": Priority.LOW}


def texts(slug: str) -> list[tuple[str, str]]:
    """(subject, text) in both languages."""
    english, english_details, chinese, chinese_details = SAID[slug]
    pairs = [*product(english, english_details), *product(chinese, chinese_details)]
    return [
        (subject, f"{greeting}{detail}") for subject, detail in pairs for greeting in ("", "Hello! 你好！")
    ] + VAGUE[slug]


def solve_many(customer: Customer, agent: User, categories: dict[str, Category]) -> list[Ticket]:
    """A history of solved tickets, a few hours apart, decided by import and answered by the agent."""
    bulk = BulkBook()
    start = timezone.now() - timedelta(days=60)
    rounds = zip(*(texts(slug) for slug in SAID), strict=True)
    told = [(slug, text) for one_each in rounds for slug, text in zip(SAID, one_each, strict=True)]
    tickets = [
        _solved(bulk, customer, agent, categories[slug], text, start + timedelta(hours=6 * number))
        for number, (slug, text) in enumerate(told)
    ]
    bulk.store()
    return tickets


def _solved(
    bulk: BulkBook, customer: Customer, agent: User, category: Category, text: tuple[str, str], at: datetime
) -> Ticket:
    ticket = receive_in_bulk(Incoming("import", customer, *text, at=at, source="test"), bulk)
    with writing_in(bulk):
        bulk.clock = at + timedelta(hours=1)
        ticket.categorise(category, by=SYSTEM)
        ticket.set_priority(USUAL[category.slug], by=SYSTEM)
        ticket.send_to((category.parent or category).team, by=SYSTEM)
        ticket.reply(f"We took care of it: {category.slug}.", by=agent, then="resolved")
    return ticket
