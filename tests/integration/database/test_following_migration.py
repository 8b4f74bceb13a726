"""Since the migration by which nobody waits for who ends a following, notes outlive it; both ways lose nothing else."""

from tests.integration.database.test_clients_migration import ask, migrate

BEFORE = (("registry", "0028_shared_in_the_index"), ("access", "0038_telling"), ("feeds", "0005_delivered"))
TIE = "SELECT conname FROM pg_constraint WHERE conname = 'registry_untold_following'"
FUNCTIONS = """
    SELECT function.oid::regprocedure::text, md5(pg_get_functiondef(function.oid)), function.proacl::text
    FROM pg_proc AS function JOIN pg_namespace AS namespace ON namespace.oid = function.pronamespace
    WHERE namespace.nspname = 'public' AND function.prokind = 'f' ORDER BY 1
"""
SUPERSEDED = {
    *("access_show_ticket", "access_token_give", "access_token_end", "access_token_load"),
    *("registry_following_of", "registry_note_changed", "feeds_bounds_decide"),
}


def test_there_and_back_with_a_note_whose_following_has_ended(own_database: str) -> None:
    functions = ask(FUNCTIONS)
    assert ask(TIE) == []
    ask("INSERT INTO registry_untold (following_id, changes) VALUES (1, 1)")

    for before in BEFORE:
        migrate(own_database, *before)

    assert ask(TIE) == [("registry_untold_following",)]
    assert ask("SELECT following_id FROM registry_untold") == []
    assert {name.partition("(")[0] for name, *_rest in set(ask(FUNCTIONS)) - set(functions)} == SUPERSEDED

    migrate(own_database)

    assert ask(TIE) == []
    assert ask(FUNCTIONS) == functions
