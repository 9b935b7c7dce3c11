"""A mailed link stands for one ticket and one customer, and nobody can make one up."""

import pytest

from tests.conftest import opened_by
from tickets import links


def test_the_page_token_opens_its_ticket_for_its_customer(ticket, dana):
    bearer = links.bearer(links.page_token(ticket, dana))
    assert (bearer.ticket_id, bearer.customer) == (ticket.pk, dana)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: token.replace(token.split("-")[0], "99999999", 1),
        lambda token: "-".join([token.split("-")[0], "1", token.split("-")[2]]) + "x",
        lambda token: "",
        lambda token: "1-1-" + "a" * 26,
        lambda token: token + "/",
        lambda token: "9" * 18 + "-" + "9" * 18 + "-" + "a" * 26,
    ],
)
def test_a_spoilt_token_opens_nothing(spoil, ticket, dana):
    assert links.bearer(spoil(links.page_token(ticket, dana))) is None


def test_a_mail_token_does_not_open_the_page(ticket, dana):
    token = links.reply_address(ticket, dana).split("+")[1].split("@")[0]
    assert links.bearer(token) is None


def test_another_tickets_mac_does_not_fit(ticket, dana):
    other = opened_by(dana)
    stolen = links.page_token(ticket, dana).split("-")[2]
    assert links.bearer(f"{other.number}-{dana.pk}-{stolen}") is None


def test_revoking_makes_all_links_of_the_ticket_invalid_and_new_ones_work(ticket, dana, alice):
    old, address = links.page_token(ticket, dana), links.reply_address(ticket, dana)
    ticket.revoke_links(by=alice)
    assert links.bearer(old) is None
    assert links.claimed_by_mail([address], []) is None
    assert links.bearer(links.page_token(ticket, dana)) is not None


def test_reply_address_and_message_id_lead_back_whatever_case_they_return_in(ticket, dana):
    address = links.reply_address(ticket, dana)
    message_id = links.message_id(ticket.messages.get(), dana)
    assert links.claimed_by_mail([address.upper()], []).ticket == ticket
    assert links.claimed_by_mail([], [message_id]).customer == dana
