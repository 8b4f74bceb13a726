"""The demonstration begins with weeks of use, and the auditor who signs in finds a case that can be solved."""

import re
import stat
import time
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from audit.events import Alert
from contactpoint.local import code, solution, weeks
from contactpoint.local.servers import DATABASE, Servers
from review.simulation import labels
from review.simulation.labels import Labels, Worker
from tests import servers
from tests.browser.demonstration import CHILDREN, Prepared, prepared, serving
from tests.browser.watching import Watch

PRIVATE, AGAIN = "is near to the person in private life", "came back to the same child"
RECORD = re.compile(r"\d{5} \d{5} \d")
pytestmark = pytest.mark.timeout(900)  # the first of them waits for all of the preparation

WATCHED = {
    "worker": "watch.watch_the_seal(); outside.watch_what_is_outside()",
    "sequencer": "watch.watch_the_numbers()",
}


@pytest.fixture(scope="module")
def demonstration(running_servers: Servers) -> Iterator[Prepared]:
    # Not in pytest's own folders, which PostgreSQL's user may not enter.
    place = servers.run_directory() / f"{servers.own_database()}_demonstration"
    place.mkdir()
    with prepared(place) as made:
        yield made


@pytest.fixture(scope="module")
def told(demonstration: Prepared) -> Labels:
    return labels.read(demonstration.directory / weeks.FILE)


@pytest.fixture(scope="module")
def misuser(told: Labels) -> Worker:
    (user_id,) = told.misusers()["former_partner"]
    return told.people[user_id]


@pytest.fixture
def windows(demonstration: Prepared, browser: Browser) -> Iterator["Windows"]:
    with serving(demonstration) as address:
        opened = Windows(demonstration, browser, address)
        yield opened
        opened.close()


class Windows:
    """Browsers of the people whom the README names, watched."""

    def __init__(self, demonstration: Prepared, browser: Browser, address: str) -> None:
        self._users = {user["name"]: user for user in demonstration.users}
        self._browser, self._address, self._open = browser, address, list[BrowserContext]()
        host, _, port = address.rpartition(":")
        self._watch = Watch({address, f"{host}:{int(port) + 1}"})

    def of(self, name: str) -> Page:
        """A window in which that person has just signed in."""
        user = self._users[name]
        context = self._browser.new_context(base_url=self._address, locale="en-GB")
        context.set_default_timeout(30_000)  # these processes have just been started, and show their first pages
        self._watch.over(context)
        self._open.append(context)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail address").fill(user["email"])
        page.get_by_label("Password", exact=True).fill(user["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Security code").fill(code.current(user["totp_secret"], time.time()))
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Start", timeout=30_000)
        return page

    def close(self) -> None:
        for context in self._open:
            context.close()
        assert self._watch.complaints == []


def asked(demonstration: Prepared, statement: str) -> list[tuple[object, ...]]:
    """What the database says to its superuser."""
    server = servers.servers.reserve(demonstration.directory).postgresql
    with psycopg.connect(server.superuser_address, dbname=DATABASE) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload, no-any-return]


def test_weeks_that_were_cut_off_are_made_again(demonstration: Prepared, told: Labels) -> None:
    assert demonstration.cut_off == ["Ended while the weeks were made."]
    databases = {name for (name,) in asked(demonstration, "SELECT datname FROM pg_database")}
    assert databases == {DATABASE, "postgres", "template0", "template1"}
    assert asked(demonstration, "SELECT to_regclass('half_of_them')") == [(None,)]
    assert asked(demonstration, "SELECT count(*) FROM access_user") == [(len(told.people) + len(demonstration.users),)]
    assert asked(demonstration, "SELECT count(*) FROM registry_childtraits")[0][0] >= CHILDREN  # type: ignore[operator]
    assert asked(demonstration, "SELECT count(*) FROM access_usertraits WHERE homes_told = 1") == [(len(told.people),)]


def test_what_was_misuse_only_the_owner_reads(demonstration: Prepared) -> None:
    assert stat.S_IMODE((demonstration.directory / weeks.FILE).stat().st_mode) == 0o600
    assert not list(demonstration.directory.glob(f"{weeks.FILE}?*"))


def test_nobody_but_the_misuser_has_a_case(demonstration: Prepared, told: Labels, misuser: Worker) -> None:
    """None whom the README names, since nobody simulated them."""
    found = asked(demonstration, "SELECT person_id FROM review_case WHERE urgent_at IS NOT NULL")
    assert found == [(misuser.user_id,)]
    anybody = {user_id for (user_id,) in asked(demonstration, "SELECT person_id FROM review_case")}
    assert anybody <= set(told.people)


def test_the_log_is_whole_and_nothing_is_alarming(demonstration: Prepared) -> None:
    assert demonstration.sealed
    demonstration.said("sequencer", "manage.py", "seal_log")  # what other tests did since
    for role, watched in WATCHED.items():
        program = f"import django; django.setup(); from audit import outside, watch; {watched}"
        demonstration.said(role, "-c", program)
    export, folder = demonstration.directory / "log.txt", demonstration.directory / "publication"
    demonstration.said("sequencer", "manage.py", "export_log", str(export))
    key = demonstration.directory / "witness" / "log-keys"
    said = demonstration.said(
        "web", "-m", "transparency", "verify", "--key", str(key), "--publication", str(folder), str(export)
    )
    assert "BACK_DATED" not in said
    # The clear case is so clear that it is urgent. Of the log there is nothing to tell.
    assert set(asked(demonstration, "SELECT what FROM audit_raisedalert")) <= {(Alert.URGENT_CASE.value,)}


def test_the_next_start_changes_nothing(demonstration: Prepared) -> None:
    before = asked(demonstration, "SELECT count(*) FROM audit_event")
    assert demonstration.prepare()
    assert asked(demonstration, "SELECT count(*) FROM audit_event") == before


def test_killed_just_before_the_end_the_file_is_put_where_it_belongs(demonstration: Prepared) -> None:
    file = demonstration.directory / weeks.FILE
    draft = file.with_name(f"{weeks.FILE}.draft")
    file.rename(draft)
    assert demonstration.prepare()
    assert file.exists()
    assert not draft.exists()


def test_one_that_was_used_is_left_as_it_is(demonstration: Prepared) -> None:
    """As one that an earlier version made."""
    file = demonstration.directory / weeks.FILE
    before = asked(demonstration, "SELECT count(*) FROM audit_event")
    elsewhere = file.rename(file.with_name("elsewhere"))
    try:
        assert not demonstration.prepare()
    finally:
        elsewhere.rename(file)
    assert asked(demonstration, "SELECT count(*) FROM audit_event") == before


def test_whoever_gives_up_is_told_who_it_was(
    demonstration: Prepared, misuser: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    solution.main(demonstration.directory)
    said = capsys.readouterr().out
    assert f"{misuser.given} {misuser.name}" in said
    assert "former_partner" in said


def test_auditor_solves_the_case(windows: Windows, misuser: Worker) -> None:
    """As the README says it: the queue, the case, the day, a question, a decision by two."""
    name = f"{misuser.given} {misuser.name}"
    margaret = windows.of("Margaret Lowe")
    margaret.get_by_role("main").get_by_role("link", name="Cases", exact=True).click()
    row = margaret.get_by_role("row").filter(has_text=PRIVATE)
    expect(row).to_contain_text(AGAIN)
    expect(row).to_contain_text("Urgent")
    row.get_by_role("link", name=name).click()
    margaret.wait_for_load_state()  # what is counted is not waited for
    doubtful = margaret.get_by_role("table", name="Accesses behind it that nothing explains").locator("tbody tr")
    assert doubtful.filter(has_text="Nothing explains it").count() == doubtful.count()
    came_back = doubtful.filter(has_text="Came back")
    assert came_back.count() >= 5
    assert len({found[0] for found in map(RECORD.findall, came_back.all_inner_texts())}) <= 2
    case = margaret.url
    margaret.get_by_role("main").locator("li a").first.click()
    expect(margaret.get_by_role("table")).to_contain_text("Record opened")
    margaret.goto(case)
    margaret.get_by_role("button", name="Take this case").click()
    margaret.get_by_role("link", name="Ask their organisation").click()
    margaret.get_by_role("button", name="Ask").click()

    ruth = windows.of("Ruth Pemberton")
    ruth.get_by_role("link", name="An auditor asks you").click()
    expect(ruth.get_by_role("heading", level=1)).to_contain_text(name)
    ruth.get_by_label("It was not part of their work").check()
    ruth.get_by_label("An entry in our own files").check()
    ruth.get_by_role("button", name="Send your answer").click()

    margaret.goto(case)
    expect(margaret.get_by_role("table", name="What was asked")).to_contain_text("It was not part of their work")
    margaret.get_by_label("Misuse, passed on to the employer").check()
    margaret.get_by_role("button", name="Decide").click()

    yusuf = windows.of("Yusuf Demir")
    yusuf.goto("/cases/?show=second")
    yusuf.get_by_role("link", name=name).click()
    yusuf.get_by_role("link", name="Agree, or send it back").click()
    yusuf.get_by_label("Yes, and the case is closed").check()
    yusuf.get_by_role("button", name="Confirm").click()
    expect(yusuf.get_by_role("main")).to_contain_text("The case is closed.")
