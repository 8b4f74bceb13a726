"""Systems asked for, accredited and revoked, as steps that ask for a code."""

import json
from datetime import timedelta

from joserfc.jwk import KeySet

from access.models import ClientSystem
from access.systems.actions import systems
from access.systems.actions.systems import NewSystem
from tests import factories
from tests.integration.access.staging import Sent, Stage, ticked


def ask_for_system(stage: Stage) -> Sent:
    code, keys = stage.council.school.directory_code, KeySet([factories.system_key()]).as_dict(private=False)
    typed = {"name": "Case files", "organisation": code, "addresses": factories.SYSTEM_ADDRESS, "days": "90"}
    typed["purpose"] = "people"
    boxes = [ticked("days", "90"), ticked("purpose", "people")]
    seen = ['value="Case files"', f'value="{code}"', factories.SYSTEM_ADDRESS, *boxes]
    return Sent([], {**typed, "keys": json.dumps(keys)}, [*seen, json.dumps(keys)])


def accredit_a_system(stage: Stage) -> Sent:
    return Sent([asked_for_a_system(stage).pk], {}, ["Case files", factories.SYSTEM_ADDRESS])


def revoke_a_system(stage: Stage) -> Sent:
    return Sent([asked_for_a_system(stage).pk], {}, ["Case files", "Nobody can accredit it then"])


def asked_for_a_system(stage: Stage) -> ClientSystem:
    """One that the first administrator asked for."""
    keys = KeySet([factories.system_key()]).as_dict(private=False)
    addresses = [factories.SYSTEM_ADDRESS]
    new = NewSystem(stage.council.authority.pk, "Case files", addresses, keys, factories.today() + timedelta(days=90))
    factories.show(stage.council.first)
    asked = systems.ask_for_system(actor=stage.council.first, new=new)
    factories.show(stage.actor)
    return asked
