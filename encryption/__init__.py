"""Sealing: keys, sealed values, model fields, tokens. Imports nothing of ours; only it imports `cryptography`."""
