#!/usr/bin/env python
"""Django's command line. Commands connect as the database role that their work needs."""

import os
import sys

OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations"}
WORKER_COMMANDS = {"make_demonstration"}


def database_role(command: str) -> str:
    """The role that `command` connects as."""
    if command in OWNER_COMMANDS:
        return "owner"
    return "worker" if command in WORKER_COMMANDS else "web"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.local")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DATABASE_ROLE", database_role(command))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
