"""The settings of a test run: the house's own, without the developer's `.env`, and quicker."""

from typing import cast
from unittest import mock

import environ

with mock.patch.object(environ.Env, "read_env"):
    from helpdesk.settings import *  # noqa: F403
from helpdesk.settings import LOGGING, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Hashed names need collectstatic; the tests of the pages do not.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # a list of all files, made anew for each test client, would take 0.2 s

# "celery@host ready" is how a test knows that its worker listens.
cast(dict[str, object], LOGGING["loggers"])["celery"] = {"level": "INFO"}
