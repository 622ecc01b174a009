# Writes jax-programs.json.gz: random calls of jax.random and jax.nn.initializers with a checksum of what each gives.
# Run with JAX 0.10.2 on a CPU: python jax-programs.py COUNT FILE. A case is
# [module, function, seed, shape, dtype, arguments, partitionable, answer];
# the answer is [CRC-32 of the bytes, first element, last element] with elements as unsigned integers, or the text of an error.
# Numbers that JSON lacks are text. Calls are eager; every fifth uses the layout without jax_threefry_partitionable.
# The file is written every 100 cases.
import gzip
import json
import math
import random
import sys
import zlib

import jax
import numpy

jax.config.update("jax_enable_x64", False)
SHAPES = [[], [0], [17], [3, 0], [7, 9], [3, 3, 4, 8], [600]]
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-3, 1e-40, -1e-40, 1e-45, 1e-300, 1e30, 3e38, 1e39, math.inf, -math.inf, math.nan, 0.1, 1 / 3, 65504.0, 7e4]
DTYPES = ["float32", "float32", "float16", "bfloat16", "float64"]
PRESETS = ["glorot_uniform", "glorot_normal", "lecun_uniform", "lecun_normal", "he_uniform", "he_normal"]


def number(rng, low=-3.0, high=3.0):
    return rng.choice(EDGES) if rng.random() < 0.3 else rng.uniform(low, high)


def case(rng):
    kind = rng.choice(["random"] * 5 + ["init"] * 5)
    if kind == "random":
        fn = rng.choice(["uniform", "uniform", "normal", "truncated_normal", "truncated_normal", "bits", "randint"])
        given = {}
        if fn == "uniform" and rng.random() < 0.8:
            given = {"minval": number(rng), "maxval": number(rng)}
        if fn == "truncated_normal":
            given = {"lower": number(rng), "upper": number(rng)}
        if fn == "randint":
            given = {"minval": rng.choice([0, -7, rng.randrange(-2**31, 2**31)]), "maxval": rng.choice([1, 1000, rng.randrange(-2**31, 2**31)])}
        return kind, fn, given
    fn = rng.choice(["uniform", "normal", "truncated_normal", "constant", "zeros", "ones", "variance_scaling"] + PRESETS)
    given = {}
    if fn == "uniform":
        given = {"scale": number(rng)}
    if fn == "normal":
        given = {"stddev": number(rng)}
    if fn == "truncated_normal":
        given = {"stddev": number(rng), **({"lower": number(rng), "upper": number(rng)} if rng.random() < 0.6 else {})}
    if fn == "constant":
        given = {"value": number(rng)}
    if fn == "variance_scaling":
        given = {"scale": number(rng, 0, 3), "mode": rng.choice(["fan_in", "fan_out", "fan_avg", "fan_geo_avg"]),
                 "distribution": rng.choice(["uniform", "normal", "truncated_normal"])}
    return kind, fn, given


def text(value):
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return "-0" if value == 0 else str(value)
    return value


def run(kind, fn, seed, shape, dtype, given):
    key = jax.random.key(seed)
    try:
        if kind == "random":
            if fn == "bits":
                value = jax.random.bits(key, tuple(shape))
            elif fn == "randint":
                value = jax.random.randint(key, tuple(shape), **given)
            elif fn == "truncated_normal":
                value = jax.random.truncated_normal(key, given["lower"], given["upper"], tuple(shape), dtype)
            else:
                value = getattr(jax.random, fn)(key, tuple(shape), dtype, **given)
        else:
            factory = getattr(jax.nn.initializers, fn)
            value = (factory if fn in ("zeros", "ones") else factory(**given))(key, tuple(shape), dtype)
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0][:80]
    array = numpy.asarray(value)
    raw = array.tobytes()
    words = numpy.frombuffer(raw, dtype={2: "<u2", 4: "<u4", 8: "<u8"}[array.dtype.itemsize])
    ends = [str(words[0]), str(words[-1])] if array.dtype.itemsize == 8 and words.size else [int(words[0]), int(words[-1])] if words.size else [0, 0]
    return [zlib.crc32(raw), *ends]


def main(count, path):
    rng = random.Random(14)
    lines = []
    for i in range(count):
        kind, fn, given = case(rng)
        shape, dtype = rng.choice(SHAPES), rng.choice(DTYPES)
        if fn in ("bits", "randint"):
            dtype = "float32"
        seed = rng.choice([rng.randrange(2**31), rng.randrange(50)])
        partitionable = i % 5 != 0
        jax.config.update("jax_threefry_partitionable", partitionable)
        jax.config.update("jax_enable_x64", dtype == "float64")
        answer = run(kind, fn, seed, shape, dtype, given)
        lines.append(json.dumps([kind, fn, seed, shape, dtype, {key: text(value) for key, value in given.items()}, partitionable, answer], separators=(",", ":")))
        if i % 100 == 99 or i == count - 1:
            write(path, lines)


def write(path, lines):
    content = '{"generated_with":"jax %s","cases":[\n%s\n]}\n' % (jax.__version__, ",\n".join(lines))
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(content.encode())


main(int(sys.argv[1]), sys.argv[2])
