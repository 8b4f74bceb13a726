"""What is right by itself, whoever asks: of numbers, days, ages and bases. Rules here know no table and no reader.

numbers.py       numbers that identify a child, and their check digits
retention.py     how long a record lives; ages
service_days.py  when a service can have begun and ended
parts.py         what a record says in each part, and which source said it
basis.py         on what basis a sensitive service may be entered
"""
