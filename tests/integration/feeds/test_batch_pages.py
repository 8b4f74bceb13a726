"""What suppliers send, by the pages of those who keep the feeds."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings as SettingsWrapper

from access.models import Role
from access.rules.errors import NotFoundError
from audit.events import EventKind
from feeds.actions import batches as actions
from feeds.actions.batches import EMPTY, MOST_SHOWN, SENT_BEFORE
from feeds.models import NUMBER_TAKEN, Batch, BatchState, Chunk, Supplier, VerdictKind
from feeds.sealed_stream import SealedStream
from feeds.views.batches import RECEIVED
from pages import streamed
from registry.models import Child
from registry.views.steps import CHANGED
from registry.vocabulary import Source
from tests import ageing, factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.pressing import LIST, addresses, page_of, press
from tests.integration.feeds.sending import AMINA, NOBODY, again, send, supplier, take, work, written
from tests.integration.registry.people import BORN, NHS_NUMBER, AddChildren, Town, draft, numbers
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, rows_of, text_of
from tests.log import events

REFUSED = {**NOBODY, "key": "N2", "date_of_birth": "0023-01-01"}
KNOWN = AMINA | {"nhs_number": NHS_NUMBER}
CENSUS = [KNOWN, NOBODY, REFUSED, {**NOBODY, "key": "N1", "given": "Tomek"}]
TOKEN = "Y" * 64


def send_address(visitor: Visitor) -> str:
    return next(each for each in addresses(visitor.get(LIST)) if each.startswith("/batches/send/"))


def upload(visitor: Visitor, content: bytes, address: str = "", **more: object) -> HttpResponse:
    file = SimpleUploadedFile("census.csv", content, content_type="text/csv")
    return visitor.browser.post(address or send_address(visitor), {"file": file}, follow=True, **more)


def batches() -> list[Batch]:
    with as_worker():
        return list(Batch.objects.order_by("pk"))


def test_from_the_file_to_the_records_by_the_pages(child: Child, census: Supplier, keeper: Visitor) -> None:
    assert "Nothing was sent yet" in main_of(keeper.get(LIST))
    assert RECEIVED in main_of(upload(keeper, written(CENSUS)))
    assert "Waiting to be checked" in main_of(keeper.get(page_of(keeper)))
    work()
    assert "1 checked batch waits to be let in" in text_of(keeper.get(reverse("home")))
    page = keeper.get(page_of(keeper))
    assert "This is the first batch of this feed" in main_of(page)
    first, *rows = rows_of(text_of(page))
    assert first.endswith("About a child on record 1")
    assert rows == [
        "of them: says the same as before, and changes nothing 0",
        "About a child who is not on record: a record is made 1",
        "Doubtful: a person decides 0",
        "Refused 2",
        "of them: a date cannot be read, or cannot be so 1",
        "of them: the same child stands in what was sent more than once 1",
        "All rows 4",
    ]
    assert "It is let in" in main_of(press(keeper, "let-in"))
    work()
    assert "Taken in" in main_of(keeper.get(page_of(keeper)))
    (batch,) = batches()
    assert (batch.state, batch.expected, batch.faults) == (BatchState.DONE, 4, {"date": 1, "twice": 1})
    assert batch.received_by_id == batch.decided_by_id == keeper.person.pk
    taken = [each.kind for each in events(kind__startswith="batch.") if each.kind != EventKind.BATCH_LISTED]
    assert taken == ["batch.received", "batch.checked", "batch.committed", "batch.done"]


def test_three_million_bytes_come_in_part_by_part(census: Supplier, keeper: Visitor) -> None:
    content = written({**NOBODY, "key": f"N{number}"} for number in range(40_000))
    assert len(content) > 3_000_000
    assert RECEIVED in main_of(upload(keeper, content))
    (batch,) = batches()
    with as_worker():
        stored = [(each.place, bytes(each.content)) for each in Chunk.objects.order_by("place")]
        assert SealedStream(batch.pk, iter(stored)).read() == content
    assert len(stored) >= 12
    assert all(b"Wisniewski" not in part and len(part) < 300_000 for _place, part in stored)


def test_no_form_of_another_site_is_read(census: Supplier, keeper: Visitor) -> None:
    """Not even the beginning of its file."""
    address = send_address(keeper)
    keeper.browser.handler.enforce_csrf_checks = True
    keeper.browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    with mock.patch.object(streamed.StreamedFile, "parts", side_effect=AssertionError("it was read")):
        for token in ("", "Z" * 32 + "Y" * 32):
            sent = keeper.browser.post(
                address, {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.csv", written(CENSUS))}
            )
            assert sent.status_code == 403
            assert "This page is out of date" in text_of(sent)
    assert batches() == []
    sent = keeper.browser.post(
        address, {"csrfmiddlewaretoken": TOKEN, "file": SimpleUploadedFile("a.csv", written(CENSUS))}, follow=True
    )
    assert RECEIVED in main_of(sent)


def test_nothing_is_kept_of_a_file_that_is_too_large(
    census: Supplier, keeper: Visitor, settings: SettingsWrapper
) -> None:
    settings.STREAMED_FILE_MAX_BYTES = 300_000
    for size in (300_001, 400_000):
        shown = main_of(upload(keeper, b"x" * size))
        assert "The file is too large: at most 0 MB" in shown
        assert "There is a problem" in shown
    assert batches() == []
    assert not events(kind=EventKind.BATCH_RECEIVED)
    assert RECEIVED in main_of(upload(keeper, b"x" * 300_000))


def test_nothing_is_kept_of_a_file_that_comes_too_slowly(
    census: Supplier, keeper: Visitor, settings: SettingsWrapper
) -> None:
    settings.STREAMED_FILE_SECONDS = 0
    assert "too slowly" in main_of(upload(keeper, b"x" * 600_000))
    assert batches() == []


def test_a_line_that_breaks_off_leaves_nothing(census: Supplier, keeper: Visitor) -> None:
    """It ends as a file does: only by how much came is it known."""
    content = written(CENSUS)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + content + b"\r\n--x--\r\n"
    address = send_address(keeper)
    for cut in (len(body) - len(content) // 2, len(body) - 3, len(body)):
        read = io.BytesIO(body[:cut])
        sent = keeper.browser.generic(
            "POST", address, body, content_type="multipart/form-data; boundary=x", **{"wsgi.input": read}
        )
        if cut < len(body):
            assert "did not come in whole" in text_of(sent), cut
            assert batches() == []
    assert len(batches()) == 1


@pytest.mark.parametrize(("content", "says"), [(b"", EMPTY), (None, "Choose a file")])
def test_no_file_or_nothing_in_it(census: Supplier, keeper: Visitor, content: bytes | None, says: str) -> None:
    address = send_address(keeper)
    shown = keeper.post(address) if content is None else upload(keeper, content, address)
    assert says in main_of(shown)
    assert batches() == []


def test_sent_twice_it_is_taken_once(census: Supplier, keeper: Visitor) -> None:
    upload(keeper, written(CENSUS))
    assert SENT_BEFORE in main_of(upload(keeper, written(CENSUS)))
    assert len(batches()) == 1
    assert len(events(kind=EventKind.BATCH_RECEIVED)) == 1


def test_other_pages_take_no_stream(census: Supplier, keeper: Visitor) -> None:
    """Their files come as before: a list of people whole, in memory."""
    sent = keeper.browser.post(
        reverse("leaver_list"), {"list": SimpleUploadedFile("left.csv", b"email\nnobody@example.org\n")}, follow=True
    )
    assert "Lines to correct" in text_of(sent) or "nobody@example.org" in text_of(sent)


def test_of_another_authority_nothing_is_there(census: Supplier, keeper: Visitor) -> None:
    upload(keeper, written(CENSUS))
    work()
    page = page_of(keeper)
    with as_owner_here():
        other = Visitor(factories.user(role=Role.ADMINISTRATOR))
    assert "You keep no feed" in main_of(other.get(LIST))
    assert "Batch" not in main_of(other.get(LIST)).replace("Batches", "")
    for address in (page, send_address(keeper), *(f"{page}{step}/" for step in ("let-in", "take-back", "refused"))):
        assert_plain_refusal(other.get(address), 404)
    for address in (send_address(keeper), f"{page}let-in/"):
        assert_plain_refusal(other.post(address, seen="checked"), 404)
    assert [each.state for each in batches()] == [BatchState.CHECKED]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MEDIATOR, Role.AUDITOR])
def test_nobody_else_comes_in(town: Town, census: Supplier, role: Role) -> None:
    with as_owner_here():
        other = Visitor(factories.user(role=role, works_for=town.authority))
    for name in ("batches", "matches"):
        assert_plain_refusal(other.get(reverse(name)), 403)
    for name in ("batch", "let_in_batch", "take_back_batch", "refused_rows", "send_batch", "match"):
        assert_plain_refusal(other.get(reverse(name, args=["made-up"])), 403)


def test_a_step_takes_a_fresh_second_factor(census: Supplier, keeper: Visitor) -> None:
    upload(keeper, written(CENSUS))
    work()
    page = page_of(keeper)
    with as_owner_here():
        ageing.confirmed_longer_ago(keeper.browser.cookies["session"].value, timedelta(minutes=6))
    for step in ("let-in", "take-back"):
        sent = keeper.post(f"{page}{step}/", seen="checked")
        assert sent.url.startswith(reverse("confirm"))
    assert [each.state for each in batches()] == [BatchState.CHECKED]


def test_a_stale_tab_changes_nothing_and_says_so(census: Supplier, keeper: Visitor) -> None:
    upload(keeper, written(CENSUS))
    work()
    page = page_of(keeper)
    assert "It is not taken in" in main_of(press(keeper, "take-back"))
    for step in ("let-in", "take-back"):
        assert CHANGED in main_of(keeper.follow(f"{page}{step}/", seen="checked"))
        assert CHANGED in main_of(keeper.browser.get(f"{page}{step}/", follow=True))
    assert [each.state for each in batches()] == [BatchState.UNDOING]


def test_taken_back_before_and_after_it_was_let_in(child: Child, census: Supplier, keeper: Visitor) -> None:
    upload(keeper, written(CENSUS))
    work()
    (drop,) = set(addresses(keeper.get(page_of(keeper)), "/take-back/"))
    assert "Nothing was changed yet" in main_of(keeper.get(drop))
    press(keeper, "take-back")
    work()
    upload(keeper, written(CENSUS))
    work()
    press(keeper, "let-in")
    work()
    (back,) = set(addresses(keeper.get(page_of(keeper)), "/take-back/"))
    assert "Each record says again what it said before" in main_of(keeper.get(back))
    press(keeper, "take-back")
    work()
    assert [each.state for each in batches()] == [BatchState.UNDONE, BatchState.UNDONE]
    assert "take-back" not in main_of(keeper.get(page_of(keeper)))


def test_refused_rows_are_given_back_after_their_event(census: Supplier, keeper: Visitor) -> None:
    formula = {**NOBODY, "key": "N3", "family": "=HYPERLINK(1)", "date_of_birth": "x"}
    take(census, *CENSUS, formula)
    page = keeper.get(page_of(keeper))
    assert not events(kind=EventKind.BATCH_RETURNED)
    (address,) = addresses(page, "/refused/")
    given = keeper.get(address)
    assert given["Content-Type"] == "text/csv; charset=utf-8"
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Cache-Control"] == "no-store"
    heading, *rows = csv.reader(io.StringIO(given.content.decode("utf-8-sig")))
    assert heading == ["line", "code", "what is wrong", "field", "what was written"]
    assert [row[:2] for row in rows] == [["4", "date"], ["5", "twice"], ["6", "date"]]
    assert rows[0][3] == "date_of_birth"
    assert "Wisniewski" in rows[0][4]
    assert "Tomek" in rows[1][4]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    (event,) = events(kind=EventKind.BATCH_RETURNED)
    assert event.actor_id == keeper.person.pk


def test_a_batch_that_is_not_as_usual_says_so(town: Town, keeper: Visitor) -> None:
    usual = supplier(town.authority, usual_linked=930)
    send(usual, NOBODY)
    page = main_of(keeper.get(page_of(keeper)))
    assert "Of a thousand rows of this feed, about 930 are about children on record. In this batch it is 0." in page
    assert "Not as usual" in main_of(keeper.get(LIST))


def test_what_was_refused_whole_says_why_and_where(census: Supplier, keeper: Visitor) -> None:
    sending.send_bytes(census, b"surname,born\nA,B\n")
    page = main_of(keeper.get(page_of(keeper)))
    assert "A column is missing, is there twice, or is not known, on line 1." in page
    assert "let-in" not in page


def test_how_far_it_is_and_how_long_it_takes(census: Supplier, keeper: Visitor) -> None:
    batch = send(census, *CENSUS)
    with as_worker():
        Batch.objects.filter(pk=batch.pk).update(
            state=BatchState.COMMITTED,
            expected=9_000,
            rows=3_000,
            linked=2_000,
            created=1_000,
            queued=0,
            refused=0,
            begun_at=timezone.now() - timedelta(seconds=30),
        )
    page = main_of(keeper.get(page_of(keeper)))
    assert re.search(r"3,000 of 9,000 rows, (99|100) a second, 1 minute left", " ".join(page.split()))
    assert "See how far it is now" in page


def test_from_a_supplier_who_is_stopped_nothing_is_taken(census: Supplier, keeper: Visitor) -> None:
    address = send_address(keeper)
    with as_worker():
        Supplier.objects.update(stopped_at=timezone.now())
    assert "Send a file" not in main_of(keeper.get(LIST))
    assert "Nothing is taken from this supplier any more" in main_of(keeper.get(address))
    assert_plain_refusal(upload(keeper, written(CENSUS), address), 403)
    assert batches() == []


def test_an_old_batch_opens_though_many_are_newer(census: Supplier, keeper: Visitor) -> None:
    old = send(census, NOBODY)
    address = page_of(keeper)
    with as_worker():
        Batch.objects.bulk_create(
            Batch(supplier=census, checksum=f"{number}".encode(), size=1, received_at=timezone.now())
            for number in range(MOST_SHOWN)
        )
    assert len(set(addresses(keeper.get(LIST)))) == MOST_SHOWN + 3  # with three of the feed
    assert address not in addresses(keeper.get(LIST))
    page = keeper.get(address)
    assert f"Batch {old.pk}" in main_of(page)
    assert "Checked: waiting for a decision" in main_of(page)
    with as_owner_here():
        other = factories.actor_for(factories.user(role=Role.ADMINISTRATOR))
    with pytest.raises(NotFoundError):
        actions.batch(actor=other, batch_id=old.pk)


def test_a_row_refused_once_it_was_decided_is_told_counted_and_given_back(
    keeper: Visitor, town: Town, add: AddChildren
) -> None:
    """It is about the child, and has a number that is another's."""
    add(draft(town, "Zara", "Quaye", date_of_birth=BORN + timedelta(days=400), numbers=numbers()[:1]))
    (child,) = add(draft(town))
    batch = take(supplier(town.authority, Source.PERSONAL_DEMOGRAPHICS), {**KNOWN, "postcode": "M33 5XY"}, REFUSED)
    match = next(each for each in sending.matches(batch) if each.child_id == child.pk)
    sending.decide(match, VerdictKind.SAME)
    batch = again(batch.pk)
    assert (batch.rows, batch.queued, batch.refused) == (2, 0, 2)
    assert batch.faults == {"date": 1, NUMBER_TAKEN: 1}
    page = keeper.get(page_of(keeper))
    told = "It was decided whose row it is, and it has a number that stands on another child’s record"
    assert f"of them: {told[0].lower()}{told[1:]} 1" in rows_of(unescape(text_of(page)))
    (address,) = addresses(page, "/refused/")
    _heading, decided, _refused = csv.reader(io.StringIO(keeper.get(address).content.decode("utf-8-sig")))
    assert decided[:4] == ["2", NUMBER_TAKEN, told, ""]
    assert "M33 5XY" in decided[4]


def test_two_feeds_stand_apart(town: Town, census: Supplier, keeper: Visitor) -> None:
    other = supplier(town.authority, Source.CHILD_BENEFIT, must_supply=True)
    take(other, NOBODY)
    assert again(batches()[0].pk).supplier_id == other.pk
    page = unescape(main_of(keeper.get(LIST)))
    assert "School census" in page
    assert "The law wants it sent" in page
