"""Values that unit tests of the registry need: a summary of one child, and names in the alphabets people have."""

from datetime import date

from hypothesis import strategies as st

from registry.search import normalise
from registry.search.criteria import Criteria
from registry.values import Summary, SummaryName
from registry.vocabulary import Gender, NameKind

TODAY = date(2026, 3, 14)
OWN_NUMBER = "12345678903"
NHS_NUMBER = "9434765919"
PUPIL_NUMBER = "H801200001001"

Names = tuple[tuple[NameKind, str, str], ...]
AMINA: Names = ((NameKind.LEGAL, "Amina", "Hussain"),)

# Letters of the scripts that families in England write their names in.
LETTERS = "abcdefghijklmnopqrstuvwxyzáčéîłñöøßşţüабвгдежзийклмнопрстуфхцчшщыэюяابتثجحخدسشعغفقكلمنهوي小明王李张伟芳"

births = st.dates(date(2001, 1, 1), date(2026, 3, 14))
names = st.text(LETTERS + " -'’", min_size=2, max_size=40).filter(normalise.whole_name)
plain_names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=30)


def summary(
    names: Names = AMINA,
    *,
    date_of_birth: date = date(2017, 4, 9),
    gender: Gender = Gender.FEMALE,
    postcode: str = "M33 4AB",
    numbers: tuple[str, ...] = (NHS_NUMBER,),
    lines: str = "",
) -> Summary:
    """A child as search knows them."""
    return Summary(
        names=tuple(SummaryName(*name) for name in names),
        date_of_birth=date_of_birth,
        gender=gender,
        number=OWN_NUMBER,
        town="Sale" if postcode else "",
        postcode=postcode,
        numbers=numbers,
        shielded=False,
        lines=lines,
    )


def criteria(**given: object) -> Criteria:
    """Criteria asked on TODAY."""
    return Criteria(today=TODAY, **given)  # type: ignore[arg-type]
