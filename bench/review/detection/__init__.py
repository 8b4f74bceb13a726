"""How much misuse of a simulated year the examiner finds, how soon, and whom it suspects wrongly.

living.py     step, as the owner: a year of use with planted misuse; homes are told as people tell them
examining.py  step, as the examiner: all of it, batch by batch, noting how each case stood
reading.py    step, as the owner: what happened, of which the figures are reckoned
happened.py   what happened, by the log and the labels
volume.py     the rival that knows only how much somebody does
detectors.py  what one of the three said, and when
figures.py    from that and the labels to shares
rows.py       shares beside their goals
counting.py   step: all of the figures
"""
