"""The one Redis client of the house, used by the live stream."""

from functools import cache

import redis
import redis.asyncio
from django.conf import settings


def _url() -> str:
    return settings.REDIS_URL.replace("redis+socket://", "unix://", 1)


@cache
def client() -> redis.Redis:
    """A client that gives up within two seconds."""
    return redis.Redis.from_url(_url(), socket_timeout=2, socket_connect_timeout=1)


def async_client() -> redis.asyncio.Redis:
    """A client for one listening coroutine."""
    return redis.asyncio.Redis.from_url(_url(), socket_connect_timeout=1)
