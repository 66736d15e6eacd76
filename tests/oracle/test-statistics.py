# SPDX-License-Identifier: MIT
"""core/base/sight-statistics against statsmodels and scipy, on fixed and on random cases."""
import os
import random
import subprocess
import sys
import warnings

import numpy
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lint"))
from tap import Tap  # noqa: E402

N_RANDOM = 240
EPSILON = 1e-6
# Newcombe's published pairs (1998), and sparse ones.
PAIRS = [(56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 20), (40, 400, 4, 200),
         (40, 400, 0, 60), (12, 80, 3, 75), (3, 18, 1, 22), (200, 2000, 150, 2000), (1, 30, 0, 30), (1, 100000, 3, 90000)]


def random_pair(rng):
    n1, n2 = (int(10 ** rng.uniform(0, 4)) for _ in range(2))
    rare = rng.choice([0.01, 0.1, 0.5, 1])
    return int(rng.random() * rare * n1), n1, int(rng.random() * rare * n2), n2


def rates(k1, n1, k2, n2):
    wanted = [*proportion_confint(k1, n1, method="wilson"), *proportion_confint(k1, n1, method="beta"),
              *proportion_confint(k1, n1, alpha=0.01, method="beta"),
              *confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff"),
              *confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff", alpha=0.01)]
    # statsmodels leaves the exact interval of nothing and of everything open.
    wanted = [(0.0, 1.0)[i % 2] if numpy.isnan(value) else value for i, value in enumerate(wanted)]
    table = [[k1, n1 - k1], [k2, n2 - k2]]
    return [*wanted, stats.hypergeom.cdf(k1, n1 + n2, k1 + k2, n1), stats.fisher_exact(table)[1],
            stats.chisquare([k1, n1 - k1], [n1 / 4, n1 * 3 / 4])[1]]


def random_times(rng):
    shift = rng.choice([0, 300, 2000])
    top = rng.choice([20, 60000])
    return ([rng.randrange(top) + shift for _ in range(rng.randrange(2, 80))], [rng.randrange(top) for _ in range(rng.randrange(2, 80))])


def times(first, second):
    differences = numpy.subtract.outer(first, second)
    test = stats.mannwhitneyu(first, second, use_continuity=True, alternative="two-sided", method="asymptotic")
    return [numpy.median(differences), 1.0 if numpy.isnan(test.pvalue) else test.pvalue]


def resampled(first, second, rng):
    """The percentile bootstrap of numpy, drawn by another generator: alike, not equal."""
    first, second = numpy.array(first), numpy.array(second)
    shifts = [numpy.median(numpy.subtract.outer(rng.choice(first, first.size), rng.choice(second, second.size))) for _ in range(1000)]
    return numpy.percentile(shifts, [2.5, 97.5])


def ask(program, lines):
    out = subprocess.run([program], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, check=True, text=True).stdout
    return [[float(word) for word in line.split()[1:]] for line in out.splitlines()]


def wrong(cases, answers, wanted):
    return [f"{case}: {answer}, wanted {value}" for case, answer, value in zip(cases, answers, wanted)
            if len(answer) != len(value) or max(abs(a - b) for a, b in zip(answer, value)) > EPSILON]


def main():
    seed = int(os.environ.get("SIGHT_SEED", random.randrange(1 << 30)))
    rng = random.Random(seed)
    tap = Tap()
    print(f"# SIGHT_SEED={seed}")
    warnings.simplefilter("ignore")
    pairs = PAIRS + [random_pair(rng) for _ in range(N_RANDOM)]
    answers = ask(sys.argv[1], ["rates " + " ".join(map(str, pair)) for pair in pairs])
    tap.check(f"{len(pairs)} pairs of rates are as statsmodels and scipy have them", wrong(pairs, answers, [rates(*pair) for pair in pairs]), answers)
    samples = [random_times(rng) for _ in range(40)]
    answers = ask(sys.argv[1], ["times " + " | ".join(" ".join(map(str, side)) for side in sample) for sample in samples])
    middle = [[answer[0], answer[3]] for answer in answers]
    tap.check(f"{len(samples)} pairs of times are as numpy and scipy have them", wrong(samples, middle, [times(*sample) for sample in samples]), answers)
    far = []
    for sample, answer in list(zip(samples, answers))[:6]:
        low, high = resampled(*sample, numpy.random.default_rng(seed))
        near = max((high - low) / 5, 1)  # times are whole numbers: a percentile may stand on the next one
        if abs(answer[1] - low) > near or abs(answer[2] - high) > near:
            far.append(f"{sample}: {answer[1:3]}, numpy {low} {high}")
    tap.check("the bootstrap is near that of another generator", far, answers)
    tap.end()


main()
