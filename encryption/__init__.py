"""Sealing: keys, sealed values, model fields and tokens. Imports nothing of ours, and only it imports `cryptography`."""
