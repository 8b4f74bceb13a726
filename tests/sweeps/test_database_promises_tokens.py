"""A system's access token is no cookie: it records what people do at work, reads what that shows, and no more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.events import EventKind
from contactpoint.grants import SCHEMAS
from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.sweeps.attacking import (
    NO_SESSION,
    OPENED,
    OVER_BUDGET,
    Place,
    commit_event,
    forged,
    placed,
    read_child,
    refusal,
    show,
    spend_all_but,
    told,
)
from tests.sweeps.in_systems import LOAD, SPOILT, Held, World, held_by, key, renew, world_of

RECORD = "SELECT audit_record(%s, %s)"
# What is recorded in somebody's session in a system; everything else is refused.
IN_A_SYSTEM = {
    EventKind.ACCESS_REFUSED,
    EventKind.CHILD_FOLLOWED,
    EventKind.CHILD_FOLLOWED_NO_MORE,
    EventKind.CHILD_LISTED,
    EventKind.CHILD_OPENED,
    EventKind.CHILD_RECALLED,
    EventKind.CHILD_SEARCHED,
    EventKind.CHILD_SHOWN,
    EventKind.HISTORY_READ,
    EventKind.INVOLVEMENT_CORRECTED,
    EventKind.INVOLVEMENT_ENDED,
    EventKind.INVOLVEMENT_READ,
    EventKind.INVOLVEMENT_RECORDED,
    EventKind.INVOLVEMENT_WITHDRAWN,
    EventKind.SIGNED_IN,
    EventKind.SIGNED_OUT,
}
ALWAYS_SAID = {EventKind.ACCESS_REFUSED, EventKind.SIGNED_OUT}
# Every function of ours that is brought the key of a session, and what it does where that is a system's access token.
BROUGHT_A_KEY = {
    "access_code_make": "refuses: nobody lets a system act from within one",
    "access_event_of": "nothing: no role may call it, and it is asked for kinds that a system records none of",
    "access_mediation_begin": "refuses: no event of such a session begins a call",
    "access_mediation_end": "nothing: there is no call in it",
    "access_mediation_of": "nothing: there is no call in it",
    "access_session_begin": "nothing: the key is taken",
    "access_session_confirm": "nothing",
    "access_session_end": "ends it: whoever has the token may as well sign out",
    "access_session_ended": "says why it is over, as of any",
    "access_session_load": "nothing, and shows nobody",
    "access_session_note_device": "names it, once: where people sign in, as it begins",
    "access_session_save": "nothing",
    "access_sessions_end": "nothing: it records no event that names another session",
    "access_sessions_end_others": "nothing: it records no new password",
    "access_sessions_of": "nothing",
    "access_show_reach": "refuses",
    "access_show_ticket": "shows what its own committed event allows",
    "access_sign_in": "another event of a sign-in, where people sign in; whose the session is does not change",
    "access_system_leave": "ends it, for its own system",
    "access_system_session": "says whose it is, for its own system, where people sign in",
    "access_system_load": "says whose it is and whether the system is good",
    "access_system_renew": "nothing: it wants the refresh token",
    "ask": "notes what its own committed event searches for",
    "audit_record": "an event of the short list",
    "draw": "as ask",
    "drawn": "shows what its own committed search found",
    "registry_connection_read": "refuses: it records no event of that kind",
    "registry_read": "shows the child whom its own committed event names",
}
# The same argument's name, where it is no key of a session.
OF_SOMETHING_ELSE = {
    "access_invitation_accept": "the secret of a link",
    "access_invitation_load": "the secret of a link",
    "access_token_end": "a token of software",
    "access_token_give": "a token of software",
    "access_token_load": "a token of software",
    "api_key_answer": "the key of an entry",
    "api_key_take": "the key of an entry",
    "audit_record_token": "a token of software",
    "registry_archive_ask": "the number of a record",
    "registry_archive_decide": "the number of a record",
    "registry_escrow_decide": "the number of a record",
    "registry_following_led_to": "the reference of a following",
    "registry_handover_child": "the number of a record",
    "registry_identity_child": "the number of a record",
    "registry_merge_child": "the number of a record",
    "registry_unfollow": "the reference of a following",
    "review_child_of_number": "the number of a record",
}


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def council(place: Place) -> Council:
    with as_owner_here():
        return lives.council()


@pytest.fixture
def world(place: Place, council: Council) -> World:
    return world_of(place, council)


@pytest.fixture
def held(world: World) -> Held:
    return held_by(world)


@pytest.fixture(scope="module")
def kept(place: Place, council: Council) -> tuple[World, Held]:
    """A token of which no test takes anything away."""
    world = world_of(place, council)
    return world, held_by(world)


# What it records


@pytest.mark.parametrize("kind", EventKind)
def test_short_list_is_recorded_and_nothing_else(kept: tuple[World, Held], kind: EventKind) -> None:
    """By either process, whatever the event says besides, and with a second factor that was shown just now."""
    world, held = kept
    world.place.as_owner("UPDATE access_session SET confirmed_at = now() WHERE id = %s", held.actor.session_id)
    about = {"child_id": world.place.child, "reason": "safeguarding"}
    taken = []
    for role in ("web", "sign_in"):
        for more in ({}, about, {"user_id": world.person.pk}, {"fields": ["1", "1"]}, {"shown": [world.place.child]}):
            with world.place.connected(role) as connection:
                event = forged(held.actor, kind=kind, **more)
                if kind not in IN_A_SYSTEM:
                    assert refusal(connection, RECORD, held.actor.session_key, event).sqlstate == NO_SESSION
                    continue
                with connection.transaction(force_rollback=True):
                    try:
                        taken += connection.execute(RECORD, [held.actor.session_key, event]).fetchall()
                    except Exception:  # noqa: BLE001, S112 - one of these ways of saying it is the right one
                        continue
    assert bool(taken) is (kind in IN_A_SYSTEM)


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("kind", ["child.searched", "child.opened", "involvement.read"])
def test_nothing_is_recorded_where_something_speaks_against_it(world: World, held: Held, how: str, kind: str) -> None:
    with world.place.connected() as web:
        claims = {"kind": kind, "child_id": world.place.child, "reason": "safeguarding"}
        commit_event(web, held.actor, **claims)
        world.spoil(how)
        become = replace(held.actor, role=Role.ADMINISTRATOR) if "administrator" in how else held.actor
        if "another council" in how:
            theirs = world.elsewhere
            assert theirs.responsible_authority_id
            become = replace(held.actor, organisation_id=theirs.pk, authority_id=theirs.responsible_authority_id)
        for actor in (held.actor, become):
            error = refusal(web, RECORD, held.actor.session_key, told(actor, **claims))
            assert error.sqlstate == NO_SESSION
        for said in ALWAYS_SAID:
            assert web.execute(RECORD, [held.actor.session_key, told(become, kind=said)]).fetchall()


@pytest.mark.parametrize("claim", ["actor_id", "session_id", "organisation_id", "authority_id", "role"])
def test_token_vouches_for_its_own_person_in_its_own_session_alone(world: World, held: Held, claim: str) -> None:
    colleague = world.colleague()
    wrong = {
        "actor_id": colleague.user_id,
        "session_id": world.actor.session_id,  # their own, in the browser
        "organisation_id": world.elsewhere.pk,
        "authority_id": world.elsewhere.pk,
        "role": "mediator",
    }
    with world.place.connected() as web:
        claims = told(held.actor, child_id=world.place.child, **OPENED | {claim: wrong[claim]})
        assert refusal(web, RECORD, held.actor.session_key, claims).sqlstate == NO_SESSION


def test_token_shows_what_its_own_committed_event_allows(world: World, held: Held) -> None:
    """And neither what another session's event allows, nor the browser's of the same person."""
    with world.place.connected() as web:
        own = commit_event(web, held.actor, child_id=world.place.child, **OPENED)
        assert read_child(web, held.actor, own)
        browsers = commit_event(web, world.actor, child_id=world.place.child, **OPENED)
        for event, actor in ((browsers, held.actor), (own, world.actor)):
            read = refusal(web, "SELECT registry_read(%s, %s)", event, actor.session_key)
            assert read.sqlstate == NO_SESSION
        web.commit()
        show(web, held.actor, commit_event(web, held.actor, kind="history.read"))
        assert web.execute("SELECT id FROM access_history_of(%s, 100)", [2**60]).fetchall()


def test_token_before_a_renewal_and_refresh_tokens_open_nothing(world: World, held: Held) -> None:
    with world.place.connected("sign_in") as sign_in:
        following = renew(sign_in, held, world.system)
    assert following
    with world.place.connected() as web:
        for worthless in (held.actor.session_key, held.renewal, following.renewal, held.line, "", None, key()):
            assert web.execute(LOAD, [worthless]).fetchall() == []
            error = refusal(web, RECORD, worthless, told(held.actor, kind="child.searched"))
            assert error.sqlstate == NO_SESSION
        assert web.execute(LOAD, [following.actor.session_key]).fetchall() == [(world.person.pk, "")]


def test_cookie_is_no_token(world: World) -> None:
    with world.place.connected() as web:
        assert web.execute(LOAD, [world.actor.session_key]).fetchall() == []
        assert web.execute("SELECT access_shown_person()").fetchall() == [(None,)], "and nobody is shown"


def test_budget_is_the_persons_wherever_they_ask(world: World, held: Held) -> None:
    """In the browser, in one system and in another: one more is one too many."""
    other = held_by(replace(world, system=world.another_system()))
    spend_all_but(world.place, world.actor, 3)
    with world.place.connected() as web:
        for actor in (world.actor, held.actor, other.actor):
            commit_event(web, actor, child_id=world.place.child, **OPENED)
        for actor in (world.actor, held.actor, other.actor):
            error = refusal(web, RECORD, actor.session_key, told(actor, child_id=world.place.child, **OPENED))
            assert error.sqlstate == OVER_BUDGET


# As the key of a cookie


def test_functions_that_are_brought_a_key_are_listed_with_what_they_do(place: Place) -> None:
    """A new one fails here until somebody decides what it does with a system's token."""
    found = place.as_owner(
        "SELECT proname::text FROM pg_proc WHERE pronamespace = ANY (%s::regnamespace[])"
        " AND (proargnames && '{presented,session_key,token_key}' OR proname = 'access_code_make')",
        list(SCHEMAS),
    )
    assert {name for (name,) in found} == {*BROUGHT_A_KEY, *OF_SOMETHING_ELSE}
    assert not {*BROUGHT_A_KEY} & {*OF_SOMETHING_ELSE}


WHERE_PEOPLE_SIGN_IN: dict[str, str] = {
    "access_mediation_of": "SELECT * FROM access_mediation_of(%s)",
    "access_session_load": "SELECT * FROM access_session_load(%s)",
    "access_sessions_end": "SELECT * FROM access_sessions_end(%s)",
    "access_sessions_end_others": "SELECT * FROM access_sessions_end_others(%s)",
    "access_sessions_of": "SELECT * FROM access_sessions_of(%s)",
    "access_session_ended": "SELECT * FROM access_session_ended(%s)",
}


@pytest.mark.parametrize("ask", WHERE_PEOPLE_SIGN_IN.values(), ids=WHERE_PEOPLE_SIGN_IN)
def test_token_tells_nothing_as_a_cookie_would(kept: tuple[World, Held], ask: str) -> None:
    """Neither its person's other sessions, nor a session to go on in."""
    world, held = kept
    with world.place.connected("sign_in") as sign_in:
        assert sign_in.execute(ask, [held.actor.session_key]).fetchall() == []


def test_token_changes_nothing_as_a_cookie_would(kept: tuple[World, Held]) -> None:
    world, held = kept
    token, before = held.actor.session_key, world.place.as_owner("SELECT * FROM access_session ORDER BY id")
    with world.place.connected("sign_in") as sign_in:
        (contents,) = sign_in.execute(
            "SELECT contents FROM access_session_load(%s)", [world.actor.session_key]
        ).fetchone() or (None,)
        later = "now() + interval '9 hours'"
        for statement, arguments in (
            (f"SELECT access_session_save(%s, %s, {later})", (token, contents)),
            (f"SELECT access_session_begin(%s, %s, {later})", (token, contents)),
            ("SELECT access_session_confirm(%s)", (token,)),
            ("SELECT access_session_note_device(%s, %s)", (world.actor.session_key, None)),
            ("SELECT access_mediation_end(%s)", (token,)),
            ("SELECT access_sign_in(%s, %s)", (token, told(held.actor, kind="sign_in.succeeded"))),
        ):
            sign_in.execute(statement, arguments)
            sign_in.commit()
        for refused in (
            ("SELECT access_mediation_begin(%s)", token),
            ("SELECT access_sign_in(%s, %s)", token, told(world.colleague(), kind="sign_in.succeeded")),
        ):
            assert refusal(sign_in, *refused).sqlstate in {NO_SESSION, "CP003"}, refused
    after = world.place.as_owner("SELECT * FROM access_session ORDER BY id")
    assert [row for row in after if row in before] == before


@pytest.mark.parametrize("become", [None, "administrator", "auditor", "mediator"])
def test_token_reaches_nobody_whoever_its_person_has_become(world: World, held: Held, become: str | None) -> None:
    """Not the people of an organisation that they decide for by now: that is done in a browser."""
    colleague = world.colleague()
    if become:
        world.place.as_owner(
            "UPDATE access_user SET role = %s, organisation_id = %s WHERE id = %s",
            become,
            world.authority.pk,
            world.person.pk,
        )
        for codename in ("administer_organisation", "audit_authority"):
            world.place.as_owner(
                "INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on)"
                " SELECT %s, id, %s, current_date + 9 FROM auth_permission WHERE codename = %s",
                world.person.pk,
                world.authority.pk,
                codename,
            )
    people = "SELECT id FROM access_user WHERE id = ANY (%s)"
    both = [world.person.pk, colleague.user_id]
    with world.place.connected() as web:
        standing = web.execute(LOAD, [held.actor.session_key]).fetchall()
        assert standing == [(world.person.pk, "elsewhere" if become else "")]
        assert web.execute(people, [both]).fetchall() == [(world.person.pk,)]
        assert web.execute("SELECT access_shown_reach()").fetchall() == []
        assert web.execute("SELECT id FROM access_clientsystem").fetchall() == []
        assert refusal(web, "SELECT access_show_reach(%s)", held.actor.session_key).sqlstate == NO_SESSION
        web.execute("SELECT access_session_load(%s)", [world.actor.session_key])
        seen = {person for (person,) in web.execute(people, [both])}
        assert seen == set(both) if become else {world.person.pk}, "as the browser's does"


@pytest.mark.parametrize(
    "end", ["SELECT access_session_end(%s)", "DELETE FROM access_session WHERE key_fingerprint = %s"]
)
def test_token_of_a_session_that_ended_opens_nothing(world: World, held: Held, end: str) -> None:
    role = "owner" if end.startswith("DELETE") else "web"
    with world.place.connected() as web:
        event = commit_event(web, held.actor, child_id=world.place.child, **OPENED)
        with world.place.connected(role) as ending:
            ending.execute(end, [held.actor.session_key])
            ending.commit()
        assert web.execute(LOAD, [held.actor.session_key]).fetchall() == []
        read = refusal(web, "SELECT registry_read(%s, %s)", event, held.actor.session_key)
        assert read.sqlstate == NO_SESSION
