"""Print docs/people.md: the states of a user's life and the steps between them. `make check` compares it."""

from typing import Any

from django.core.management.base import BaseCommand

from access.models import UserState
from access.rules.lifecycle import TRANSITIONS, Step, diagram

PAGE = """# People's life in the service

Made by `manage.py people_diagram` from `access/rules/lifecycle.py`; do not edit. Why it is so: ADR 15 and 22.

```mermaid
{diagram}
```

| step | from | to | event | another administrator than asked |
|---|---|---|---|---|
{rows}

Nobody decides about themselves. Nobody lets in alone: where the service asked (a feed, the operator) and not a
person, an administrator lets in only somebody of whose evidence another has recorded a part since then (ADR 22).

Whatever closes somebody out ends their sessions in the same transaction, and every
request asks the state anew. The database allows each change of a state beside its event alone
(`access/sql/guards/access_user.sql`).
"""


def page() -> str:
    """The whole of docs/people.md."""
    return PAGE.format(diagram=diagram(), rows="\n".join(_row(step) for step in Step))


def _row(step: Step) -> str:
    transition = TRANSITIONS[step]
    starts = ", ".join(state.value for state in UserState if state in transition.from_states) or "(new)"
    second = "yes" if transition.second_person else ""
    return f"| {step} | {starts} | {transition.to_state.value} | `{transition.event.value}` | {second} |"


class Command(BaseCommand):
    help = "Print docs/people.md"

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(page(), ending="")
