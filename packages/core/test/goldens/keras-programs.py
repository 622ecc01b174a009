# Writes keras-programs-BACKEND.json.gz: random programs of one Keras backend, each an initializer, a shape and a dtype, and what came.
# Run with Keras 3.15.1 and TensorFlow 2.21.0, JAX 0.10.2, PyTorch 2.13.0 or NumPy 2.4.6, on a CPU with AVX2 and FMA:
#   python keras-programs.py BACKEND [COUNT]
#
# A program is [class, config, seed, shape, dtype, result]. The seed is null (the class has none), an integer, [generator's seed, number of
# calls before], or ["set_random_seed", s]. The result is the CRC-32 of the bytes, then for classes that are not exact the first bytes in
# base64, or the text of the error. Numbers that JSON cannot hold are strings that begin with "#". Where Keras returns another dtype than
# asked for, its own cast to that dtype follows, as a Keras variable does.
import base64
import gzip
import json
import math
import os
import random
import sys
import zlib
from importlib.metadata import version

BACKEND = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
os.environ["KERAS_BACKEND"] = BACKEND
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import ml_dtypes  # noqa: E402
import numpy as np  # noqa: E402

PACKAGES = {"tensorflow": ("tensorflow-cpu", "2.21.0"), "jax": ("jax", "0.10.2"), "torch": ("torch", "2.13.0"), "numpy": ("numpy", "2.4.6")}
EXPECTED = {"keras": "3.15.1", PACKAGES[BACKEND][0]: PACKAGES[BACKEND][1]}
for name, wanted in EXPECTED.items():
    if version(name) != wanted:
        sys.exit(f"{name}: expected {wanted}, got {version(name)}")

FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"]
EDGES = [0.0, -0.0, 1.0, -1.0, 0.1, -0.1, 1e-3, 1e-8, 1e-20, 1e-38, -1e-38, 1e-40, 1e-45, 1e-46, 5e-324, 1e-310, 6e-8, 3e-8, 1e-5, 65504.0, 65520.0,
         -7e4, 1e30, 3.3e38, 3.4028235e38, 3.5e38, -1e39, 1e300, 1.7e308, math.inf, -math.inf, math.nan]
WHOLE = [0, -0.0, 1, -1, 2.5, -2.5, 3.999, 127, 128, -128, -129, 200, 255, 256, -1.5, 300, 32767, 40000, -32769, 65536, 2.0**31, -2.0**31, 2.0**31 - 1,
         2.0**32 - 1, 3e9, 2.0**53 - 1, 0.1, 0.5, 1e10, -3e9, -0.5, 300.5, -129.5, 70000.5, 3e9 + 0.5, 1e19, 1e30, math.nan, math.inf]
WINDOWS = ["hann", "hamming", "blackman", "bartlett", "boxcar", "triang", "parzen", "bohman", "blackmanharris", "nuttall", "barthann", "cosine",
           "flattop", "tukey", "taylor", "lanczos", "exponential", "han", "sinc", "kaiser", "hanning", "hamm", "black", "poisson", "dpss", "ones", "brthan"]
PRESETS = ["GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"]
if BACKEND == "tensorflow":
    # It keeps the scalars that it has made, and finds 0 where -0 is asked for.
    EDGES, WHOLE = ([value + 0.0 for value in values] for values in (EDGES, WHOLE))
CLASSES = (["RandomUniform", "RandomNormal", "TruncatedNormal"] * 5 + ["VarianceScaling"] * 5 + PRESETS * 2 + ["Constant"] * 3
           + ["Identity"] * 2 + ["Orthogonal"] * 3 + ["STFT"] * 3 + ["Zeros", "Ones"])


def python_number(value):
    """`value` as one writes it in Python, and as JavaScript has it: whole numbers are integers."""
    if isinstance(value, list):
        return [python_number(part) for part in value]
    is_whole = math.isfinite(value) and value == int(value) and abs(value) < 2**53 and not (value == 0 and math.copysign(1, value) < 0)
    return int(value) if is_whole else float(value)


def number(pick):
    """A parameter: mostly ordinary, sometimes at an edge."""
    if pick.random() < 0.25:
        return pick.choice(EDGES)
    return round(pick.gauss(0, 1) * 10 ** pick.uniform(-3, 2), pick.choice([2, 3, 17])) + 0.0


def positive(pick):
    value = number(pick)
    return value if pick.random() < 0.1 else abs(value)


def shape_of(pick, low, high):
    # JAX compiles for every shape: it gets one of few.
    pick = random.Random(f"shape {pick.randrange(40)}") if BACKEND == "jax" else pick
    rank = pick.randint(low, high)
    budget = pick.choice([8, 40, 40, 300, 300, 3000, 3000, 40000])
    shape = []
    for _ in range(rank):
        most = max(1, min(budget, round(budget ** pick.uniform(0.2, 1))))
        dimension = pick.randint(1, most)
        shape.append(dimension)
        budget = max(1, budget // dimension)
    pick.shuffle(shape)
    if rank and pick.random() < 0.06:
        shape[pick.randrange(rank)] = 0
    return shape


def seed_of(pick):
    kind = pick.random()
    if kind < 0.6:
        return pick.randint(0, 2**31 - 1)
    if kind < 0.68:
        return pick.choice([0, 1, 2**31 - 2, 2**31 - 1, 2**31, 2**32 - 1, 2**32, -1, -5, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**70])
    if kind < 0.75:
        return pick.randint(2**31, 2**32 - 1)
    if kind < 0.9:
        return [pick.choice([pick.randint(0, 2**31 - 1), pick.randint(0, 1000), 2**31 - 1, 2**31, 2**32 - 1, -3]), pick.randint(0, 3)]
    return ["set_random_seed", pick.randint(0, 2**31)]


def axes_of(pick, rank):
    if rank == 0 or pick.random() < 0.7:
        return None
    return [pick.randint(-rank, rank - 1) for _ in range(pick.randint(0, 2))]


def program(pick):
    name = pick.choice(CLASSES)
    dtype = pick.choice(FLOATS) if pick.random() < 0.82 else pick.choice(INTEGERS)
    shape = shape_of(pick, 0, 5)
    config, seed = {}, seed_of(pick)
    if name == "RandomUniform":
        low, high = number(pick), number(pick)
        if pick.random() < 0.9 and not math.isnan(low + high):
            low, high = min(low, high), max(low, high)
        if dtype in INTEGERS and pick.random() < 0.7:
            low, high = sorted([pick.randint(-300, 300), pick.randint(-300, 300)])
        config = {"minval": low, "maxval": high}
    elif name in ("RandomNormal", "TruncatedNormal"):
        config = {"mean": pick.choice([0.0, 0.0, number(pick)]), "stddev": positive(pick)}
        if dtype in INTEGERS and pick.random() < 0.7:
            config["stddev"] = pick.choice([1.0, 20.0, 300.0])
        if name == "TruncatedNormal" and BACKEND == "numpy":
            # NumPy draws until enough lie within two deviations, which never ends where none can.
            mean, deviation = config["mean"], config["stddev"]
            if not (math.isfinite(mean) and math.isfinite(deviation) and deviation > 0) or mean + deviation == mean:
                config = {"mean": 0.5, "stddev": 2.0}
    elif name == "VarianceScaling":
        config = {"scale": positive(pick), "mode": pick.choice(["fan_in", "fan_out", "fan_avg"]),
                  "distribution": pick.choice(["uniform", "normal", "truncated_normal", "untruncated_normal"]),
                  "input_axes": axes_of(pick, len(shape)), "output_axes": axes_of(pick, len(shape))}
        if BACKEND == "numpy" and not 1e-250 < config["scale"] < 1e250:
            config["scale"] = 2.0
    elif name in PRESETS:
        config = {"input_axes": axes_of(pick, len(shape)), "output_axes": axes_of(pick, len(shape))}
    elif name == "Constant":
        seed = None
        value = number(pick) if dtype in FLOATS or pick.random() < 0.2 else pick.choice(WHOLE)
        if pick.random() < 0.2 and shape:
            value = [round(pick.gauss(0, 50), 3) for _ in range(shape[-1] if pick.random() < 0.9 else 2)]
        config = {"value": python_number(value)}
    elif name == "Identity":
        seed = None
        shape = shape_of(pick, 2, 2) if pick.random() < 0.95 else shape
        config = {"gain": python_number(pick.choice([1.0, -1.0, -0.5, 2.0, 0.1, number(pick), pick.choice(WHOLE)]))}
    elif name == "Orthogonal":
        shape = shape_of(pick, 2, 5) if pick.random() < 0.95 else shape
        while math.prod(shape) > 600:
            shape = [max(1, d // 2) for d in shape]
        dtype = pick.choice(FLOATS) if pick.random() < 0.9 else dtype
        config = {"gain": pick.choice([1.0, -1.0, 1.5, 0.1, number(pick)])}
    elif name == "STFT":
        seed = None
        shape = [pick.randint(1, 40), 1, pick.randint(1, 20)] if BACKEND != "jax" else [*pick.choice([[7, 1, 9], [24, 1, 13], [1, 1, 1], [33, 1, 2]])]
        if pick.random() < 0.1:
            shape[pick.choice([0, 1, 2])] = pick.choice([0, 2, 300])
        if pick.random() < 0.04:
            shape = shape_of(pick, 0, 5)
        window = pick.choice(WINDOWS + [None, None, [round(pick.uniform(-1, 1), 3) for _ in range(shape[0] if shape else 1)]])
        dtype = pick.choice(FLOATS) if pick.random() < 0.9 else dtype
        config = {"side": pick.choice(["real", "imag"]), "window": window, "scaling": pick.choice(["density", "spectrum", None]),
                  "periodic": pick.choice([True, False])}
    elif name in ("Zeros", "Ones"):
        seed = None
    return name, config, seed, shape, dtype


def to_numpy(value):
    if BACKEND == "torch":
        import torch

        value = value.detach().cpu()
        if value.dtype == torch.bfloat16:
            return value.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
        return value.numpy()
    return value.numpy() if BACKEND == "tensorflow" else np.asarray(value)


def run(name, config, seed, shape, dtype):
    kwargs = dict(config)
    calls = 0
    if isinstance(seed, list) and seed[0] == "set_random_seed":
        keras.utils.set_random_seed(seed[1] % 2**32)
    elif isinstance(seed, list):
        kwargs["seed"] = keras.random.SeedGenerator(seed[0])
        calls = seed[1]
    elif seed is not None:
        kwargs["seed"] = seed
    initializer = getattr(keras.initializers, name)(**kwargs)
    for _ in range(calls):
        keras.initializers.RandomUniform(seed=kwargs["seed"])((1,), dtype="float32")
    value = initializer(tuple(shape), dtype=dtype)
    if keras.backend.standardize_dtype(value.dtype) != dtype:
        value = keras.ops.cast(value, dtype)
    array = to_numpy(value)
    # JAX has no types of 64 bits here: its values are held exactly by the type asked for.
    array = array.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    if array.dtype.kind in "fV" and array.size:
        # A NaN is a NaN: its sign is the processor's.
        array = np.where(np.isnan(array), np.array(math.nan, array.dtype), array)
    if list(array.shape) != shape:
        raise AssertionError(f"shape {array.shape} for {shape}")
    return array


def spell(value):
    """`value` for JSON, which has neither infinities nor NaN, and loses -0."""
    if isinstance(value, dict):
        return {key: spell(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [spell(part) for part in value]
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return f"#{value}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return f"#{value}"
    return value


def is_inexact(name, config, dtype):
    if name in ("Orthogonal", "STFT"):
        return True
    return dtype == "float64" and ("Normal" in name or "normal" in config.get("distribution", ""))


def main():
    np.seterr(all="ignore")
    rows = []
    for index in range(COUNT):
        pick = random.Random(f"{BACKEND} {index}")
        name, config, seed, shape, dtype = program(pick)
        try:
            array = run(name, config, seed, shape, dtype)
            raw = array.tobytes()
            result = f"{zlib.crc32(raw):08x}"
            if is_inexact(name, config, dtype):
                result += base64.b64encode(raw[: 32 * array.itemsize]).decode()
        except Exception as error:  # noqa: BLE001, whatever Keras raises is the result
            result = f"{type(error).__name__}: {str(error)[:60]}"
        if index % 200 == 0:
            print(f"{BACKEND}: {index} of {COUNT}", file=sys.stderr)
        rows.append(spell([name, config, seed, shape, dtype, result]))
    text = json.dumps({"generated_with": EXPECTED, "programs": rows}, separators=(",", ":"), allow_nan=False)
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"keras-programs-{BACKEND}.json.gz")
    with open(file, "wb") as out:
        out.write(gzip.compress(text.encode(), mtime=0))


main()
