"""A desk of two languages and four categories, small enough to learn in a blink."""

import random

from triage.learn.base import Example

THINGS = {
    "network": (["wifi", "router", "connection", "internet"], ["网络", "路由器", "连接", "无线信号"]),
    "billing": (["invoice", "refund", "payment", "charge"], ["发票", "退款", "付款", "扣费"]),
    "hardware": (["laptop", "keyboard", "monitor", "charger"], ["笔记本", "键盘", "显示器", "充电器"]),
    "account": (["password", "login", "username", "account"], ["密码", "登录", "用户名", "账号"]),
}
ENGLISH = [
    ("My {0} is broken", "Since this morning my {0} and the {1} do not work, please help."),
    ("Question about {0}", "Hello, could somebody look at the {1}? The {0} is wrong again."),
    ("{0} problem", "I have tried the {0} twice. Kind regards"),
]
CHINESE = [
    ("我的{0}有问题", "您好，从今天早上开始{0}和{1}都不正常，请帮忙看一下。"),
    ("关于{0}", "请问{1}怎么办？{0}又不对了，谢谢。"),
    ("{0}不能用", "我已经试了两次{0}，还是不行。"),
]


def desk(each: int = 24, seed: int = 1, spaced: bool = False) -> list[Example]:
    """`each` tickets a category, half of them Chinese, in a mixed order; `spaced`: an hour after another."""
    stream = random.Random(seed)
    rows = [_ticket(stream, label, number % 2) for label in THINGS for number in range(each)]
    stream.shuffle(rows)
    return [
        Example(title, body, label, at=3600.0 * number if spaced else 0.0)
        for number, (title, body, label) in enumerate(rows)
    ]


def _ticket(stream: random.Random, label: str, language: int) -> tuple[str, str, str]:
    first, second = stream.sample(THINGS[label][language], 2)
    title, body = stream.choice((ENGLISH, CHINESE)[language])
    return title.format(first, second), body.format(first, second), label


TEXTS = [
    ("My wifi is broken", "the router blinks red"),
    ("关于发票", "请问退款怎么办？"),
    ("VPN 连接 problem", "my password 密码 is wrong"),
    ("我的网络连接不稳定", ""),
    ("", ""),
    ("Ωβγ", "совершенно иное"),
    ("log", "error 0x0000007e at line 12 " * 3600),
]
