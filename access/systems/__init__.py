"""Systems in which practitioners work: accredited by two people, let act by whoever asks through one (docs/adr/0056)."""
