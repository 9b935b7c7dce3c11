"""What the demo company's help centre offers to the ticket that every demonstration begins with."""

import pytest

from demo.company import establish
from demo.library import stock
from people.models import Customer
from tests.conftest import opened_by
from tickets.work import work_off

NETWORK = {"wifi-keeps-dropping", "line-keeps-dropping", "slow-in-the-evening"}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("我的网络连接不稳定", ""),
        ("我的网络连接不稳定", "我的网络连接不稳定，已经重启过路由器，还是每隔十几分钟就断一次。"),
    ],
)
def test_an_unsteady_network_is_offered_its_three_solutions_first(db, subject, text):
    articles = stock(establish())
    ticket = opened_by(Customer.with_address("chen@example.com", name="陈静", verified=True), subject, text or subject)
    for consumer in ("triage", "similar", "triage"):
        work_off(consumer)
    names = {f"a{article.pk}": slug for slug, article in articles.items()}
    ranked = [names[code] for code, _score in ticket.suggestions.get(target="solutions").ranked]
    assert set(ranked[:3]) == NETWORK
