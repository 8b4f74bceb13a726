"""Reading people and organisations. Who may read what is asked by whoever calls, and by the database."""
