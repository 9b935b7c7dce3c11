#!/usr/bin/env python
"""Django's command line; starts the built-in servers first, where they are in use and needed."""

import os
import sys

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if settings.EMBEDDED and not WITHOUT_DATABASE.intersection(sys.argv[1:2] or ["help"]):
        from helpdesk import embedded

        try:
            embedded.start()
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
