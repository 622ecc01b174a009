# Writes torch-programs.json.gz: random programs of torch.nn.init calls with a checksum of what each call fills.
# Run with PyTorch 2.13.0+cpu: python torch-programs.py COUNT FILE. A program is [seed, calls]; a call is
# [function, shape, dtype, arguments, answer]; the answer is [CRC-32 of the bytes, first element, last element], or the text of an error.
# A call that is refused is followed by others, so that what it consumes shows. Numbers that JSON lacks are text.
import gzip
import json
import math
import random
import sys
import warnings
import zlib

import torch
from torch import nn

warnings.filterwarnings("ignore")
SHAPES = [[0], [1], [3], [15], [16], [17], [31, 5], [0, 3], [3, 0], [1, 1], [7, 9], [40, 30], [2, 3, 4], [4, 2, 3, 3], [6, 3, 1, 2, 2], [2, 0, 3], [],
          [1, 2, 3, 4, 5, 1], [600]]
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-3, 1e-40, -1e-40, 1e-45, 1e-46, 1e-300, 1e30, -1e30, 3e38, 3.5e38, 1e39, 1e300, math.inf, -math.inf, math.nan,
         0.1, 1 / 3, 16777217.0, 1.17549435e-38, 2.0**-126, 5e-324]
GAINS = ["linear", "conv1d", "conv2d", "conv3d", "sigmoid", "tanh", "relu", "leaky_relu", "selu", "gelu", "softmax"]


def number(rng, low=-3.0, high=3.0):
    return rng.choice(EDGES) if rng.random() < 0.3 else rng.uniform(low, high)


def arguments(rng, fn):
    if fn == "uniform_":
        a, b = number(rng), number(rng)
        if rng.random() < 0.7 and a > b:
            a, b = b, a
        return {} if rng.random() < 0.1 else {"a": a, "b": b}
    if fn == "normal_":
        return {} if rng.random() < 0.1 else {"mean": number(rng), "std": number(rng, -0.5, 3)}
    if fn == "trunc_normal_":
        # An interval that holds next to nothing of the normal takes torch for ever.
        kind = rng.random()
        mean, std = rng.uniform(-1, 1), rng.choice([0.02, 1.0, 2.0, -1.0, 0.5, 1e-40, 0.0])
        if kind < 0.4:
            return {"mean": mean, "std": abs(std) or 1.0, "a": mean - 2 * (abs(std) or 1.0), "b": mean + 3 * (abs(std) or 1.0)}
        if kind < 0.7:
            scale = abs(std) or 1.0
            return {"mean": mean, "std": std, "a": mean + scale * rng.uniform(0, 2), "b": mean + scale * rng.uniform(2.5, 4)}
        if kind < 0.8:
            return {"mean": rng.choice([0.0, math.nan]), "std": rng.choice([1.0, math.nan]), "a": rng.choice([1.0, math.nan, -2.0]), "b": rng.choice([0.5, 3.0])}
        return {"std": std or 1.0}
    if fn in ("xavier_uniform_", "xavier_normal_"):
        return {} if rng.random() < 0.3 else {"gain": number(rng, -0.5, 3)}
    if fn in ("kaiming_uniform_", "kaiming_normal_"):
        given = {}
        if rng.random() < 0.7:
            given["a"] = number(rng)
        if rng.random() < 0.5:
            given["mode"] = rng.choice(["fan_in", "fan_out", "fan_avg"] if rng.random() < 0.2 else ["fan_in", "fan_out"])
        if rng.random() < 0.6:
            given["nonlinearity"] = rng.choice(GAINS)
        return given
    if fn == "sparse_":
        return {"sparsity": rng.choice([0.0, 0.1, 0.5, 0.99, 1.0, 0.3, 1 / 3]), **({"std": number(rng, 0, 1)} if rng.random() < 0.5 else {})}
    if fn == "dirac_":
        return {"groups": rng.choice([1, 1, 2, 3])}
    if fn == "constant_":
        return {"val": number(rng)}
    return {}


# Their logarithm and sine are the C library's in float64, and differ in the last bit: answers are those rounded to float32.
NORMALS = ("normal_", "trunc_normal_", "xavier_normal_", "kaiming_normal_", "sparse_")
FUNCTIONS = ["uniform_"] * 4 + ["normal_"] * 4 + ["trunc_normal_"] * 3 + ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_"] * 2 + [
    "sparse_", "dirac_", "eye_", "constant_", "ones_", "zeros_"]


def text(value):
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return "-0" if value == 0 else str(value)
    return value


def blocked(fn, given):
    """Whether torch would draw for ever: its loop ends only once every element is within bounds."""
    if fn != "trunc_normal_":
        return False
    mean, std, a, b = (given.get(key, value) for key, value in (("mean", 0.0), ("std", 1.0), ("a", -2.0), ("b", 2.0)))
    return any(math.isnan(x) for x in (mean, std, a, b)) or abs(std) < 1e-30


def call(fn, shape, dtype, given):
    try:
        tensor = getattr(nn.init, fn)(torch.full(shape, 7.0, dtype=getattr(torch, dtype)), **given)
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0][:80]
    if dtype == "float64" and fn in NORMALS:
        tensor = tensor.to(torch.float32)
    raw = tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
    size = tensor.element_size()
    return [zlib.crc32(raw), raw[:size].hex(), raw[-size:].hex()]


def main(count, path):
    rng = random.Random(14)
    lines = []
    for _ in range(count):
        seed = rng.choice([rng.randrange(2**32), rng.randrange(100), rng.randrange(2**63), -rng.randrange(1, 2**40)])
        torch.manual_seed(seed)
        calls = []
        for _ in range(rng.randrange(1, 5)):
            fn = rng.choice(FUNCTIONS)
            shape, given = rng.choice(SHAPES), arguments(rng, fn)
            if blocked(fn, given):
                continue
            dtype = rng.choice(["float32", "float64", "float16", "bfloat16"])
            calls.append([fn, shape, dtype, {key: text(value) for key, value in given.items()}, call(fn, shape, dtype, given)])
        calls.append(["uniform_", [2], "float32", {}, call("uniform_", [2], "float32", {})])
        lines.append(json.dumps([str(seed), calls], separators=(",", ":")))
    content = '{"generated_with":"torch %s, %s","programs":[\n%s\n]}\n' % (
        torch.__version__, torch.backends.cpu.get_cpu_capability(), ",\n".join(lines))
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(content.encode())


main(int(sys.argv[1]), sys.argv[2])
