"""NHS numbers and UPNs for synthetic children: valid to the check digit, and nobody's.

Every child of a household has a slot, a whole number of its own; different slots give different numbers.
"""

from datetime import date
from operator import mul

from stdnum.iso7064 import mod_11_10

NHS_CHECK_MODULUS = 11
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

# A block of slots shares its first three digits: 999, which the NHS keeps for tests, then 998 and down to
# 900, which nobody is given either; a demonstration of 100,000 children stays within 999.
_BLOCK = 500_000
_BLOCKS = 100
_SCRAMBLE = 314_159  # shares no factor with a block: siblings' numbers are not neighbours
_OWN_NUMBERS = 10**10
_OWN_SCRAMBLE = 3_141_592_653  # shares no factor with ten thousand million: no two slots have the same number
_SERIALS = 1000
_ESTABLISHMENTS = 2000
_TRAFFORD = 358
# Greater Manchester, then Merseyside and the West Midlands: the DfE's codes of the authorities whose
# establishment numbers are used when one authority's serials run out.
_AUTHORITIES = (*range(350, 358), 359, *range(340, 345), *range(330, 337))


def nhs_check_digit(nine_digits: str) -> int | None:
    """The tenth digit of an NHS number, or None when the nine have none (NHS Data Dictionary, modulus 11)."""
    total = sum(map(mul, map(int, nine_digits), range(10, 1, -1)))
    check = (NHS_CHECK_MODULUS - total % NHS_CHECK_MODULUS) % NHS_CHECK_MODULUS
    return None if check == NHS_CHECK_MODULUS - 1 else check


def upn_check_letter(twelve_digits: str) -> str:
    """The letter that leads a UPN (Department for Education, UPN guide: weights 2 to 13, modulus 23)."""
    total = sum(map(mul, map(int, twelve_digits), range(2, 14)))
    return UPN_LETTERS[total % len(UPN_LETTERS)]


def nhs_number(slot: int) -> str:
    """The NHS number of a slot, ten digits. Raises ValueError past fifty million slots."""
    block, place = divmod(slot, _BLOCK)
    if block >= _BLOCKS:
        raise ValueError("No NHS numbers are left for this many households: generate fewer children.")
    scrambled = (place * _SCRAMBLE + block) % _BLOCK
    body = 999_999_999 - block * 2 * _BLOCK - scrambled * 2
    check = nhs_check_digit(str(body))
    if check is None:
        # Of two neighbours at most one has no check digit.
        body -= 1
        check = nhs_check_digit(str(body))
    return f"{body}{check}"


def registry_number(seed: int, slot: int) -> str:
    """The registry number of a slot of that seed's England: ten digits and a check digit."""
    digits = f"{(slot * _OWN_SCRAMBLE + seed * 1_000_003) % _OWN_NUMBERS:010d}"
    return digits + str(mod_11_10.calc_check_digit(digits))


def pupil_number(slot: int, entered: date, establishments: tuple[str, ...]) -> str:
    """The UPN of a slot for a child who entered school then.

    The slot chooses the establishment that issued it, so that no two are alike without a list of those used:
    first the given schools of Trafford, then made-up establishments of other authorities.
    """
    place, serial = divmod(slot, _SERIALS)
    if place < len(establishments):
        issuer = f"{_TRAFFORD}{establishments[place]}"
    else:
        authority, establishment = divmod(place - len(establishments), _ESTABLISHMENTS)
        issuer = f"{_AUTHORITIES[authority]}{2000 + establishment}"
    digits = f"{issuer}{entered.year % 100:02d}{serial * 637 % _SERIALS:03d}"
    return upn_check_letter(digits) + digits


def telephone(slot: int) -> str:
    """A landline in Manchester of the thousand that Ofcom keeps for drama: it rings nobody."""
    return f"0161 496 {slot % 1000:04d}"


def mobile(slot: int) -> str:
    """A mobile number of the thousand that Ofcom keeps for drama: it rings nobody."""
    return f"07700 900{slot % 1000:03d}"
