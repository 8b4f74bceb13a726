from feeds.matching import Matcher
from feeds.readers import READERS, Format
import io
from tests.conftest import as_worker
from tests.integration.feeds.sending import AMINA, written
from tests.integration.registry.people import full_draft
from tests.factories import today
from feeds.matching import candidates
from registry.search import index
def test_dbg(town, add):
    (child,) = add(full_draft(town))
    rows=list(READERS[Format.TABLE](io.BytesIO(written([AMINA])), today=today()))
    print(rows)
    with as_worker():
        print(index.serving())
        print(candidates.by_number(rows), candidates.by_what_is_said({0: rows[0]}))
        m=Matcher()
        print(m.match(rows))
    assert 0
