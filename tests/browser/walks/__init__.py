"""Every page in every state: accessible by axe's rules, no wider than a telephone, and silent in the console.

Each walk goes through the pages of one kind of person and says which routes it sees. The routes are those of the URL
configuration that anybody may call; one that no walk sees fails in test_every_route.py until it is walked or excepted.
"""
