"""Who may do what with a child's record, and what they see of it. Asked by actions, selectors and search.

records.py     who may open a record and who may change it: the only doors to one
disclosure.py  what each reader sees
"""
