"""Types a canary into every box of every page, rightly and wrongly, as people of each role do."""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta

import psycopg

from tests.sweeps.browser import Answer, Browser, Travels
from tests.sweeps.canaries import Aviary
from tests.sweeps.observed import Observed

PATIENCE = 90  # seconds, for worker, examiner and sequencer
TODAY = date.today()  # noqa: DTZ011 - the day the service shows in its own forms
YEAR, MONTH = timedelta(days=365), timedelta(days=31)
WORKER_SECONDS = 30
FIRST_DAY = date(1950, 1, 1)


class Feeder:
    """One sweep through the service: what it typed is in `aviary`, what it met in `travels`."""

    def __init__(self, observed: Observed) -> None:
        self.observed = observed
        self.aviary = Aviary()
        self.travels = Travels()
        self.child: dict[str, str] = {}

    def browser(self) -> Browser:
        return Browser(self.observed.service, self.travels)

    def user(self, name: str) -> dict[str, str]:
        """The demonstration user of that name; all that is known of them is a canary too."""
        return next(user for user in self.observed.service.users if user["name"] == name)

    # Children and users ------------------------------------------------------------------------------------------

    def know_users(self) -> None:
        """The demonstration's own users and children count as canaries."""
        for user in self.observed.service.users:
            for name in ("name", "email", "password", "totp_secret"):
                self.aviary.keep(f"user {user['name']}: {name}", user[name])

    def feed_child(self, *, born: tuple[date, date] | None = None) -> None:
        """Add a child through the feed path, born between these days."""
        first, last = born or (TODAY - 16 * YEAR, TODAY - 4 * YEAR)
        made = self.aviary
        put: dict[str, str] = {}
        for kind in ("legal", "former", "known_as", "guardian"):
            for part in ("given", "family"):
                put[f"{kind}_{part}"] = made.name(f"feed: {kind} {part} name")
        for which in ("present", "earlier"):
            put[f"{which}_street"] = made.name(f"feed: {which} street")
            put[f"{which}_town"] = made.name(f"feed: {which} town")
            put[f"{which}_postcode"] = made.postcode(f"feed: {which} postcode")
        put["practitioner"] = made.name("feed: practitioner")
        for whose in ("guardian", "practitioner"):
            put[f"{whose}_telephone"] = made.telephone(f"feed: {whose} telephone")
        put["nhs_number"] = made.nhs_number("feed: NHS number")
        put["upn_number"] = made.pupil_number("feed: pupil number")
        put["date_of_birth"] = made.day("feed: date of birth", first, last).isoformat()
        put["started_on"] = made.day("feed: start date", TODAY - 3 * YEAR, TODAY - YEAR).isoformat()
        self.observed.python("worker", "-m", "tests.sweeps.feeding_children", given=json.dumps(put))
        self.child = put

    # Signing in --------------------------------------------------------------------------------------------------

    def type_while_signed_out(self) -> None:
        """Addresses and passwords that nobody has, in every wrong shape."""
        made, browser = self.aviary, self.browser()
        wrong = [
            (made.email("sign-in: unknown e-mail"), made.password("sign-in: password of nobody")),
            (made.name("sign-in: a name for an e-mail"), made.password("sign-in: second password of nobody")),
            (made.email("sign-in: long e-mail") * 20, made.word("sign-in: long password") * 200),
            (made.email("sign-in: e-mail with NUL") + "\0", made.password("sign-in: password with NUL") + "\0"),
            (self.user("Tom Hadley")["email"], made.password("sign-in: wrong password")),
        ]
        for email, password in wrong:
            page = browser.get(f"/account/login/?next=/{made.word('sign-in: next')}")
            browser.fill(page.form("login"), login=email, password=password, next=f"/{made.word('sign-in: next sent')}")
        credential = json.dumps({"id": made.word("passkey sign-in: credential")})
        browser.get("/security/webauthn/login/")
        form = browser.get("/account/login/").form("credential")
        browser.fill(form, credential=credential, next=f"/{made.word('passkey sign-in: next')}")

    def sign_in(self, name: str) -> Browser:
        """Sign in with both factors, after a wrong password and a wrong code."""
        made, browser, user = self.aviary, self.browser(), self.user(name)
        form = browser.get("/account/login/").form("login")
        browser.fill(form, login=user["email"], password=made.password(f"sign-in: wrong password for {name}"))
        form = browser.get("/account/login/").form("login")
        asked = browser.follow(browser.fill(form, login=user["email"], password=user["password"]))
        asked = browser.fill(asked.form("code"), code=made.word(f"sign-in: wrong code for {name}"))
        if name == "Grace Mensah":
            credential = json.dumps({"id": made.word("second factor: credential")})
            browser.fill(asked.form("credential"), credential=credential)
        answer = browser.fill(asked.form("code"), code=self.observed.service.code(user))
        assert answer.status == 302, f"{name} could not sign in: {answer.status}\n{answer.text[-3000:]}"
        return browser

    def sign_out(self, browser: Browser) -> None:
        """Sign out, and see that the way back is shut."""
        form = browser.get("/").form("csrfmiddlewaretoken")
        browser.fill(form, next=f"//{self.aviary.word('sign-out: next')}.example/")
        assert browser.get("/search/").status == 302

    def run_worker(self) -> None:
        """Let a session run out, give the worker the task that removes such, and wait until it has."""
        with psycopg.connect(self.observed.database, autocommit=True) as connection:
            newest = "(SELECT max(id) FROM access_session)"
            connection.execute(f"UPDATE access_session SET expires_at = now() WHERE id = {newest}")
            call = ("-m", "celery", "--app=contactpoint", "call", "access.tasks.delete_ended_sessions")
            self.observed.python("worker", *call)
            deadline = time.monotonic() + WORKER_SECONDS
            while connection.execute("SELECT 1 FROM access_session WHERE expires_at <= now()").fetchone():
                assert time.monotonic() < deadline, "the worker did nothing"
                time.sleep(0.1)

    # Finding and opening -----------------------------------------------------------------------------------------

    def type_searches(self, browser: Browser) -> None:
        """Searches that find nobody and searches that are refused."""
        made = self.aviary
        day = made.day("SearchForm.date_of_birth", FIRST_DAY, TODAY - YEAR)
        self._search(
            browser,
            given_name=made.name("SearchForm.given_name"),
            family_name=made.name("SearchForm.family_name"),
            postcode=made.postcode("SearchForm.postcode"),
            house="7",
            street=made.word("SearchForm.street"),
            gender="female",
            age="7",
            **boxes("date_of_birth", day),
        )
        self._search(browser, number=made.nhs_number("SearchForm.number"))
        for place in ("number 1", "right to left \u202e\u05d0 and emoji \U0001f476", "NUL \0"):
            self._search(
                browser,
                given_name=made.word("SearchForm.given_name, wrong") + place,
                family_name=made.word("SearchForm.family_name, wrong") * 30,
                postcode=made.word("SearchForm.postcode, wrong"),
                house=made.word("SearchForm.house, wrong"),
                street=made.word("SearchForm.street, wrong") + place,
                number=made.number("SearchForm.number, wrong", "1234509876"),
                age=made.word("SearchForm.age, wrong"),
                gender=made.word("SearchForm.gender, wrong"),
                date_of_birth_day=made.word("SearchForm.date_of_birth, wrong day"),
                date_of_birth_month=made.word("SearchForm.date_of_birth, wrong month"),
                date_of_birth_year=made.word("SearchForm.date_of_birth, wrong year"),
            )

    def _search(self, browser: Browser, **typed: str) -> Answer:
        return browser.follow(browser.fill(browser.get("/search/").form("family_name"), **typed))

    def open_child(self, browser: Browser) -> Answer:
        """Find the child of the feed by a former name, give a reason, and see all that was fed."""
        made, child = self.aviary, self.child
        found = self._search(
            browser,
            given_name=child["former_given"],
            family_name=child["former_family"],
            **boxes("date_of_birth", date.fromisoformat(child["date_of_birth"])),
        )
        link = found.text.partition('href="/record/')[2].partition('"')[0]
        assert link, f"the child that was fed is not found: {found.text[-3000:]}"
        asked = browser.get(f"/record/{link}")
        asked = browser.fill(asked.form("reason"), reason=made.word("ReasonForm.reason, wrong"))
        record = browser.follow(browser.fill(asked.form("reason"), reason="s11"))
        for name in ("legal_family", "known_as_given", "guardian_family", "practitioner", "present_street"):
            assert record.shows(child[name]), f"the record does not show what was fed as {name}"
        return record

    # A mediated call ---------------------------------------------------------------------------------------------

    def take_call(self, browser: Browser, colleague: dict[str, str]) -> None:
        """Ask for colleagues that nobody knows, take one's call after wrong codes, search in it, and end it."""
        made = self.aviary
        for asked in (made.name("AskingForm.asked"), made.email("AskingForm.asked"), f"{made.name('asked')} \0"):
            browser.fill(browser.get("/call/").form("asked"), asked=asked)
        page = browser.follow(browser.fill(browser.get("/call/").form("asked"), asked=colleague["email"]))
        browser.fill(page.form("code"), code=made.word("ReadOutCodeForm.code, wrong"))
        browser.fill(page.form("code"), code="000000")
        begun = browser.follow(browser.fill(page.form("code"), code=self.observed.service.code(colleague)))
        assert begun.shows(colleague["name"]), begun.text[-3000:]
        form = begun.form("family_name")
        browser.fill(form, call=made.word("call that never was"), family_name=made.name("in no call"))
        self.type_searches(browser)
        (end,) = (form for form in browser.get("/help/").forms() if form.action == "/call/end/")
        browser.fill(end)

    # Involvements ------------------------------------------------------------------------------------------------

    def type_involvement(self, browser: Browser, record: Answer) -> None:
        """Record, correct and end an involvement, each wrongly first."""
        form = browser.get(f"{record.path}involvements/new/").form("practitioner")
        self._answer_wrongly(browser, form.action)
        check = self._answer(browser, form.action, "first")
        browser.fill(check.main_form(), key=self.aviary.word("check: key of no answers"))
        done = browser.follow(browser.fill(check.main_form(), more=self.aviary.word("check: more")))
        assert "Involvement recorded" in done.text, done.text[-3000:]
        links = browser.get(record.path).text
        number = links.partition("/correct/")[0].rpartition("/")[2]
        for page in ("correct", "end", "withdraw"):
            form = browser.get(f"{record.path}involvements/{number}/{page}/").form("read_version")
            browser.fill(form, read_version=self.aviary.word(f"{page}: version that never was"))
        self._answer_wrongly(browser, f"{record.path}involvements/{number}/correct/")
        check = self._answer(browser, f"{record.path}involvements/{number}/correct/", "second")
        browser.fill(check.main_form())
        self._end(browser, f"{record.path}involvements/{number}/end/")
        self._withdraw(browser, f"{record.path}involvements/{number}/withdraw/")
        self._give_own_number(browser, f"{record.path}involvements/new/")
        assert browser.get("/lately/").shows(self.child["legal_family"])

    def type_sensitive_involvement(self, browser: Browser, record: Answer) -> None:
        """What only a sensitive service is asked."""
        made = self.aviary
        form = browser.get(f"{record.path}involvements/new/").form("practitioner")
        asked = browser.follow(browser.fill(form, **self._entry("sensitive")))
        names = ("basis", "decided_by", "competence", "sure")
        browser.fill(asked.main_form(), **{name: made.word(f"BasisForm.{name}, wrong") for name in names})
        wrong = {
            f"decided_on_{part}": made.word(f"BasisForm.decided_on, wrong {part}") for part in ("day", "month", "year")
        }
        browser.fill(asked.main_form(), **wrong)
        browser.fill(asked.main_form(), key=made.word("BasisForm: key of no answers"))
        day = made.day("BasisForm.decided_on", TODAY - 2 * YEAR, TODAY - YEAR)
        told = {
            "basis": "significant_harm",
            "decided_by": "court",
            "competence": "not_judged",
            **boxes("decided_on", day),
        }
        check = browser.follow(browser.fill(asked.main_form(), **told))
        assert check.shows("Check your answers"), check.text[-3000:]
        browser.fill(check.main_form())
        number = browser.get(record.path).text.partition("/basis-ended/")[0].rpartition("/")[2]
        ends = browser.get(f"{record.path}involvements/{number}/basis-ended/").form("basis_end")
        browser.fill(ends, read_version=made.word("basis ended: version that never was"))
        browser.fill(ends, basis_end=made.word("BasisEndForm.basis_end, wrong"))
        done = browser.follow(browser.fill(browser.follow(browser.fill(ends, basis_end="harm_over")).main_form()))
        assert done.shows("Involvement withdrawn"), done.text[-3000:]

    def _answer_wrongly(self, browser: Browser, path: str) -> None:
        made = self.aviary
        browser.fill(
            browser.get(path).form("practitioner"),
            service=made.word("InvolvementForm.service, wrong"),
            practitioner=made.word("InvolvementForm.practitioner, wrong") + " 1",
            telephone=made.word("InvolvementForm.telephone, wrong"),
            lead=made.word("InvolvementForm.lead, wrong"),
            started_on_day=made.word("InvolvementForm.started_on, wrong day"),
            started_on_month=made.word("InvolvementForm.started_on, wrong month"),
            started_on_year=made.word("InvolvementForm.started_on, wrong year"),
        )

    def _answer(self, browser: Browser, path: str, which: str) -> Answer:
        typed = {**self._entry(which), "service": "social_care"}
        check = browser.follow(browser.fill(browser.get(path).form("practitioner"), **typed))
        assert check.shows(typed["practitioner"]), check.text[-3000:]
        return check

    def _entry(self, which: str) -> dict[str, str]:
        made = self.aviary
        return {
            "practitioner": made.name(f"InvolvementForm.practitioner, {which}"),
            "telephone": made.telephone(f"InvolvementForm.telephone, {which}"),
            "lead": "no",
            **boxes("started_on", made.day(f"InvolvementForm.started_on, {which}", TODAY - 2 * YEAR, TODAY - YEAR)),
        }

    def _end(self, browser: Browser, path: str) -> None:
        made = self.aviary
        wrong = {f"ended_on_{part}": made.word(f"EndForm.ended_on, wrong {part}") for part in ("day", "month", "year")}
        browser.fill(browser.get(path).form("ended_on_day"), **wrong)
        early = made.day("EndForm.ended_on, too early", FIRST_DAY, TODAY - 10 * YEAR)
        browser.fill(browser.get(path).form("ended_on_day"), **boxes("ended_on", early))
        # In no month of today's: "8 Nov 2026" stands in "28 Nov 2026", which logs and pages say of themselves.
        good = made.day("EndForm.ended_on", TODAY - YEAR, TODAY - MONTH)
        check = browser.follow(browser.fill(browser.get(path).form("ended_on_day"), **boxes("ended_on", good)))
        browser.fill(check.main_form())

    def _withdraw(self, browser: Browser, path: str) -> None:
        wrong = self.aviary.word("WithdrawalForm.mistake, wrong")
        browser.fill(browser.get(path).form("mistake"), mistake=wrong)
        check = browser.follow(browser.fill(browser.get(path).form("mistake"), mistake="wrong_child"))
        done = browser.follow(browser.fill(check.main_form()))
        assert "Involvement withdrawn" in done.text, done.text[-3000:]

    def _give_own_number(self, browser: Browser, path: str) -> None:
        """Given with one's own name, as it stands in the form, the number is kept for next time."""
        typed = {**self._entry("own"), "service": "social_care"}
        del typed["practitioner"]
        check = browser.follow(browser.fill(browser.get(path).form("practitioner"), **typed))
        browser.follow(browser.fill(check.main_form()))
        assert typed["telephone"] in browser.get(path).text


def boxes(name: str, day: date) -> dict[str, str]:
    """A day as it is typed into three boxes."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def once(ask: Callable[[], Answer], is_it: Callable[[Answer], bool]) -> Answer:
    """Ask until the answer is as it should be: other processes do their part meanwhile."""
    until = time.monotonic() + PATIENCE
    while not is_it(answer := ask()):
        assert time.monotonic() < until, answer.text[-3000:]
        time.sleep(1)
    return answer
