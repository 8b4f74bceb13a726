from django.urls import reverse
from tests import factories as f
from access.models import Session
from audit.models import Event

def test_it(as_owner):
    with as_owner():
        u = f.user()
        c = f.child()
    b = f.signed_in(u)
    r = b.get(reverse("home"))
    print(r.status_code, r.headers)
    for e in Event.objects.all(): print(e.kind, e.outcome, e.actor_id, e.user_id, e.process, e.session_id)
    print(Session.objects.values_list("pk","key_fingerprint","user_id","expires_at"))
    assert 0
