"""Redis only rings. Without it everything is accepted at the usual speed, and done once it is back."""

import time
from statistics import median

from tests.conftest import PASSWORD
from tests.faults.conservation import assert_conserved, assert_triaged_and_told, is_settled, seconds_until
from tests.faults.customers import Browser, Log, crowd, letter, receive_mail

OUTAGE = 20.0  # seconds
SLOWEST = 3.0  # seconds for one request, whatever happens


def seconds_of(log: Log) -> list[float]:
    return [answer.seconds for _, _, answer in log.said]


def mails_taken(count: int, environ: dict[str, str]) -> list[bytes]:
    mails = [letter() for _ in range(count)]
    assert [receive_mail(raw, environ) for raw in mails] == [0] * count
    return mails


def sign_in(url: str) -> None:
    browser = Browser(url)
    browser.get("/account/login/")
    answer = browser.post("/account/login/", login="alice", password=PASSWORD)
    assert (answer.status, answer.headers.get("location")) == (302, "/inbox/")
    assert answer.seconds < SLOWEST
    assert browser.get("/inbox/").status == 200


def test_forms_mails_and_sign_in_do_without_redis_and_all_is_done_once_it_is_back(
    redis, web, worker, beat, environ, alice
):
    with crowd(web.url, writers=1) as before:
        mails = mails_taken(3, environ)

    redis.stop()
    end = time.monotonic() + OUTAGE
    with crowd(web.url, writers=1) as during:
        sign_in(web.url)
        while time.monotonic() < end:
            mails += mails_taken(1, environ)
    redis.start()
    caught_up = seconds_until(is_settled, patience=30)

    assert not before.refused
    assert not during.refused
    assert len(during.accepted) >= 10
    assert max(seconds_of(during)) < SLOWEST
    assert median(seconds_of(during)) < 3 * median(seconds_of(before)) + 0.1
    assert_conserved(before.accepted | during.accepted, mails)
    assert_triaged_and_told()
    print(
        f"form, median: {median(seconds_of(before)):.3f} s with Redis, {median(seconds_of(during)):.3f} s without,"
        f" at worst {max(seconds_of(during)):.3f} s; {len(during.accepted)} forms caught up in {caught_up:.1f} s"
    )


def test_a_redis_that_hangs_holds_up_nobody_for_long(redis, web, worker, beat, environ, alice):
    redis.hang()
    with crowd(web.url, writers=2) as during:
        sign_in(web.url)
        mails = mails_taken(1, environ)
        time.sleep(5)
    redis.resume()
    caught_up = seconds_until(is_settled, patience=30)

    assert not during.refused
    assert max(seconds_of(during)) < SLOWEST
    assert median(seconds_of(during)) < 1  # most do not even try to ring
    assert_conserved(during.accepted, mails)
    assert_triaged_and_told()
    print(
        f"Redis hanging: form median {median(seconds_of(during)):.3f} s, at worst {max(seconds_of(during)):.3f} s;"
        f" {len(during.accepted)} forms caught up in {caught_up:.1f} s"
    )
