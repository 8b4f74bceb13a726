"""In which order a case tells of its accesses."""

from django.test import Client

from access.models import User
from review.models import Question
from tests.conftest import as_owner_here
from tests.integration.review import casework
from tests.integration.review.reading import opened, text_of


def test_what_nothing_explains_stands_first_and_is_asked_about_first(visitor: Client, teacher: User) -> None:
    """Of what is explained there may be a whole practice on one day."""
    case = casework.case_about(teacher)
    later = opened(teacher, 4712)
    with as_owner_here():
        casework.explained(teacher, later, 4712, codes=["pupil"])
        finding = case.findings.first()
        finding.pk, finding.child_id, finding.event_id = None, 4712, later
        finding.save()

    said = text_of(casework.page_of(visitor, case))
    assert said.index("Accesses behind it that nothing explains") < said.index("Nothing explains it")
    assert said.index("Nothing explains it") < said.index("1 more behind it, which are explained")
    assert said.index("1 more behind it, which are explained") < said.index("Explained at once")

    casework.take(visitor, case)
    casework.ask(visitor, case)
    with as_owner_here():
        asked = Question.objects.get(case=case).events
        (doubtful,) = {each.event_id for each in case.findings.filter(child_id=4711)}
    assert asked == [doubtful, later]


def test_where_everything_is_explained_nothing_is_folded_away(visitor: Client, teacher: User) -> None:
    case = casework.case_about(teacher, codes=["pupil"])

    said = text_of(casework.page_of(visitor, case))

    assert "The accesses behind it, all of which are explained" in said
    assert "nothing explains, newest" not in said
