# SPDX-License-Identifier: MIT
"""The check digits of core/audit against python3-stdnum, on random numbers, half of them made to be nearly right."""
import os
import random
import string
import subprocess
import sys

import stdnum.luhn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import itin, ssn
from stdnum import iban
from stdnum.iso7064 import mod_97_10

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lint"))
from tap import Tap  # noqa: E402

N = 10000
# Issuers' ranges: what the card numbers that are tried begin with.
CARDS = [("4", 16), ("55", 16), ("2221", 16), ("34", 15), ("36", 14), ("6011", 16), ("3528", 16), ("62", 16), ("6759", 16)]


def digits(rng, n):
    return "".join(rng.choice(string.digits) for _ in range(n))


def day(rng):
    return f"{rng.randrange(100):02}{rng.randrange(14):02}{rng.randrange(33):02}"


def card(rng):
    first, n = rng.choice(CARDS)
    return first + digits(rng, n - len(first))


def account(rng):
    country, n = rng.choice([("DE", 22), ("GB", 22), ("FR", 27), ("NL", 18), ("NO", 15)])
    return country + digits(rng, n - 2)


def fiscale(rng):
    letters = string.ascii_uppercase
    return ("".join(rng.choice(letters) for _ in range(6)) + digits(rng, 2) + rng.choice("ABCDEHLMPRST") + f"{rng.randrange(75):02}" +
            rng.choice(letters) + digits(rng, 3) + rng.choice(letters))


def nir_number(rng):
    return rng.choice("12") + digits(rng, 4) + rng.choice(["2A", "2B", digits(rng, 2)]) + digits(rng, 8)


def itin_number(rng):
    # stdnum 1.18 does not know the groups 50 to 65, which came later.
    return rng.choice("89") + digits(rng, 2) + f"{rng.randrange(66, 100):02}" + digits(rng, 4)


# kind: (what makes one, whether it is right, which characters a nearly right one is found by changing)
KINDS = {
    "card": (card, stdnum.luhn.is_valid),
    "iban": (account, lambda n: mod_97_10.is_valid(n[4:] + n[:4])),
    "us-ssn": (lambda rng: rng.choice([digits(rng, 9), "000" + digits(rng, 6), "666" + digits(rng, 6), digits(rng, 3) + "00" + digits(rng, 4)]),
               ssn.is_valid),
    "us-itin": (itin_number, itin.is_valid),
    "gb-nhs": (lambda rng: digits(rng, 10), nhs.is_valid),
    "nl-bsn": (lambda rng: digits(rng, 9), bsn.is_valid),
    "br-cpf": (lambda rng: digits(rng, 11), cpf.is_valid),
    "pl-pesel": (lambda rng: day(rng) + digits(rng, 5), pesel.is_valid),
    "es-nif": (lambda rng: rng.choice(["", "X", "Y", "Z"]) + digits(rng, 8) + rng.choice(string.ascii_uppercase), None),
    "in-aadhaar": (lambda rng: digits(rng, 12), aadhaar.is_valid),
    "it-fiscale": (fiscale, codicefiscale.is_valid),
    "de-idnr": (lambda rng: "".join(rng.sample("0123456789", 9)) + digits(rng, 2), idnr.is_valid),
    "fr-nir": (nir_number, nir.is_valid),
    "se-personnummer": (lambda rng: rng.choice(["", "19"]) + day(rng) + digits(rng, 4), personnummer.is_valid),
    "ca-sin": (lambda rng: digits(rng, 9), sin.is_valid),
}


def right(kind, number):
    if kind == "es-nif":
        number = number[:1] + number[2:] if number[0] in "XYZ" else number
        return number, (nie if number[0] in "XYZ" else dni).is_valid(number)
    return number, KINDS[kind][1](number)


def candidates(kind, rng):
    """Of random numbers, and each with every last character, so that many are right."""
    make = KINDS[kind][0]
    alphabet = string.ascii_uppercase if kind in ("it-fiscale", "es-nif") else string.digits
    numbers = []
    while len(numbers) < N:
        number = make(rng)
        numbers.append(number)
        numbers.extend(number[:-1] + rng.choice(alphabet) for _ in range(9))
    return numbers


def is_other(kind, number):
    """What we refuse on purpose and stdnum takes: one digit alone; a person who is not born yet (stdnum asks the clock)."""
    return len(set(number)) == 1 or (kind == "pl-pesel" and number[2] in "234567")


def main():
    seed = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 30)))
    rng = random.Random(seed)
    tap = Tap()
    print(f"# SIGHT_SEED={seed}")
    for kind in KINDS:
        asked = [right(kind, number) for number in candidates(kind, rng) if not is_other(kind, number)]
        lines = "".join(f"{kind} {number}\n" for number, _ in asked)
        said = subprocess.run([sys.argv[1]], input=lines, stdout=subprocess.PIPE, check=True, text=True).stdout.split()
        wrong = [f"{number}: {answer}, stdnum {wanted}" for (number, wanted), answer in zip(asked, said) if (answer == "1") != wanted]
        n_right = sum(wanted for _, wanted in asked)
        tap.check(f"{kind}: {len(asked)} numbers, {n_right} of them right, as stdnum says", wrong[:10], n_right and len(said) == len(asked))
    tap.end()


main()
