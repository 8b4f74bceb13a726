"""What is typed into a system and sent here lies in no table in clear, and is repeated by no problem.

What lies elsewhere is the same for all of the service: tests/sweeps/test_canaries.py.
"""

from django.db import connection

from tests.conftest import as_owner_here
from tests.integration.api.asking import BASIS, ENTRY, Asking, told
from tests.integration.registry.people import Town
from tests.sweeps.canaries import Aviary

TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'search')
"""


def everything_kept() -> bytes:
    """Each row of each table as text, as its owner sees it."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        kept = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT row::text FROM {table} AS row")
            kept += [row for (row,) in cursor.fetchall()]
    return "\n".join(kept).encode().lower()


def test_nothing_that_is_sent_is_kept_in_clear_or_repeated(teacher: Asking, town: Town) -> None:
    made = Aviary()
    child = teacher.child()
    asked = {
        "given_name": made.name("given"),
        "family_name": made.name("family"),
        "postcode": made.postcode("postcode"),
    }
    told(teacher.find(**asked, date_of_birth="2017-04-09"))
    key = made.word("key")
    told(teacher.record(child, practitioner=made.name("practitioner"), key=key), 201)
    therapist = Asking(teacher.system, town.therapist)
    told(therapist.record(therapist.child(), practitioner=made.name("therapist"), basis=BASIS), 201)
    wrongs: list[dict[str, object]] = [
        {"given_name": made.word("age and name") + "7", "age": made.word("age")},
        {made.word("a field"): made.word("its value")},
        {"gender": made.word("gender"), "number": made.word("number"), "street": made.word("street") + "7"},
        {"search": made.word("search"), "given_name": "Amina", "date_of_birth": "2017-04-09"},
    ]
    refused = [teacher.find(**wrong) for wrong in wrongs]
    refused += [
        teacher.ask("POST", "/searches", made.word("no JSON").encode()),
        teacher.open(made.word("a child")),
        teacher.open(child, {"reason": made.word("reason")}),
        teacher.get(f"/me?token={made.word('parameter')}"),
        teacher.record(child, service=made.word("service"), telephone=made.word("telephone")),
        teacher.record(child, key=key, practitioner=made.name("another")),
        teacher.ask("PUT", f"/children/{child}/involvements/1", ENTRY, headers={"If-Match": made.word("tag")}),
        teacher.get("/me", headers={"Authorization": f"Bearer {made.word('token')}"}),
    ]
    assert {each.status_code // 100 for each in refused} == {4}

    kept = everything_kept()
    said = b"\n".join(each.content for each in refused).lower()
    for canary in made.canaries:
        for trace in {**canary.traces(), **canary.digests()}:
            assert trace.lower() not in kept, f"{canary.label} is kept"
            if canary.label != "a field":  # where it stands is said
                assert trace.lower() not in said, f"{canary.label} is repeated"
