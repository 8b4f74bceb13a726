#!/usr/bin/env python
"""Django's command line. Commands connect as the database role that their work needs, and use its process's keys."""

import os
import sys

ROLES = {
    "owner": {"migrate", "makemigrations", "sqlmigrate", "showmigrations"},
    "sign_in": {"give_demonstration_secrets"},
    "worker": {"make_demonstration", "make_england", "make_traits", "rebuild_index", "take_in_directory"},
    "sequencer": {"export_log", "log_keys", "prove", "seal_log"},
}


def database_role(command: str) -> str:
    """The role that `command` connects as."""
    return next((role for role, commands in ROLES.items() if command in commands), "web")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactpoint.settings.local")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DATABASE_ROLE", database_role(command))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
