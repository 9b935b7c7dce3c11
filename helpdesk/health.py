"""Is the process alive, and is the house ready for visitors?"""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import redis
import structlog
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from psycopg_pool import PoolTimeout

from common.models import Heartbeat
from common.redis import client
from tickets.models import Pending

log = structlog.get_logger(__name__)

OLDEST_PENDING = timedelta(minutes=5)
OLDEST_HEARTBEAT = timedelta(seconds=60)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that an outage elsewhere never restarts it."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 while visitors can be served, 503 otherwise, with each part's word."""
    parts = {"database": _told(_database)}
    if parts["database"] == "ok":  # else each of the others would wait for it in vain
        parts |= {name: _told(check) for name, check in CHECKS.items()}
    # Redis or workers away slow things down; visitors are still served and nothing is lost.
    ready = parts["database"] == parts.get("migrations") == "ok"
    healthy = ready and all(word == "ok" for word in parts.values())
    status = "ok" if healthy else "degraded" if ready else "down"
    return JsonResponse({"status": status, "parts": parts}, status=200 if ready else 503)


def _told(check: Callable[[], str]) -> str:
    try:
        return check()
    except (OperationalError, PoolTimeout, redis.RedisError, OSError) as error:
        return f"away: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


@cache
def _all_applied() -> bool:
    """Applied migrations stay applied; only the good answer is kept."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError
    return True


def _migrations() -> str:
    try:
        _all_applied()
    except LookupError:
        return "some are not applied; run manage.py migrate"
    return "ok"


def _redis() -> str:
    client().ping()
    return "ok"


def _worker() -> str:
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is None:
        return "never seen; start a worker and beat"
    return "ok" if beat.age < OLDEST_HEARTBEAT else f"silent for {beat.age.total_seconds():.0f} s"


def _pending() -> str:
    oldest = Pending.objects.order_by("event_id").select_related("event").first()
    if oldest is None:
        return "ok"
    age = timezone.now() - oldest.event.at
    return "ok" if age < OLDEST_PENDING else f"oldest waits for {age.total_seconds():.0f} s"


CHECKS = {
    "migrations": _migrations,
    "redis": _redis,
    "worker": _worker,
    "pending": _pending,
}


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: an honest 503 with Retry-After while PostgreSQL is away, else the page for our faults."""
    exception = sys.exc_info()[1]
    if isinstance(exception, OperationalError | PoolTimeout):
        return unavailable(request, exception)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest, exception: BaseException) -> HttpResponse:
    log.error("database_away", error=str(exception))
    if pool := getattr(connection, "pool", None):
        pool.check()  # drops what else died, so that the next visitor meets a living connection
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": "The database is away. Try again in a moment."}, status=503)
    else:
        response = HttpResponse(_PLAIN, status=503)
    response["Retry-After"] = "5"
    return response


_PLAIN = (
    "<!doctype html><meta charset=utf-8><title>One moment</title><h1>One moment, please · 请稍候</h1>"
    "<p>The support desk cannot reach its database. Nothing you sent was accepted yet; please try again in a few "
    "seconds.</p><p>服务台暂时无法连接数据库，您的内容尚未提交，请几秒钟后重试。</p>"
)
