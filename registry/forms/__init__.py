"""What people type, checked and put in one way of writing. Every error says what to do next.

fields.py        boxes for a name, a date of birth, a number, a house and a street
choosing.py      closed lists to choose one from, and the step that somebody takes
searching.py     what is known of the child who is looked for
opening.py       why a record is opened, and why a protected one in an emergency
involvements.py  a service that works with the child
refused.py       what is said where its action refuses one all the same
basis.py         on what basis a sensitive one may be entered, and what ended that
connections.py   connections with sensitive services
shields.py       shields: asked for, decided, reviewed, lifted
leaves.py        who may see a shielded child all the same
identities.py    new identities, and which two records are one child's
reports.py       what is wrong on a record, and what came of it
home.py          where somebody who uses the service lives
"""
