"""How often someone may knock: fixed windows counted in PostgreSQL, one statement a knock."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

_COUNT = """
    INSERT INTO common_hit (key, window_ends_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key, window_ends_at) DO UPDATE SET count = common_hit.count + 1
    RETURNING count
"""


def knock(key: str, *, limit: int, seconds: int) -> bool:
    """Counts one knock of `key`; True while at most `limit` came in the current window of `seconds`."""
    now = int(timezone.now().timestamp())
    ends = datetime.fromtimestamp(now - now % seconds + seconds, tz=UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key[:200], ends])
        (count,) = cursor.fetchone()
    return count <= limit
