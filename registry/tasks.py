"""Long work of the registry, done by the worker."""

import structlog
from celery import shared_task

from registry import refiling, shield_watch
from registry.processes import cores
from registry.search.index import asking, rebuilding
from registry.traits import people

logger = structlog.get_logger(__name__)


@shared_task(name="registry.tasks.rebuild_index")
def rebuild_index(processes: int | None = None) -> None:
    """Make the search index anew while search goes on; taken up again, it goes on where it stopped."""
    rebuilding.rebuild(processes=processes or cores(), say=_say)
    rebuilding.drop_old()


@shared_task(name="registry.tasks.clear_draws")
def clear_draws() -> None:
    """Forget whom searches led to, once that is older than a minute."""
    asking.clear_draws()


@shared_task(name="registry.tasks.file_shielded")
def file_shielded() -> None:
    """File for search whose shield came or went."""
    refiling.file_shielded()


@shared_task(name="registry.tasks.watch_shields")
def watch_shields() -> None:
    """Alert where an urgent shield waits for its decision for too long."""
    shield_watch.watch_shields()


@shared_task(name="registry.tasks.keep_traits_of_users")
def keep_traits_of_users() -> None:
    """Have what the examiner compares of users, once their name or number changed."""
    people.keep_up_to_date()


def _say(step: str, done: int | None, total: int | None) -> None:
    logger.info("index.rebuild", step=step, done=done, total=total)
