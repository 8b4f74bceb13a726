"""The auditor's desk: a case is taken, asked about, answered and decided by two, and an access is judged."""

import re
from datetime import UTC, datetime
from functools import partial
from html import unescape
from http import HTTPStatus

import psycopg

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import Feeder, once

# As the examiner makes them, about whoever opened a record first.
CASE = """
    INSERT INTO review_case (person_id, organisation_id, authority_id, opened_at, last_at, score, growing)
    SELECT actor_id, organisation_id, authority_id, at, at, 15, true FROM audit_event WHERE id = %(event)s
    ON CONFLICT (person_id) WHERE growing AND override_id IS NULL DO UPDATE SET score = 15
    RETURNING id
"""
ACCESS = """
    INSERT INTO review_explanation (event_id, at, day, kind, child_id, person_id, actor_id, organisation_id,
        authority_id, reason, state, codes, held_until)
    SELECT id, at, at::date, kind, child_id, actor_id, actor_id, organisation_id, authority_id, reason, 'held', '{}',
        at + interval '7 days'
    FROM audit_event WHERE id = %(event)s
    ON CONFLICT (event_id) DO NOTHING
"""
FINDING = """
    INSERT INTO review_finding (case_id, person_id, rule, day, child_id, event_id, at, organisation_id, authority_id,
        bits, counts, codes)
    SELECT %(case)s, actor_id, 'out_of_hours', at::date, child_id, id, at, organisation_id, authority_id, 4, 4, '{}'
    FROM audit_event WHERE id = %(event)s
    ON CONFLICT (person_id, rule, day, child_id) DO UPDATE SET case_id = %(case)s
"""
DRAWN = """
    INSERT INTO review_sampled (event_id, authority_id, at)
    SELECT id, authority_id, at FROM audit_event WHERE id = %(event)s ON CONFLICT (event_id) DO NOTHING
"""
OPENED = """
    SELECT id FROM audit_event WHERE kind = 'child.opened' AND actor_id = (
        SELECT actor_id FROM audit_event WHERE kind = 'child.opened' AND role = 'practitioner' ORDER BY id LIMIT 1
    ) ORDER BY id LIMIT 1
"""


def type_cases(feeder: Feeder, browser: Browser, colleague: Browser, person: Browser) -> None:
    """One case from the queue to its end, rightly and wrongly. `person` is whom it is about."""
    made, (case, event) = feeder.aviary, _made(feeder)
    for auditor in (browser, colleague):  # of whom the worker makes and the examiner compares what there is
        once(partial(auditor.get, case), lambda answer: answer.status == HTTPStatus.OK)
    browser.get(f"/cases/?show={made.word('cases: show')}")
    browser.get("/cases/rules/")
    browser.get(f"{case}day/{made.word('case: day')}/")
    browser.get(f"{case}day/{datetime.now(UTC).date().isoformat()}/")
    browser.follow(browser.fill(browser.get(case).form("seen"), seen=made.word("TakeCaseForm.seen, wrong")))
    browser.follow(browser.fill(browser.get(case).form("seen"), seen=""))
    _ask(feeder, browser, case)
    _answer(feeder, person)
    browser.get(f"{case}suspend/")
    form = browser.get(case).form("result")
    browser.fill(form, result=made.word("DecideCaseForm.result, wrong"))
    browser.fill(form, result="to_police", found=made.word("DecideCaseForm.found, wrong"))
    browser.follow(browser.fill(form, result="to_police"))
    (agree,) = set(re.findall(rf'href="({case}agree/[^"]*)"', colleague.get(case).text))
    form = colleague.get(unescape(agree)).form("agrees")
    colleague.fill(form, agrees=made.word("AgreeForm.agrees, wrong"))
    colleague.fill(form, agrees="yes", seen=made.word("AgreeForm.seen, wrong"))
    colleague.follow(colleague.fill(form, agrees="no"))
    form = browser.get(f"/cases/access/{event}/").form("verdict")
    browser.fill(form, verdict=made.word("JudgeForm.verdict, wrong"))
    browser.follow(browser.fill(form, verdict="looks_fine"))


def _ask(feeder: Feeder, browser: Browser, case: str) -> None:
    made, form = feeder.aviary, browser.get(f"{case}ask/").form("query")
    browser.fill(form, query=made.word("AskForm.query, wrong"))
    browser.follow(browser.fill(form, query="occasion"))
    browser.get(f"{case}ask/?of={made.word('ask: of')}")
    browser.get(f"{case}heard/?of={made.word('heard: of')}")
    form = browser.get(f"{case}heard/?of=manager").form("answer")
    wrong = {name: made.word(f"AnswerForm.{name}, heard wrong") for name in ("answer", "rests_on")}
    browser.fill(form, **wrong)
    browser.follow(browser.fill(form, answer="was_away", rests_on="rota"))


def _answer(feeder: Feeder, person: Browser) -> None:
    made = feeder.aviary
    found = re.findall(r'href="(/my-access/questions/\d+/)"', person.get("/my-access/history/").text)
    assert found, "nothing is asked"
    form = person.get(found[0]).form("answer")
    wrong = {name: made.word(f"AnswerForm.{name}, wrong") for name in ("answer", "rests_on")}
    person.fill(form, **wrong)
    person.follow(person.fill(form, answer="came_in", rests_on="referral"))


def _made(feeder: Feeder) -> tuple[str, int]:
    """The address of a case, and an access that was drawn."""
    with psycopg.connect(feeder.observed.database) as superuser:
        (event,) = superuser.execute(OPENED).fetchone() or (0,)
        (case,) = superuser.execute(CASE, {"event": event}).fetchone() or (0,)
        for statement in (ACCESS, FINDING, DRAWN):
            superuser.execute(statement, {"event": event, "case": case})
    return f"/cases/{case}/", event
