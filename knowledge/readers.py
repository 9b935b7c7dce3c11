"""Who said something of an article, as far as we want to know: a keyed digest that tells two readers apart."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from common.limits import knock
from common.visitor import network_of
from people.customers import customer_of

from .models import Feedback, Version

HOUR = 3600  # seconds
OPINIONS_OF_A_NETWORK = 60


def reader_of(request: HttpRequest) -> str:
    """A customer by who they are, anybody else by network and browser."""
    customer = customer_of(request)
    who = f"customer {customer.pk}" if customer else f"{network_of(request)} {request.headers.get('User-Agent', '')}"
    return salted_hmac("knowledge.readers", who, algorithm="sha256").hexdigest()


def may_speak(request: HttpRequest) -> bool:
    """Counts one opinion; False when too many came from the same network within the hour."""
    return knock(f"help:{network_of(request)}", limit=OPINIONS_OF_A_NETWORK, seconds=HOUR)


def say(request: HttpRequest, version: Version, *, is_helpful: bool, comment: str = "") -> None:
    """The reader's opinion from now on. Without a comment, one given before with the same vote stays."""
    reader = reader_of(request)
    vote, is_new = Feedback.objects.get_or_create(
        version=version, reader=reader, defaults={"is_helpful": is_helpful, "comment": comment}
    )
    if is_new or (vote.is_helpful == is_helpful and comment in ("", vote.comment)):
        return
    vote.comment = comment or (vote.comment if vote.is_helpful == is_helpful else "")
    vote.is_helpful = is_helpful
    vote.save(update_fields=["is_helpful", "comment"])
