"""Numbers for readers who may not read the log: so coarse that nobody can be told from them.

Whoever knows that one person was off sick, or that a practice has one nurse, learns from an exact number what somebody
did. So a number from 1 to 4 is only said to be fewer than FEWEST, and any other is rounded to the nearest FEWEST: no
exact one is left to subtract another from.
"""

FEWEST = 5
LEAST = 20  # of which a share is said; of fewer it would say how many there are


def rounded(number: int) -> int:
    """To the nearest FEWEST; FEWEST itself for fewer, as which they are not said."""
    return max(FEWEST, (number + FEWEST // 2) // FEWEST * FEWEST) if number else 0


def told(number: int) -> str:
    """In words: 0, fewer than 5, 1,235."""
    return f"fewer than {FEWEST}" if 0 < number < FEWEST else f"{rounded(number):,}"


def share(some: int, of: int) -> str:
    """Which share some are, from what is told of both, so that it tells no more. Nothing of fewer than LEAST."""
    if of < LEAST:
        return ""
    whole = rounded(of)
    if 0 < some < FEWEST:
        return f"under {FEWEST / whole:.0%}"
    return f"{min(1.0, rounded(some) / whole):.0%}"
