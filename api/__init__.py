"""The API for systems in which practitioners work: what its pages let a practitioner do, as JSON (docs/adr/0056).

A view and its twin among the pages of registry call the same actions and selectors with the same actor, and differ in
parsing and rendering alone. Nothing about who may see what is decided here.
"""
