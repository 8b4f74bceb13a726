"""What is compared of children and users: kept beside them, up to date, and read by the examiner alone."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.test import override_settings
from django.utils import timezone

from access.models import User, UserTraits
from access.people import traits as people_traits
from audit.reasons import Mistake
from contactpoint.grants import TABLES
from contactpoint.roles import EXAMINER, SERVING, WORKER
from registry.actions.children import traits_of_draft
from registry.models import Child, ChildTraits, Involvement
from registry.tasks import keep_traits_of_users
from registry.traits import people, rarity, rebuilding, values
from registry.values import Withdrawal
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_worker
from tests.integration.registry.people import AddChildren, Town, draft, full_draft

AS_EXAMINER = override_settings(KEYRING_HOLDER="examiner")


def kept(child: Child) -> values.ChildTraits:
    """The child's traits, as the examiner reads them."""
    with AS_EXAMINER, acting_as(EXAMINER):
        row = ChildTraits.objects.get(child=child.pk)
        return values.KEPT.open(row.traits, row=row.pk, version=row.row_version)


def kept_of_user(user: User) -> people_traits.PersonTraits:
    with AS_EXAMINER, acting_as(EXAMINER):
        row = UserTraits.objects.get(user=user.pk)
        return people_traits.KEPT.open(row.traits, row=row.pk, version=row.row_version)


def make_traits(*arguments: str) -> str:
    said = io.StringIO()
    with as_worker():
        call_command("make_traits", "--processes=1", *arguments, stdout=said)
    return said.getvalue()


def forget(as_owner: OwnerContext) -> None:
    with as_owner():
        ChildTraits.objects.all().delete()


def test_child_is_comparable_from_the_moment_they_are_there(town: Town, add: AddChildren) -> None:
    wanted = full_draft(town)
    (child,) = add(wanted)
    assert kept(child) == traits_of_draft(wanted)
    assert len(kept(child).involved) == len(wanted.involvements)


def test_child_without_traits_is_not_added(town: Town, add: AddChildren, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no traits")

    monkeypatch.setattr("registry.actions.children.put_traits", broken)
    with pytest.raises(RuntimeError, match="no traits"):
        add(draft(town))
    with acting_as("contactpoint_owner"):
        assert not Child.objects.exists()


def test_a_shielded_childs_are_as_another_childs(town: Town, add: AddChildren) -> None:
    shielded = full_draft(town, numbers=[], shielded_since=date(2026, 1, 5))
    one, other = add(shielded, full_draft(town, numbers=[]))
    assert kept(one) == kept(other)
    assert kept(one).homes


def test_what_is_missing_is_made_and_nothing_else(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    drafts = [full_draft(town), draft(town, family="Smith-Jones")]
    children = add(*drafts)
    forget(as_owner)
    assert make_traits().startswith("Made the traits of 2 children")
    assert [kept(child) for child in children] == [traits_of_draft(each) for each in drafts]
    assert make_traits().startswith("Made the traits of 0 children")
    assert make_traits("--all").startswith("Made the traits of 2 children")


def test_a_child_that_changed_is_made_anew(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    (child,) = add(draft(town))
    with as_owner():
        changed = Child.objects.get(pk=child.pk)
        changed.date_of_birth = date(2012, 10, 1)
        changed.save()
    assert kept(child).born != 2012
    assert make_traits().startswith("Made the traits of 1 children")
    assert kept(child).born == 2012


def test_interrupted_it_goes_on(
    town: Town, add: AddChildren, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = add(*(draft(town, family=f"Smith{'a' * each}") for each in range(6)))
    forget(as_owner)
    monkeypatch.setattr(rebuilding, "IDS_IN_A_BLOCK", 2)
    with as_worker():
        looking = rebuilding.make_all(processes=1)
        next(looking)
        looking.close()
        done = ChildTraits.objects.count()
        assert 0 < done < len(children)
        (*_, (looked_at, last, made)) = rebuilding.make_all(processes=1)
    assert looked_at == last
    assert made == len(children) - done


def test_an_involvement_that_was_withdrawn_is_nothing_to_compare(
    town: Town, add: AddChildren, as_owner: OwnerContext
) -> None:
    (child,) = add(full_draft(town))
    before = kept(child).involved
    with as_owner():
        row = Involvement.objects.filter(child=child).earliest("pk")
        row.withdrawal = Withdrawal(town.teacher.pk, timezone.now(), next(iter(Mistake)))
        row.save()
    make_traits("--all")
    assert len(kept(child).involved) == len(before) - 1


def test_no_processes_is_told(town: Town) -> None:
    with as_worker(), pytest.raises(CommandError, match="at least one process"):
        call_command("make_traits", "--processes=0")


def test_users_are_made_and_kept_up_to_date(town: Town, as_owner: OwnerContext) -> None:
    with as_worker():
        keep_traits_of_users()
        assert UserTraits.objects.count() == User._base_manager.count()
        assert people.keep_up_to_date() == 0
    assert kept_of_user(town.teacher) == people.traits_of(town.teacher.name.open(), None)

    with as_owner():
        changed = User._base_manager.get(pk=town.teacher.pk)
        changed.name, changed.telephone = "Farah Hussain", "+447700900123"
        changed.save()
    with as_worker():
        assert people.keep_up_to_date() == 1
    assert kept_of_user(town.teacher) == people.traits_of("Farah Hussain", "+447700900123")


def test_new_counts_of_names_weigh_everybody_anew(
    town: Town, add: AddChildren, monkeypatch: pytest.MonkeyPatch
) -> None:
    (child,) = add(draft(town, family="Smith"))
    make_traits()
    monkeypatch.setattr(rarity, "of_family", lambda _: 20)
    make_traits()
    assert kept(child).families[0].bits < 20
    assert make_traits("--all").startswith("Made the traits of 1 children")
    assert kept(child).families[0].bits == 20
    family = kept_of_user(town.teacher).family
    assert family
    assert family.bits == 20


def test_many_users_are_made_some_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "AT_ONCE", 2)
    with as_worker():
        assert people.keep_up_to_date() == User._base_manager.count() > 4


def test_a_teacher_is_seen_to_have_the_name_and_the_number_of_a_guardian(
    town: Town, add: AddChildren, as_owner: OwnerContext
) -> None:
    (child,) = add(full_draft(town))
    with as_owner():
        related = factories.user(works_for=town.school, name="Farah Hussain")
    with as_worker():
        people.keep_up_to_date()
    assert kept_of_user(related).whole in kept(child).guardians
    assert kept_of_user(related).family in kept(child).families
    assert kept_of_user(town.teacher).whole not in kept(child).guardians


@pytest.mark.parametrize("table", ["registry_childtraits", "access_usertraits"])
@pytest.mark.parametrize("role", [role for role in SERVING if role not in (EXAMINER, WORKER)])
def test_nobody_else_reads_them(town: Town, role: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(role), connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM {table}")


@pytest.mark.parametrize("table", ["registry_childtraits", "access_usertraits"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET row_version = 1", "DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}", "TRUNCATE {}"]
)
def test_the_examiner_changes_none(town: Town, statement: str, table: str) -> None:
    with pytest.raises(ProgrammingError, match="denied"), acting_as(EXAMINER), connection.cursor() as cursor:
        cursor.execute(statement.replace("{}", table))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT criteria FROM audit_event",
        "SELECT * FROM audit_event",
        "SELECT name FROM access_user",
        "SELECT telephone FROM access_user",
        "SELECT email_fingerprint FROM access_user",
        "SELECT name_tokens FROM access_user",
        "SELECT * FROM access_user",
        *(f"SELECT FROM {table}" for table, rights in TABLES.items() if EXAMINER not in rights),
    ],
)
def test_the_examiner_reads_nothing_that_is_sealed_but_traits(own_database: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(EXAMINER), connection.cursor() as cursor:
        cursor.execute(statement)
