"""Work of the registry in the background, done by the worker; one task by the sequencer."""

import structlog
from celery import shared_task

from registry.processes import cores
from registry.protection import escrow
from registry.search.index import asking, rebuilding
from registry.traits import people
from registry.worker import archive, merging, refiling, reporting, retention, severing, telling, unplaced, watching

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
    watching.watch_shields()


@shared_task(name="registry.tasks.sever_approved")
def sever_approved() -> None:
    """Close records whose children were given another identity."""
    severing.sever_approved()


@shared_task(name="registry.tasks.merge_approved")
def merge_approved() -> None:
    """Put records of one child under one, and part those that are of two."""
    merging.do_approved()


@shared_task(name="registry.tasks.make_drawn")
def make_drawn() -> None:
    """Make the records under new identities for which this hour is drawn."""
    severing.make_drawn()


@shared_task(name="registry.tasks.keep_to_terms")
def keep_to_terms() -> None:
    """Archive and destroy records whose time has come, and certify which keys are destroyed."""
    kept = retention.keep_to_terms()
    certified = retention.certify()
    if due := retention.months_due():
        logger.error("retention.keys_are_due", cohorts=due)  # manage.py destroy_keys was not called
    logger.info(
        "retention.kept", archived=kept.archived, destroyed=kept.destroyed, failed=kept.failed, certified=certified
    )


@shared_task(name="registry.tasks.answer_archive")
def answer_archive() -> None:
    """Answer what was given of the archive, and take away what was answered before."""
    archive.answer_given()
    archive.forget_answers()


@shared_task(name="registry.tasks.list_unplaced")
def list_unplaced() -> None:
    """List this month's children of school age who have no education setting, unless that is done."""
    unplaced.list_month()


@shared_task(name="registry.tasks.look_up_sources")
def look_up_sources() -> None:
    """Note which sources said what is reported as wrong."""
    reporting.look_up_sources()


@shared_task(name="registry.tasks.tell_followers")
def tell_followers() -> None:
    """Tell systems that something changed in records that they follow."""
    telling.tell_followers()


@shared_task(name="registry.tasks.forget_reports")
def forget_reports() -> None:
    """Forget reports that are over."""
    reporting.forget()


@shared_task(name="registry.tasks.open_escrow")
def open_escrow() -> None:
    """Open what two people asked for, and take away what was opened before. Runs in the sequencer's process."""
    escrow.open_given()
    escrow.forget_answers()


@shared_task(name="registry.tasks.keep_traits_of_users")
def keep_traits_of_users() -> None:
    """Have what the examiner compares of users, once their name or number changed."""
    people.keep_up_to_date()


def _say(step: str, done: int | None, total: int | None) -> None:
    logger.info("index.rebuild", step=step, done=done, total=total)
