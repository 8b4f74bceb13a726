"""The access log's proof, for those who trust neither the database nor the people who run it.

It needs no Django and no database: an export, the log's public key and a checkpoint obtained elsewhere are enough to
say whether the log is whole (`python -m transparency verify`). The same functions build the tree in the sequencer.

`lines` is what an event looks like; `tree`, `tiles` and `note` are the published formats (RFC 9162, C2SP);
`publication` is the folder where checkpoints and tiles are put; `verify` judges; `witness` is run by somebody else.
"""
