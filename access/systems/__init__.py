"""Systems in which practitioners work: accredited by two people, let act by whoever asks (docs/adr/0056)."""
