"""What keeps a protected child protected, below the actions: what they and the worker ask and call.

households.py    who is shielded with a child: brothers and sisters at home, and other records of the child
new_identity.py  what a child is to be called from now on, sealed for the worker
escrow.py        which two records are one child's, sealed for two people
investigated.py  who looks into it when a shield is overridden
"""
