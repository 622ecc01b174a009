# Writes kernel-goldens.json: inputs and attributes of TensorFlow.js kernels, with TensorFlow's results and gradients.
# Run with TensorFlow 2.21.0: python kernel-goldens.py > kernel-goldens.json
#
# One file: a table of some 600 rows, whose parts share three short functions. TensorFlow computes in float64 where it has that kernel.
# A gradient is that of sum(weights * outputs), the weights (7 i mod 11 - 5) / 4 + 1/8 in each output.
# A row without outputs is one that TensorFlow has no counterpart of; finite differences judge it alone.
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import numpy as np
import tensorflow as tf

cases = []
raw = tf.raw_ops
inf, nan = float("inf"), float("nan")
F, I, B = np.float32, np.int32, np.bool_
generator = np.random.RandomState(0)


def vals(*shape, low=-2.0, high=2.0):
    """Distinct multiples of 1/64, none an integer or a half."""
    size = int(np.prod(shape))
    grid = [k / 64 for k in range(int(low * 64) + 1, int(high * 64)) if k % 32 not in (0, 1, 31)]
    replace = size > len(grid)
    return generator.choice(np.array(grid), size, replace=replace).reshape(shape).astype(F)


def ints(*shape, low=-9, high=10):
    return generator.randint(low, high, shape).astype(I)


def number(v):
    if isinstance(v, (bytes, str)):
        return v.decode() if isinstance(v, bytes) else v
    if isinstance(v, (bool, np.bool_)):
        return int(v)
    if isinstance(v, (int, np.integer)):
        return int(v)
    with np.errstate(over="ignore"):
        v = F(v)
    if np.isnan(v):
        return "NaN"
    if np.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    if v == 0 and np.signbit(v):
        return "-0"
    short = float(np.format_float_positional(v, unique=True)) if 1e-4 < abs(v) < 1e7 else float(repr(v).split("(")[-1].rstrip(")"))
    return int(short) if short == int(short) and abs(short) < 2**53 else short


def names(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return "float32"
    if dtype.kind in "iu":
        return "int32"
    return {"b": "bool", "c": "complex64"}.get(dtype.kind, "string")


def dump(array):
    array = np.asarray(array)
    kind = names(array.dtype)
    flat = array.flatten()
    if kind == "complex64":
        flat = np.stack([flat.real, flat.imag], -1).flatten()
    return {"dtype": kind, "shape": list(array.shape), "values": [number(v) for v in flat.tolist()] if kind == "string" else [number(v) for v in flat]}


def weights(shape, dtype):
    size = int(np.prod(shape))
    return tf.constant((((np.arange(size) * 7) % 11 - 5) / 4 + 0.125).reshape(shape), dtype)


def compute(fn, arrays, grad, double):
    def widen(a):
        if double and a.dtype == F:
            return tf.constant(a.astype(np.float64))
        if double and a.dtype == np.complex64:
            return tf.constant(a.astype(np.complex128))
        return tf.constant(a)

    tensors = {k: widen(a) for k, a in arrays.items()}
    watched = [tensors[k] for k in grad]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        out = fn(*tensors.values())
        outs = list(out) if isinstance(out, (list, tuple)) else [out]
        total = tf.constant(0, tf.float64 if double else tf.float32)
        for o in outs:
            if o.dtype.is_floating:
                total += tf.reduce_sum(tf.cast(o, total.dtype) * weights(o.shape, total.dtype))
    if not grad:
        return outs, {}
    slopes = tape.gradient(total, watched, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return outs, {k: tf.convert_to_tensor(g) for k, g in zip(grad, slopes)}


def case(kernel, label, inputs, attrs, fn, grad=(), smooth=True):
    """inputs: a dict, or a list where the kernel takes one; smooth: whether finite differences hold at these inputs."""
    is_list = isinstance(inputs, list)
    arrays = {str(i): np.asarray(a) for i, a in enumerate(inputs)} if is_list else {k: np.asarray(a) for k, a in inputs.items()}
    grad = [str(g) for g in grad]
    row = {"kernel": kernel, "label": label, "inputs": {k: dump(a) for k, a in arrays.items()}, "attrs": attrs}
    if is_list:
        row["isList"] = True
    if fn is not None:
        try:
            outs, slopes = compute(fn, arrays, grad, True)
        except Exception as error:
            try:
                outs, slopes = compute(fn, arrays, grad, False)
            except Exception:
                sys.exit(f"{kernel}, {label}: {error}")
        row["outputs"] = [dump(o.numpy()) for o in outs]
        if grad:
            row["gradients"] = {k: dump(g.numpy()) for k, g in slopes.items()}
    if grad:
        row["by"] = grad
        if not smooth:
            row["isKink"] = True
    cases.append(row)


# Functions of one number.
SPECIAL = np.array([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3.5, 1e-30, -1e-30, 1e30, -1e30, 88, -88, 104, -104], F)
unary = {
    "Abs": tf.abs, "Acos": tf.acos, "Acosh": tf.acosh, "Asin": tf.asin, "Asinh": tf.asinh, "Atan": tf.atan, "Atanh": tf.atanh,
    "Ceil": tf.math.ceil, "Cos": tf.cos, "Cosh": tf.cosh, "Elu": tf.nn.elu, "Erf": tf.math.erf, "Exp": tf.exp, "Expm1": tf.math.expm1,
    "Floor": tf.floor, "IsFinite": tf.math.is_finite, "IsInf": tf.math.is_inf, "IsNan": tf.math.is_nan, "Log": tf.math.log,
    "Log1p": tf.math.log1p, "Neg": tf.negative, "OnesLike": tf.ones_like, "Reciprocal": tf.math.reciprocal, "Relu": tf.nn.relu,
    "Relu6": tf.nn.relu6, "Round": tf.round, "Rsqrt": tf.math.rsqrt, "Selu": tf.nn.selu, "Sigmoid": tf.sigmoid, "Sign": tf.sign,
    "Sin": tf.sin, "Sinh": tf.sinh, "Softplus": tf.math.softplus, "Sqrt": tf.sqrt, "Square": tf.square, "Tan": tf.tan,
    "Tanh": tf.tanh, "ZerosLike": tf.zeros_like, "Identity": tf.identity,
}
domain = {"Acos": (-0.9, 0.9), "Asin": (-0.9, 0.9), "Atanh": (-0.9, 0.9), "Acosh": (1.2, 4), "Log": (0.3, 4), "Rsqrt": (0.3, 4),
          "Sqrt": (0.3, 4), "Log1p": (-0.7, 4), "Relu6": (-3, 9), "Reciprocal": (0.4, 3), "Tan": (-1.2, 1.2)}
# TensorFlow cancels near 0 here (and its erf(inf) is NaN): these are the definitions.
exact = {"Elu": lambda x: tf.where(x < 0, tf.math.expm1(x), x), "Selu": lambda x: 1.0507009873554805 * tf.where(x < 0, 1.6732632423543772 * tf.math.expm1(x), x)}
for name, fn in unary.items():
    low, high = domain.get(name, (-3, 3))
    grad = ["x"]
    case(name, "values", {"x": vals(3, 5, low=low, high=high)}, {}, fn, grad)
    # Trigonometric functions of 1e30 need an exact reduction of the argument, which float64 and float32 do alike.
    case(name, "special values", {"x": SPECIAL if name != "Erf" else SPECIAL[np.isfinite(SPECIAL)]}, {}, exact.get(name, fn))
    case(name, "empty", {"x": np.zeros((0, 3), F)}, {}, fn, grad)
for name in ("Abs", "Neg", "Sign", "Square", "Relu", "OnesLike", "ZerosLike", "Identity", "Relu6"):
    if name not in ("Relu6", "Relu"):
        case(name, "int32", {"x": np.array([-7, -1, 0, 3, 2**31 - 1, -(2**31) + 1], I) if name != "Square" else np.array([-7, 0, 3, 46341, 123456], I)}, {}, unary[name])
for name in ("Abs", "Relu", "Relu6", "Elu", "Selu", "Sigmoid", "Tanh", "Sqrt", "Softplus"):
    case(name, "gradient at 0", {"x": np.array([0.0, 1.25], F)}, {}, unary[name], ["x"], smooth=False)
case("Relu6", "gradient at 6", {"x": np.array([6.0, 5.75], F)}, {}, tf.nn.relu6, ["x"], smooth=False)
case("Exp", "far", {"x": vals(4, 4, low=-80, high=80)}, {}, tf.exp)
case("Softplus", "far", {"x": vals(4, 4, low=-100, high=100)}, {}, tf.math.softplus, ["x"], smooth=False)
case("Sigmoid", "far", {"x": vals(4, 4, low=-100, high=100)}, {}, tf.sigmoid, ["x"], smooth=False)
case("Expm1", "near 0", {"x": np.array([1e-3, -1e-3, 1e-5, -1e-7, 1e-20], F)}, {}, tf.math.expm1)
case("Log1p", "near 0", {"x": np.array([1e-3, -1e-3, 1e-5, -1e-7, 1e-20], F)}, {}, tf.math.log1p)
case("Sinh", "near 0", {"x": np.array([1e-3, -1e-3, 1e-5, -1e-7], F)}, {}, tf.sinh)
case("Asinh", "near 0 and far", {"x": np.array([1e-3, -1e-5, -1e-7, 1e8, -1e8, -1000], F)}, {}, tf.asinh)
case("Atanh", "near 0", {"x": np.array([1e-3, -1e-5, -1e-7], F)}, {}, tf.atanh)
case("Tanh", "near 0", {"x": np.array([1e-3, -1e-5, -1e-7, 20, -20], F)}, {}, tf.tanh)
case("Elu", "near 0", {"x": np.array([-1e-3, -1e-5, -1e-7, -30], F)}, {}, exact["Elu"])
case("Erf", "near 0 and far", {"x": np.array([1e-3, -1e-5, -1e-7, 5, -5, 2.5], F)}, {}, tf.math.erf)
case("Round", "halves", {"x": np.arange(-5.5, 6, 0.5).astype(F)}, {}, tf.round)
for alpha in (0.0, 0.25, -1.0):
    case("LeakyRelu", f"alpha {alpha}", {"x": vals(3, 4)}, {"alpha": alpha}, lambda x, alpha=alpha: tf.where(x > 0, x, x * alpha), ["x"])
case("LeakyRelu", "special values", {"x": SPECIAL}, {"alpha": 0.2}, lambda x: tf.nn.leaky_relu(tf.cast(x, tf.float32), 0.2))
case("Step", "values", {"x": vals(3, 4)}, {"alpha": 0.25}, lambda x: tf.where(x > 0, tf.ones_like(x), 0.25 * tf.ones_like(x)), ["x"])
for low, high in ((-1.0, 1.0), (0.0, inf), (-inf, 0.5)):
    case("ClipByValue", f"{low} to {high}", {"x": vals(3, 5, low=-3, high=3)}, {"clipValueMin": number(low), "clipValueMax": number(high)},
         lambda x, low=low, high=high: tf.clip_by_value(x, low, high), ["x"])
case("ClipByValue", "special values", {"x": SPECIAL}, {"clipValueMin": -2, "clipValueMax": 2}, lambda x: tf.clip_by_value(x, -2.0, 2.0))
case("ClipByValue", "gradient at the ends", {"x": np.array([-1, 1, 0.25], F)}, {"clipValueMin": -1, "clipValueMax": 1}, lambda x: tf.clip_by_value(x, -1.0, 1.0), ["x"], smooth=False)

# Functions of two numbers.
binary = {
    "Add": tf.add, "Sub": tf.subtract, "Multiply": tf.multiply, "RealDiv": tf.divide, "FloorDiv": tf.math.floordiv, "Mod": tf.math.floormod,
    "Maximum": tf.maximum, "Minimum": tf.minimum, "Pow": tf.pow, "SquaredDifference": tf.math.squared_difference, "Atan2": tf.atan2,
}
compare = {"Equal": tf.equal, "NotEqual": tf.not_equal, "Greater": tf.greater, "GreaterEqual": tf.greater_equal, "Less": tf.less, "LessEqual": tf.less_equal}
shapes = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((4,), (2, 3, 4)), ((), (2, 3)), ((2, 3), ()), ((2, 1, 3), (2, 1)), ((2, 0, 3), (3,)), ((1, 1, 2), (2, 3, 1))]
pairs = [(x, y) for x in (nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5) for y in (nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0)]
A, Bv = np.array([p[0] for p in pairs], F), np.array([p[1] for p in pairs], F)
for name, fn in {**binary, **compare}.items():
    low = 0.4 if name in ("Pow", "RealDiv", "FloorDiv", "Mod", "Atan2") else -3
    for sa, sb in shapes:
        # No ties: b lies between the values that a may have.
        a, b = vals(*sa, low=0.4 if name == "Pow" else -3, high=3), vals(*sb, low=low, high=3) + F(1 / 128)
        while name in ("FloorDiv", "Mod") and a.size * b.size > 0 and (np.abs(a / b - np.round(a / b)) - np.abs(a) / b**2 / 64).min() < 0.02:
            # The step of a difference quotient must not reach the next integer.
            a = vals(*sa, low=-3, high=3)
        # Ties and steps have no difference quotient.
        grad = ["a", "b"] if name in binary or name == "GreaterEqual" else []
        case(name, f"[{sa}] and [{sb}]".replace("(", "").replace(")", "").replace(",]", "]"), {"a": a, "b": b}, {}, fn, grad)
    case(name, "special values", {"a": A, "b": Bv}, {}, fn)
for name in ("Add", "Sub", "Multiply", "FloorDiv", "Mod", "Maximum", "Minimum", "Pow", "SquaredDifference", *compare):
    fn = {**binary, **compare}[name]
    a = np.array([7, -7, 7, -7, 6, -6, 0, 1, 2**30, -(2**31)], I)
    b = np.array([2, 2, -2, -2, 3, 3, 5, -1, 3, 7], I)
    if name == "Pow":
        a, b = np.array([7, -7, 2, -2, 1, 0, 0, 3, -1], I), np.array([2, 3, 10, 5, 0, 0, 3, 19, 7], I)
    case(name, "int32", {"a": a, "b": b}, {}, fn)
    case(name, "int32 broadcast", {"a": ints(3, 1), "b": ints(4, low=1) + 0}, {}, fn)
case("Multiply", "int32 that overflows", {"a": np.array([123456789, -123456789, 2**31 - 1], I), "b": np.array([987654321, 987654321, 2**31 - 1], I)}, {}, tf.multiply)
case("Mod", "negative numbers", {"a": np.array([5.5, -5.5, 5.5, -5.5, -6, 6, -0.25], F), "b": np.array([2, 2, -2, -2, 3, -3, 4], F)}, {}, tf.math.floormod, ["a"], smooth=False)
case("FloorDiv", "negative numbers", {"a": np.array([5.5, -5.5, 5.5, -5.5, -6, 6, -0.25], F), "b": np.array([2, 2, -2, -2, 3, -3, 4], F)}, {}, tf.math.floordiv)
case("Pow", "gradient at 0", {"a": np.array([0, 0, 0, 2, 0], F), "b": np.array([2, 1, 3, 0, 0], F)}, {}, tf.pow, ["a", "b"], smooth=False)
case("Pow", "negative base", {"a": np.array([-2, -1.5, -0.5], F), "b": np.array([2, 3, -1], F)}, {}, tf.pow, ["a"])
case("Pow", "negative base, gradient by the exponent", {"a": np.array([-2, -1.5, 0.5], F), "b": np.array([2, 3, -1], F)}, {}, tf.pow, ["b"], smooth=False)
case("RealDiv", "small and large divisors", {"a": np.array([1e-20, 3e10, 1], F), "b": np.array([1e-25, 1e25, 1e-30], F)}, {}, tf.divide, ["a", "b"], smooth=False)
for name in ("Maximum", "Minimum"):
    case(name, "gradient of ties", {"a": np.array([1, 2, 3], F), "b": np.array([1, 2.5, 2.5], F)}, {}, binary[name], ["a", "b"], smooth=False)
for name, fn in {"LogicalAnd": tf.logical_and, "LogicalOr": tf.logical_or}.items():
    for sa, sb in (((2, 3), (2, 3)), ((2, 1), (3,)), ((), (2, 2)), ((0, 2), (2,))):
        case(name, f"{sa} and {sb}", {"a": ints(*sa, low=0, high=2).astype(B), "b": ints(*sb, low=0, high=2).astype(B)}, {}, fn)
case("LogicalNot", "values", {"x": np.array([True, False, True])}, {}, tf.logical_not)
case("BitwiseAnd", "values", {"a": ints(6), "b": ints(6)}, {}, tf.bitwise.bitwise_and)
for n in (1, 2, 4):
    case("AddN", f"of {n}", [vals(2, 3) for _ in range(n)], {}, lambda *xs: tf.add_n(list(xs)), range(n))
case("AddN", "int32", [ints(2, 3) for _ in range(3)], {}, lambda *xs: tf.add_n(list(xs)))
for shape in ((3, 4), (4,), (1, 4)):
    case("Prelu", f"alpha {shape}", {"x": vals(3, 4), "alpha": vals(*shape)}, {}, lambda x, a: tf.where(x > 0, x, x * a), ["x", "alpha"])
case("Prelu", "images", {"x": vals(2, 2, 2, 3), "alpha": vals(1, 1, 3)}, {}, lambda x, a: tf.where(x > 0, x, x * a), ["x", "alpha"])
case("EluGrad", "values", {"dy": vals(3, 4), "y": vals(3, 4, low=-0.9, high=2)}, {}, lambda dy, y: tf.where(y > 0, dy, dy * (y + 1)))
case("Select", "values", {"condition": ints(3, 4, low=0, high=2).astype(B), "t": vals(3, 4), "e": vals(3, 4)}, {}, tf.where, ["t", "e"])
case("Select", "int32", {"condition": np.array([True, False]), "t": ints(2), "e": ints(2)}, {}, tf.where)
for source, target in (("float32", "int32"), ("float32", "bool"), ("int32", "float32"), ("int32", "bool"), ("bool", "float32"), ("bool", "int32"), ("float32", "float32")):
    x = {"float32": np.array([2.75, -2.75, 0, 1, -0.5], F), "int32": ints(5), "bool": np.array([True, False])}[source]
    case("Cast", f"{source} to {target}", {"x": x}, {"dtype": target}, lambda x, t=target: tf.cast(x, t), ["x"] if source == "float32" and target == "float32" else [])

# Reductions.
REDUCE = {"Sum": tf.reduce_sum, "Mean": tf.reduce_mean, "Max": tf.reduce_max, "Min": tf.reduce_min, "Prod": tf.reduce_prod}
axes = [[0], [1], [2], [-1], [-2], [-3], [0, 1], [0, 2], [-1, 0], [-2, -1], [0, 1, 2], []]
for name, fn in REDUCE.items():
    key = "reductionIndices" if name == "Max" else "axis"
    for axis in axes:
        for keep in (False, True):
            case(name, f"axis {axis}{', keepDims' if keep else ''}", {"x": vals(2, 3, 4)}, {key: axis, "keepDims": keep},
                 lambda x, a=axis, k=keep, f=fn: f(x, a, keepdims=k), ["x"])
    case(name, "axis -1 as a number", {"x": vals(2, 3)}, {key: -1, "keepDims": False}, lambda x, f=fn: f(x, -1), ["x"])
    for shape, axis in (((0,), [0]), ((2, 0), [1]), ((2, 0), [-1]), ((0, 2), [1]), ((0, 3), [0]), ((2, 0, 3), [0, 1]), ((2, 0, 3), [2])):
        for keep in (False, True):
            case(name, f"empty {shape}, axis {axis}{', keepDims' if keep else ''}", {"x": np.zeros(shape, F)}, {key: axis, "keepDims": keep},
                 lambda x, a=axis, k=keep, f=fn: f(x, a, keepdims=k), ["x"])
    case(name, "special values", {"x": np.array([[nan, 1, 2], [inf, 1, 2], [-inf, 1, 2], [1, nan, inf], [inf, -inf, 0]], F)}, {key: [1], "keepDims": False}, lambda x, f=fn: f(x, 1))
    if name != "Mean":
        case(name, "int32", {"x": ints(2, 3, 4)}, {key: [-1], "keepDims": False}, lambda x, f=fn: f(x, -1))
        case(name, "empty int32", {"x": np.zeros((2, 0), I)}, {key: [1], "keepDims": False}, lambda x, f=fn: f(x, 1))
    case(name, "scalar", {"x": F(1.25)}, {key: [], "keepDims": False}, lambda x, f=fn: f(x, []), ["x"])
case("Max", "gradient of ties", {"x": np.array([[1, 2, 2], [3, 3, 3]], F)}, {"reductionIndices": [1], "keepDims": False}, lambda x: tf.reduce_max(x, 1), ["x"], smooth=False)
case("Min", "gradient of ties", {"x": np.array([[1, 1, 2], [3, 3, 3]], F)}, {"axis": [1], "keepDims": False}, lambda x: tf.reduce_min(x, 1), ["x"], smooth=False)
case("Prod", "gradient with zeros", {"x": np.array([[0, 2, 3], [0, 0, 3], [1, 0, 2]], F)}, {"axis": [1], "keepDims": False}, lambda x: tf.reduce_prod(x, 1), ["x"])
case("Prod", "gradient over unsorted axes", {"x": vals(2, 3, 2)}, {"axis": [2, 0], "keepDims": False}, lambda x: tf.reduce_prod(x, [2, 0]), ["x"])
case("Prod", "int32 that overflows", {"x": np.array([123456789, 987654321, 3, 5], I)}, {"axis": [0], "keepDims": False}, lambda x: tf.reduce_prod(x, 0))
for name, fn in {"All": tf.reduce_all, "Any": tf.reduce_any}.items():
    for axis in ([0], [-1], [0, 1], [-2, -1], []):
        for keep in (False, True):
            case(name, f"axis {axis}{', keepDims' if keep else ''}", {"x": ints(2, 3, low=0, high=2).astype(B)}, {"axis": axis, "keepDims": keep}, lambda x, a=axis, k=keep, f=fn: f(x, a, keepdims=k))
    case(name, "empty", {"x": np.zeros((2, 0), B)}, {"axis": [1], "keepDims": False}, lambda x, f=fn: f(x, 1))
for name, fn in {"ArgMax": tf.argmax, "ArgMin": tf.argmin}.items():
    for axis in (0, 1, 2, -1, -2, -3):
        case(name, f"axis {axis}", {"x": vals(2, 3, 4)}, {"axis": axis}, lambda x, a=axis, f=fn: f(x, a, output_type=tf.int32), ["x"])
    case(name, "ties and special values", {"x": np.array([[1, 3, 3], [inf, inf, 1], [-inf, -inf, -inf], [0, -0.0, 0]], F)}, {"axis": 1}, lambda x, f=fn: f(x, 1, output_type=tf.int32))
    case(name, "int32", {"x": ints(3, 4)}, {"axis": -1}, lambda x, f=fn: f(x, -1, output_type=tf.int32))
    case(name, "empty result", {"x": np.zeros((0, 3), F)}, {"axis": 1}, lambda x, f=fn: f(x, 1, output_type=tf.int32))
for name, fn in {"Cumsum": tf.cumsum, "Cumprod": tf.math.cumprod}.items():
    for axis in (0, 1, 2, -1, -2, -3):
        for exclusive in (False, True):
            for reverse in (False, True):
                case(name, f"axis {axis}, exclusive {exclusive}, reverse {reverse}", {"x": vals(2, 3, 2)}, {"axis": axis, "exclusive": exclusive, "reverse": reverse},
                     lambda x, a=axis, e=exclusive, r=reverse, f=fn: f(x, a, exclusive=e, reverse=r), ["x"])
    case(name, "square, axis 0", {"x": vals(3, 3)}, {"axis": 0, "exclusive": False, "reverse": False}, lambda x, f=fn: f(x, 0), ["x"])
    case(name, "int32", {"x": ints(2, 3)}, {"axis": -1, "exclusive": False, "reverse": False}, lambda x, f=fn: f(x, -1))
    case(name, "empty", {"x": np.zeros((2, 0), F)}, {"axis": -1, "exclusive": False, "reverse": False}, lambda x, f=fn: f(x, -1), ["x"])
    case(name, "vector, axis -1", {"x": np.array([1, 2, 3, 4], F)}, {"axis": -1, "exclusive": False, "reverse": False}, lambda x, f=fn: f(x, -1), ["x"])
case("Cumprod", "with zeros", {"x": np.array([[2, 0, 3, 4], [0, 2, 0, 3]], F)}, {"axis": 1, "exclusive": False, "reverse": False}, lambda x: tf.math.cumprod(x, 1))

# Normalization.
case("Softmax", "rows", {"logits": vals(3, 4)}, {"dim": 1}, tf.nn.softmax, ["logits"])
case("Softmax", "dim -1", {"logits": vals(2, 3, 4)}, {"dim": -1}, tf.nn.softmax, ["logits"])
case("Softmax", "large logits", {"logits": np.array([[1000, 1001, 999], [-1000, -1001, -2000]], F)}, {"dim": -1}, tf.nn.softmax)
case("LRN", "defaults", {"x": vals(1, 2, 2, 6)}, {"depthRadius": 5, "bias": 1, "alpha": 1, "beta": 0.5}, lambda x: tf.nn.lrn(tf.cast(x, tf.float32)), ["x"])
for radius, bias, alpha, beta in ((1, 1.0, 1.0, 0.5), (2, 1.5, 0.75, 0.75), (1, 0.5, 2.0, 1.25), (0, 1.0, 1.0, 0.5)):
    case("LRN", f"radius {radius}, bias {bias}, alpha {alpha}, beta {beta}", {"x": vals(2, 1, 2, 5)}, {"depthRadius": radius, "bias": bias, "alpha": alpha, "beta": beta},
         lambda x, r=radius, b=bias, a=alpha, e=beta: tf.nn.lrn(tf.cast(x, tf.float32), r, b, a, e), ["x"])
for shape in ((2, 3, 2, 4), (5, 1, 1, 4)):
    keys = dict(x=vals(*shape), mean=vals(4), variance=vals(4, low=0.4, high=3), offset=vals(4), scale=vals(4))
    case("FusedBatchNorm", f"{shape}", keys, {"varianceEpsilon": 0.001}, lambda x, m, v, o, s: (x - m) * s / tf.sqrt(v + 0.001) + o, list(keys))
    # Without a scale tfjs-core's tape has no gradient: its engine keeps the scale.
    case("FusedBatchNorm", f"{shape} without scale", {k: keys[k] for k in ("x", "mean", "variance", "offset")}, {"varianceEpsilon": 0.5}, lambda x, m, v, o: (x - m) / tf.sqrt(v + 0.5) + o)
keys = dict(x=vals(2, 2, 2, 2), mean=vals(2, 2, 2, 2), variance=vals(2, 2, 2, 2, low=0.4, high=3), offset=vals(2, 2, 2, 2), scale=vals(2, 2, 2, 2))
case("FusedBatchNorm", "statistics for each value", keys, {"varianceEpsilon": 0.001}, lambda x, m, v, o, s: (x - m) * s / tf.sqrt(v + 0.001) + o, list(keys))

# Products.
for ta in (False, True):
    for tb in (False, True):
        for batch_a, batch_b in (((), ()), ((2,), (2,)), ((2,), ()), ((), (3,)), ((2, 1), (3,)), ((1,), (2,))):
            a = vals(*batch_a, *((4, 3) if ta else (3, 4)))
            b = vals(*batch_b, *((2, 4) if tb else (4, 2)))
            case("BatchMatMul", f"{batch_a} {batch_b} transposed {ta} {tb}", {"a": a, "b": b}, {"transposeA": ta, "transposeB": tb},
                 lambda a, b, ta=ta, tb=tb: tf.matmul(a, b, ta, tb), ["a", "b"])
case("BatchMatMul", "empty inner dimension", {"a": np.zeros((2, 0), F), "b": np.zeros((0, 3), F)}, {"transposeA": False, "transposeB": False}, tf.matmul, ["a", "b"])
case("BatchMatMul", "empty rows", {"a": np.zeros((0, 2), F), "b": vals(2, 3)}, {"transposeA": False, "transposeB": False}, tf.matmul, ["a", "b"])
case("BatchMatMul", "int32", {"a": ints(2, 3), "b": ints(3, 2)}, {"transposeA": False, "transposeB": False}, tf.matmul)
activations = {
    "linear": tf.identity, "relu": tf.nn.relu, "relu6": tf.nn.relu6, "elu": tf.nn.elu, "sigmoid": tf.sigmoid,
    "leakyrelu": lambda x: tf.where(x > 0, x, x * 0.25), "prelu": None,
}
for name, f in activations.items():
    extra = {"preluActivationWeights": vals(3)} if name == "prelu" else {}
    attrs = {"activation": name, **({"leakyreluAlpha": 0.25} if name == "leakyrelu" else {})}
    act = (lambda y, *w, f=f: tf.where(y > 0, y, y * w[0]) if w else f(y))
    case("_FusedMatMul", name, {"a": vals(2, 4), "b": vals(4, 3), "bias": vals(3), **extra}, {"transposeA": False, "transposeB": False, **attrs}, lambda a, b, c, *w, act=act: act(a @ b + c, *w))
    conv = dict(strides=1, pad="same", dataFormat="NHWC", dilations=1)
    case("FusedConv2D", name, {"x": vals(1, 4, 4, 2), "filter": vals(3, 3, 2, 3), "bias": vals(3), **extra}, {**conv, **attrs},
         lambda x, f, c, *w, act=act: act(tf.nn.conv2d(x, f, 1, "SAME") + c, *w))
    extra = {"preluActivationWeights": vals(4)} if name == "prelu" else {}
    case("FusedDepthwiseConv2D", name, {"x": vals(1, 4, 4, 2), "filter": vals(3, 3, 2, 2), "bias": vals(4), **extra}, {**conv, **attrs},
         lambda x, f, c, *w, act=act: act(tf.nn.depthwise_conv2d(x, f, [1, 1, 1, 1], "SAME") + c, *w))
case("FusedConv2D", "dilations", {"x": vals(1, 6, 6, 2), "filter": vals(3, 3, 2, 3), "bias": vals(3)}, {**conv, "dilations": [2, 1], "activation": "relu"}, lambda x, f, c: tf.nn.relu(tf.nn.conv2d(x, f, 1, "SAME", dilations=[2, 1]) + c))
for equation, *sh in (("ij,jk->ik", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)), ("i,i->", (3,), (3,)), ("i,j->ij", (2,), (3,)), ("ij->ji", (2, 3)), ("ijk->ik", (2, 3, 2)),
                      ("ij->", (2, 3)), ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 3, 3)), ("ij,jk->", (2, 3), (3, 2)), ("ijk,kj->i", (2, 3, 2), (2, 3)), ("ab,cb->ca", (2, 3), (4, 3)), ("ij,kj->ik", (2, 3), (4, 3)), ("ij,ij->ij", (2, 3), (2, 3)), ("ij,k->ik", (2, 3), (2,)), ("ij,kl->il", (2, 3), (2, 2))):
    case("Einsum", equation, [vals(*s) for s in sh], {"equation": equation}, lambda *xs, e=equation: tf.einsum(e, *xs), range(len(sh)))

# Convolutions. A number or a list of pads is explicit padding.
def pads(pad, n=2):
    if isinstance(pad, str):
        return pad.upper()
    if isinstance(pad, int):
        return [[0, 0], *[[pad, pad]] * n, [0, 0]]
    return pad


def spread(f, dilation):
    """Zeros between the weights: TensorFlow has no gradients of dilated convolutions on a CPU."""
    rank = len(dilation)
    at = np.stack(np.meshgrid(*[np.arange(n) * q for n, q in zip(f.shape[:rank], dilation)], indexing="ij"), -1)
    return tf.scatter_nd(at, f, [*((n - 1) * q + 1 for n, q in zip(f.shape[:rank], dilation)), *f.shape[rank:]])


def conv2d(x, f, s, p, d):
    return tf.nn.conv2d(x, spread(f, d), s, pads(p))


def depthwise(x, f, s, p, d):
    # TensorFlow's own kernel takes equal strides and no padding of numbers.
    return tf.concat([conv2d(x[..., c : c + 1], f[:, :, c : c + 1, :], s, p, d) for c in range(x.shape[-1])], -1)


configurations = [
    (1, "valid", [1, 1]), (1, "same", [1, 1]), (2, "same", [1, 1]), (2, "valid", [1, 1]), ([2, 1], "same", [1, 1]), ([1, 2], "valid", [1, 1]),
    (1, 1, [1, 1]), (2, 1, [1, 1]), (1, [[0, 0], [1, 0], [2, 1], [0, 0]], [1, 1]), (1, "valid", [2, 2]), (1, "same", [2, 2]), (1, "same", [2, 1]), (1, "valid", [1, 2]), (1, 2, [2, 2]), (3, "same", [1, 1]),
]
for s, p, d in configurations:
    label = f"strides {s}, pad {p}, dilations {d}"
    x, f = vals(1, 5, 6, 2), vals(3, 2, 2, 2)
    attrs = {"strides": s, "pad": p, "dataFormat": "NHWC", "dilations": d}
    case("Conv2D", label, {"x": x, "filter": f}, attrs, lambda x, f, s=s, p=p, d=d: conv2d(x, f, s, p, d), ["x", "filter"])
    if not isinstance(p, list) and s != 3:
        swap = [0, 3, 1, 2]
        case("Conv2D", label + ", NCHW", {"x": x.transpose(swap), "filter": f}, {**attrs, "dataFormat": "NCHW"},
             lambda x, f, s=s, p=p, d=d: tf.transpose(conv2d(tf.transpose(x, [0, 2, 3, 1]), f, s, p, d), [0, 3, 1, 2]), ["x", "filter"])
    case("DepthwiseConv2dNative", label, {"x": x, "filter": f}, attrs, lambda x, f, s=s, p=p, d=d: depthwise(x, f, s, p, d), ["x", "filter"])
for mode in ("floor", "round", "ceil"):
    for size, k, s, p in (((6, 6), 3, 2, 0), ((6, 8), 3, 2, 1)):
        label = f"dimRoundingMode {mode}, {size}, window {k}, strides {s}, pad {p}"
        x = vals(1, *size, 2)
        attrs = {"strides": s, "pad": p, "dimRoundingMode": mode}
        case("Conv2D", label, {"x": x, "filter": vals(k, k, 2, 2)}, {**attrs, "dataFormat": "NHWC", "dilations": 1}, None, ["x", "filter"])
        case("DepthwiseConv2dNative", label, {"x": x, "filter": vals(k, k, 2, 1)}, {**attrs, "dataFormat": "NHWC", "dilations": 1}, None, ["x", "filter"])
        case("MaxPool", label, {"x": x}, {**attrs, "filterSize": k}, None, ["x"])
        case("AvgPool", label, {"x": x}, {**attrs, "filterSize": k}, None, ["x"])
        x = vals(1, *size, 4, 1)
        case("MaxPool3D", label, {"x": x}, {**attrs, "filterSize": k, "dataFormat": "NDHWC"}, None, ["x"])
        case("AvgPool3D", label, {"x": x}, {**attrs, "filterSize": k, "dataFormat": "NDHWC"}, None, ["x"])
for s, p in ((1, "valid"), (2, "same"), (2, "valid"), (1, "same"), (2, 1)):
    x, dy = (2, 5, 6, 2), None
    out = tf.nn.conv2d(tf.zeros(x), tf.zeros((3, 2, 2, 3)), s, pads(p)).shape
    common = {"strides": s, "pad": p, "dataFormat": "NHWC"}
    label = f"strides {s}, pad {p}"
    case("Conv2DBackpropInput", label, {"dy": vals(*out), "filter": vals(3, 2, 2, 3)}, {**common, "inputShape": list(x)},
         lambda dy, f, s=s, p=p: raw.Conv2DBackpropInput(input_sizes=[2, 5, 6, 2], filter=f, out_backprop=dy, strides=[1, s, s, 1], padding="EXPLICIT" if p == 1 else p.upper(), explicit_paddings=[0, 0, 1, 1, 1, 1, 0, 0] if p == 1 else []), ["dy", "filter"])
    case("Conv2DBackpropFilter", label, {"x": vals(*x), "dy": vals(*out)}, {**common, "filterShape": [3, 2, 2, 3]},
         lambda x, dy, s=s, p=p: raw.Conv2DBackpropFilter(input=x, filter_sizes=[3, 2, 2, 3], out_backprop=dy, strides=[1, s, s, 1], padding="EXPLICIT" if p == 1 else p.upper(), explicit_paddings=[0, 0, 1, 1, 1, 1, 0, 0] if p == 1 else []))
for s, p, d in ((1, "valid", 1), (1, "same", 1), (2, "same", 1), (2, "valid", 1), ([1, 2, 1], "same", 1), (1, "valid", 2), (1, "same", 2), (1, "valid", [1, 2, 1])):
    stride = [1, *([s] * 3 if isinstance(s, int) else s), 1]
    dilation = [d] * 3 if isinstance(d, int) else d

    def conv3d(x, f, stride=stride, p=p, dilation=dilation):
        return tf.nn.conv3d(x, spread(f, dilation), stride, p.upper())

    case("Conv3D", f"strides {s}, pad {p}, dilations {d}", {"x": vals(1, 4, 5, 4, 2), "filter": vals(2, 2, 2, 2, 2)}, {"strides": s, "pad": p, "dataFormat": "NDHWC", "dilations": d}, conv3d, ["x", "filter"])
for s, p in ((1, "valid"), (2, "same")):
    out = tf.nn.conv3d(tf.zeros((1, 4, 4, 3, 2)), tf.zeros((2, 2, 2, 2, 3)), [1, s, s, s, 1], p.upper()).shape
    case("Conv3DBackpropInputV2", f"strides {s}, pad {p}", {"dy": vals(*out), "filter": vals(2, 2, 2, 2, 3)}, {"strides": s, "pad": p, "inputShape": [1, 4, 4, 3, 2]},
         lambda dy, f, s=s, p=p: raw.Conv3DBackpropInputV2(input_sizes=[1, 4, 4, 3, 2], filter=f, out_backprop=dy, strides=[1, s, s, s, 1], padding=p.upper()))
    case("Conv3DBackpropFilterV2", f"strides {s}, pad {p}", {"x": vals(1, 4, 4, 3, 2), "dy": vals(*out)}, {"strides": s, "pad": p, "filterShape": [2, 2, 2, 2, 3]},
         lambda x, dy, s=s, p=p: raw.Conv3DBackpropFilterV2(input=x, filter_sizes=[2, 2, 2, 2, 3], out_backprop=dy, strides=[1, s, s, s, 1], padding=p.upper()))
for s, p, d in ((1, "valid", 1), (1, "same", 1), (2, "same", 1), (1, "valid", 2), (1, "same", [2, 1])):
    dilation = [1, *([d] * 2 if isinstance(d, int) else d), 1]
    f = lambda x, f, s=s, p=p, d=dilation: raw.Dilation2D(input=x, filter=f, strides=[1, s, s, 1], rates=d, padding=p.upper())
    attrs = {"strides": s, "pad": p, "dilations": d}
    # No two sums of a value and a weight are equal.
    x, w = (generator.permutation(50) / F(2) - 12).reshape(1, 5, 5, 2).astype(F), (generator.permutation(12) / F(32)).reshape(2, 3, 2).astype(F)
    case("Dilation2D", f"strides {s}, pad {p}, dilations {d}", {"x": x, "filter": w}, attrs, f, ["x", "filter"])

# Pooling.
def pooled(x, k, s, p, mean):
    rank = len(x.shape) - 2
    layout = "NHWC" if rank == 2 else "NDHWC"
    k, s = ([v] * rank if isinstance(v, int) else v for v in (k, s))
    if not isinstance(p, str):
        low = 0.0 if mean else -1e9
        wide = tf.pad(x, pads(p, rank), constant_values=tf.cast(low, x.dtype))
        if not mean:
            return tf.nn.max_pool(wide, k, s, "VALID", layout)
        ones = tf.pad(tf.ones_like(x), pads(p, rank))
        return tf.nn.avg_pool(wide, k, s, "VALID", layout) / tf.nn.avg_pool(ones, k, s, "VALID", layout)
    return (tf.nn.avg_pool if mean else tf.nn.max_pool)(x, k, s, p.upper(), layout)


pools = [(2, 2, "valid"), (2, 1, "same"), (3, 2, "same"), (3, 1, "same"), ([2, 3], [1, 2], "same"), ([3, 1], [2, 1], "valid"), (2, 1, 1), (3, 2, 1), (2, 2, [[0, 0], [1, 0], [0, 1], [0, 0]]), (1, 1, "same"), (1, 2, "valid"), (2, 3, "same"), (5, 3, 2)]
for k, s, p in pools:
    for name, mean in (("MaxPool", False), ("AvgPool", True)):
        case(name, f"window {k}, strides {s}, pad {p}", {"x": vals(2, 5, 6, 2, low=-8, high=8)}, {"filterSize": k, "strides": s, "pad": p}, lambda x, k=k, s=s, p=p, m=mean: pooled(x, k, s, p, m), ["x"])
    if not isinstance(p, list):
        k, s = ([*v, 2] if isinstance(v, list) else v for v in (k, s))
        for name, mean in (("MaxPool3D", False), ("AvgPool3D", True)):
            case(name, f"window {k}, strides {s}, pad {p}", {"x": vals(1, 4, 5, 3, 2, low=-8, high=8)}, {"filterSize": k, "strides": s, "pad": p, "dataFormat": "NDHWC"}, lambda x, k=k, s=s, p=p, m=mean: pooled(x, k, s, p, m), ["x"])
case("MaxPool", "special values", {"x": np.array([nan, 1, -inf, -inf, 2, inf, -inf, -inf], F).reshape(1, 2, 4, 1)}, {"filterSize": 2, "strides": 2, "pad": "valid"}, lambda x: tf.nn.max_pool(x, 2, 2, "VALID"))
case("MaxPool", "gradient of ties", {"x": np.ones((1, 2, 2, 1), F)}, {"filterSize": 2, "strides": 2, "pad": "valid"}, lambda x: tf.nn.max_pool(x, 2, 2, "VALID"), ["x"], smooth=False)
for batch in (False, True):
    case("MaxPoolWithArgmax", f"includeBatchInIndex {batch}", {"x": vals(2, 4, 4, 2, low=-8, high=8)}, {"filterSize": 2, "strides": 2, "pad": "valid", "includeBatchInIndex": batch},
         lambda x, b=batch: [tf.cast(o, tf.int32) if i else o for i, o in enumerate(raw.MaxPoolWithArgmax(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID", include_batch_in_index=b))])

# Images.
for size in ((3, 3), (6, 7), (2, 9), (1, 1)):
    for align, half in ((False, False), (True, False), (False, True)):
        label = f"to {size}, alignCorners {align}, halfPixelCenters {half}"
        attrs = {"size": list(size), "alignCorners": align, "halfPixelCenters": half}
        x = vals(2, 4, 5, 2)
        # The gradient kernels of float64 images do not exist in TensorFlow for all modes; float32 does.
        case("ResizeBilinear", label, {"images": x}, attrs, lambda x, s=size, a=align, h=half: raw.ResizeBilinear(images=tf.cast(x, tf.float32), size=list(s), align_corners=a, half_pixel_centers=h), ["images"])
        case("ResizeNearestNeighbor", label, {"images": x}, attrs, lambda x, s=size, a=align, h=half: raw.ResizeNearestNeighbor(images=tf.cast(x, tf.float32), size=list(s), align_corners=a, half_pixel_centers=h), ["images"])
boxes = np.array([[0, 0, 1, 1], [0.25, 0.125, 0.75, 0.9375], [-0.25, -0.25, 1.25, 0.5], [0.75, 0.75, 0.25, 0.25]], F)
for method in ("bilinear", "nearest"):
    for crop in ((3, 3), (1, 1), (2, 5)):
        case("CropAndResize", f"{method} {crop}", {"image": vals(2, 4, 5, 2), "boxes": boxes, "boxInd": np.array([0, 1, 0, 1], I)}, {"cropSize": list(crop), "method": method, "extrapolationValue": 0.5},
             lambda i, b, n, m=method, c=crop: tf.image.crop_and_resize(tf.cast(i, tf.float32), tf.cast(b, tf.float32), n, list(c), m, 0.5))
case("FlipLeftRight", "values", {"image": vals(2, 2, 3, 2)}, {}, tf.image.flip_left_right)
transforms = np.array([[1, 0, 0, 0, 1, 0, 0, 0], [0.75, 0.25, -0.5, -0.125, 1.25, 1.5, 0, 0], [1, 0, 2.25, 0, 1, -3.5, 0.0625, 0]], F)
for interpolation in ("nearest", "bilinear"):
    for fill in ("constant", "reflect", "wrap", "nearest"):
        case("Transform", f"{interpolation} {fill}", {"image": vals(3, 4, 5, 1), "transforms": transforms}, {"interpolation": interpolation, "fillMode": fill, "fillValue": 0.5, "outputShape": [4, 6]},
             lambda i, t, m=interpolation, f=fill: raw.ImageProjectiveTransformV3(images=tf.cast(i, tf.float32), transforms=tf.cast(t, tf.float32), output_shape=[4, 6], fill_value=0.5, interpolation=m.upper(), fill_mode=f.upper()))
nms_boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [0, 10.1, 1, 11.1], [0, 100, 1, 101]], F)
scores = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], F)
for most, iou, low in ((3, 0.5, -inf), (6, 0.5, 0.4), (30, 0.9, 0.0)):
    attrs = {"maxOutputSize": most, "iouThreshold": iou, "scoreThreshold": number(low)}
    case("NonMaxSuppressionV3", f"{most} {iou} {low}", {"boxes": nms_boxes, "scores": scores}, attrs, lambda b, s, a=(most, iou, low): tf.image.non_max_suppression(tf.cast(b, tf.float32), tf.cast(s, tf.float32), *a))
    case("NonMaxSuppressionV4", f"{most} {iou} {low}", {"boxes": nms_boxes, "scores": scores}, {**attrs, "padToMaxOutputSize": True}, lambda b, s, a=(most, iou, low): list(raw.NonMaxSuppressionV4(boxes=tf.cast(b, tf.float32), scores=tf.cast(s, tf.float32), max_output_size=a[0], iou_threshold=a[1], score_threshold=a[2], pad_to_max_output_size=True)))
    case("NonMaxSuppressionV5", f"{most} {iou} {low}", {"boxes": nms_boxes, "scores": scores}, {**attrs, "softNmsSigma": 0.5}, lambda b, s, a=(most, iou, low): list(tf.image.non_max_suppression_with_scores(tf.cast(b, tf.float32), tf.cast(s, tf.float32), *a, soft_nms_sigma=0.5)))

# Large integers: nothing on the way is a float.
big = np.array([[2**31 - 1, -(2**31) + 1, 16777217], [-16777219, 123456789, -5]], I)
for name, fn in {"Abs": tf.abs, "Neg": tf.negative, "Square": tf.square, "Relu": tf.nn.relu, "Sign": tf.sign, "Identity": tf.identity}.items():
    case(name, "large int32", {"x": big}, {}, fn)
for name in ("Add", "Sub", "Multiply", "Maximum", "Minimum", "SquaredDifference", "FloorDiv", "Mod", "Equal", "Less"):
    case(name, "large int32", {"a": big, "b": np.array([16777217, 3, -16777219], I)}, {}, {**binary, **compare}[name])
for name in ("Sum", "Max", "Min", "Prod"):
    case(name, "large int32", {"x": big}, {"reductionIndices" if name == "Max" else "axis": [1], "keepDims": False}, lambda x, f=REDUCE[name]: f(x, 1))
    case(name, "large int32 over two axes", {"x": np.stack([big, big + 2], -1)}, {"reductionIndices" if name == "Max" else "axis": [0, 2], "keepDims": False}, lambda x, f=REDUCE[name]: f(x, [0, 2]))
case("Cumsum", "large int32", {"x": big}, {"axis": 1, "exclusive": False, "reverse": False}, lambda x: tf.cumsum(x, 1))
case("Reverse", "large int32", {"x": big}, {"dims": [1]}, lambda x: tf.reverse(x, [1]))
case("Tile", "large int32", {"x": big}, {"reps": [1, 2]}, lambda x: tf.tile(x, [1, 2]))
case("Select", "large int32", {"condition": np.array([[True, False, True]] * 2), "t": big, "e": big - 1}, {}, tf.where)
case("AddN", "large int32", [big, big, big], {}, lambda *xs: tf.add_n(list(xs)))
case("ClipByValue", "large int32", {"x": big}, {"clipValueMin": -16777219, "clipValueMax": 16777217}, lambda x: tf.clip_by_value(x, -16777219, 16777217))
case("BatchMatMul", "large int32", {"a": big, "b": big.T.copy()}, {"transposeA": False, "transposeB": False}, tf.matmul)
case("TopK", "large int32", {"x": big}, {"k": 2, "sorted": True}, lambda x: list(tf.math.top_k(x, 2)))
case("Cast", "large int32 to bool", {"x": big}, {"dtype": "bool"}, lambda x: tf.cast(x, "bool"))
case("UnsortedSegmentSum", "large int32", {"x": big, "segmentIds": np.array([1, 1], I)}, {"numSegments": 2}, lambda x, i: tf.math.unsorted_segment_sum(x, i, 2))
case("ScatterNd", "large int32", {"indices": np.array([[1], [1]], I), "updates": big}, {"shape": [2, 3]}, lambda i, u: tf.scatter_nd(i, u, [2, 3]))
case("MirrorPad", "large int32", {"x": big}, {"paddings": [[0, 0], [1, 1]], "mode": "reflect"}, lambda x: tf.pad(x, [[0, 0], [1, 1]], "REFLECT"))
case("MaxPool", "without padding in one direction", {"x": vals(1, 4, 6, 1)}, {"filterSize": [1, 3], "strides": [1, 3], "pad": 0}, lambda x: tf.nn.max_pool(x, [1, 3], [1, 3], "VALID"), ["x"])

# Movement.
for n, shape, axis in ((2, (2, 3), 0), (3, (2, 3), 1), (2, (2, 3), -1), (2, (2, 3), -2), (1, (2, 3), 1), (3, (4,), -1), (2, (2, 1, 2), 1), (2, (2, 3, 2), -3)):
    case("Concat", f"{n} of {shape}, axis {axis}", [vals(*shape) for _ in range(n)], {"axis": axis}, lambda *xs, a=axis: tf.concat(list(xs), a), range(n))
case("Concat", "different widths and an empty one", [vals(2, 1), np.zeros((2, 0), F), vals(2, 3)], {"axis": -1}, lambda *xs: tf.concat(list(xs), -1), [0, 1, 2])
case("Concat", "all empty", [np.zeros((2, 0), F), np.zeros((2, 0), F)], {"axis": 1}, lambda *xs: tf.concat(list(xs), 1), [0, 1])
case("Concat", "all empty in another axis", [np.zeros((0, 2), F), np.zeros((0, 3), F)], {"axis": -1}, lambda *xs: tf.concat(list(xs), 1), [0, 1])
case("Concat", "int32", [ints(2, 1), ints(2, 2)], {"axis": -1}, lambda *xs: tf.concat(list(xs), -1))
case("Concat", "bool", [ints(2, 1, low=0, high=2).astype(B), ints(2, 2, low=0, high=2).astype(B)], {"axis": -1}, lambda *xs: tf.concat(list(xs), -1))
for n, shape, axis in ((2, (2, 3), 0), (2, (2, 3), 1), (2, (2, 3), 2), (2, (2, 3), -1), (3, (2, 3), -2), (2, (2, 3), -3), (1, (2, 3), -1), (2, (3,), -1), (2, (1,), -1), (3, (), 0), (3, (), -1), (2, (2, 1, 2, 2), -1), (2, (2, 1, 2, 2), -4)):
    case("Pack", f"{n} of {shape}, axis {axis}", [vals(*shape) for _ in range(n)], {"axis": axis}, lambda *xs, a=axis: tf.stack(list(xs), a), range(n))
case("Pack", "empty", [np.zeros((0, 2), F), np.zeros((0, 2), F)], {"axis": -1}, lambda *xs: tf.stack(list(xs), -1), [0, 1])
case("Pack", "int32", [ints(2, 2), ints(2, 2)], {"axis": -1}, lambda *xs: tf.stack(list(xs), -1))
case("Pack", "bool", [ints(2, 2, low=0, high=2).astype(B), ints(2, 2, low=0, high=2).astype(B)], {"axis": -1}, lambda *xs: tf.stack(list(xs), -1))
for shape, axis in (((2, 3), 0), ((2, 3), 1), ((2, 3), -1), ((2, 3), -2), ((3,), -1), ((2, 1, 3), -2), ((1, 2), 0), ((2, 0), 0)):
    case("Unpack", f"{shape}, axis {axis}", {"value": vals(*shape)}, {"axis": axis}, lambda x, a=axis: tf.unstack(x, axis=a), ["value"])
case("Unpack", "int32", {"value": ints(2, 3)}, {"axis": -1}, lambda x: tf.unstack(x, axis=-1))
case("Unpack", "bool", {"value": ints(2, 3, low=0, high=2).astype(B)}, {"axis": -1}, lambda x: tf.unstack(x, axis=-1))
for split, axis in ((2, 0), (3, 1), (3, -1), ([1, 2], 1), ([2, -1], -1), ([1, 3], 0), ([0, 3], 1), (2, -2)):
    case("SplitV", f"{split}, axis {axis}", {"x": vals(4, 3)}, {"numOrSizeSplits": split, "axis": axis}, lambda x, s=split, a=axis: tf.split(x, s, a), ["x"])
for dims in ([0], [1], [-1], [-3], [0, 2], [-1, 0], []):
    case("Reverse", f"dims {dims}", {"x": vals(2, 3, 2)}, {"dims": dims}, lambda x, d=dims: tf.reverse(x, d), ["x"])
for reps, shape in (([2], (3,)), ([2, 3], (2, 2)), ([1, 2, 1], (2, 1, 3)), ([2, 1, 2, 1], (1, 2, 1, 2)), ([1, 2, 1, 1, 2], (1, 2, 1, 1, 2)), ([2, 1, 1, 1, 1, 2], (1, 1, 2, 1, 1, 2)), ([0, 2], (2, 2)), ([], ()), ([1, 1], (2, 3))):
    case("Tile", f"{shape} by {reps}", {"x": vals(*shape)}, {"reps": reps}, lambda x, r=reps: tf.tile(x, np.array(r, I)), ["x"])
for perm, shape in (([1, 0], (2, 3)), ([2, 0, 1], (2, 3, 4)), ([0, 2, 1], (2, 3, 1)), ([0, 3, 1, 2], (1, 2, 3, 2)), ([4, 2, 0, 1, 3], (1, 2, 2, 1, 2)), ([0], (3,)), ([], ()), ([1, 0], (0, 3)), ([5, 3, 1, 0, 2, 4], (1, 2, 1, 2, 1, 2))):
    case("Transpose", f"{shape} by {perm}", {"x": vals(*shape)}, {"perm": perm}, lambda x, p=perm: tf.transpose(x, np.array(p, I)), ["x"])
for shape, paddings in (((3,), [[1, 2]]), ((2, 3), [[0, 1], [2, 0]]), ((2, 1, 2), [[1, 1], [0, 0], [0, 2]]), ((1, 2, 2, 1, 2), [[0, 0], [1, 0], [0, 0], [1, 1], [0, 1]]), ((0, 2), [[1, 1], [0, 1]])):
    case("PadV2", f"{shape} by {paddings}", {"x": vals(*shape)}, {"paddings": paddings, "constantValue": 0.5}, lambda x, p=paddings: tf.pad(x, p, constant_values=tf.cast(0.5, x.dtype)), ["x"])
case("PadV2", "int32 by 7", {"x": ints(2, 2)}, {"paddings": [[1, 0], [0, 1]], "constantValue": 7}, lambda x: tf.pad(x, [[1, 0], [0, 1]], constant_values=7))
for mode in ("reflect", "symmetric"):
    for shape, paddings in (((4,), [[2, 3]]), ((3, 4), [[1, 2], [0, 3]]), ((2, 2, 3), [[1, 1], [1, 0], [2, 1]]), ((3, 2), [[0, 0], [1, 1]]), ((1, 3, 3, 2), [[0, 0], [2, 1], [1, 2], [0, 0]])):
        case("MirrorPad", f"{mode} {shape} by {paddings}", {"x": vals(*shape)}, {"paddings": paddings, "mode": mode}, lambda x, p=paddings, m=mode: tf.pad(x, p, m.upper()), ["x"])
for shape, begin, size in (((4,), [1], [2]), ((3, 4), [1, 0], [2, 3]), ((3, 4), [0, 2], [-1, -1]), ((2, 3, 2), [1, 1, 0], [1, 2, 1]), ((2, 2, 2, 2, 2), [0, 1, 0, 1, 0], [2, 1, 1, 1, 2]), ((3, 2), [1, 0], [0, 2]), ((2, 1, 2, 1, 2, 2), [1, 0, 0, 0, 1, 0], [1, 1, 2, 1, 1, 2]), ((3,), [3], [0])):
    case("Slice", f"{shape} from {begin}, {size}", {"x": vals(*shape)}, {"begin": begin, "size": size}, lambda x, b=begin, s=size: tf.slice(x, b, s), ["x"])
strided = [
    ((4, 5), [1, 0], [3, 5], [1, 2], {}), ((4, 5), [-1, 0], [-5, 3], [-1, 1], {}), ((4, 5), [0, 4], [4, 0], [2, -2], {}), ((4, 5), [1, 1], [2, 3], [1, 1], {"shrinkAxisMask": 1}),
    ((4, 5), [1, 1], [2, 3], [1, 1], {"beginMask": 1, "endMask": 2}), ((4, 5), [0, 1], [0, 3], [1, 1], {"ellipsisMask": 1}), ((4, 5), [0, 1], [0, 3], [1, 1], {"newAxisMask": 1}),
    ((2, 3, 2), [-1], [0], [1], {"shrinkAxisMask": 1}), ((2, 3, 2), [0, -2], [0, -1], [1, 1], {"ellipsisMask": 1, "shrinkAxisMask": 2}), ((4, 5), [10, 0], [20, 5], [1, 1], {}), ((4,), [3], [-9], [-1], {}), ((4,), [0], [-1], [1], {}), ((4,), [3], [0], [-2], {"endMask": 1}),
]
for shape, begin, end, strides, masks in strided:
    masks = {k: masks.get(k, 0) for k in ("beginMask", "endMask", "ellipsisMask", "newAxisMask", "shrinkAxisMask")}
    snake = dict(begin_mask=masks["beginMask"], end_mask=masks["endMask"], ellipsis_mask=masks["ellipsisMask"], new_axis_mask=masks["newAxisMask"], shrink_axis_mask=masks["shrinkAxisMask"])
    case("StridedSlice", f"{shape} {begin} {end} {strides} {[k for k in masks if masks[k]]}", {"x": vals(*shape)}, {"begin": begin, "end": end, "strides": strides, **masks},
         lambda x, b=begin, e=end, s=strides, m=snake: raw.StridedSlice(input=x, begin=b, end=e, strides=s, **m), ["x"])
for shape, target in (((2, 3), [3, 2]), ((2, 3), [-1]), ((2, 3, 2), [4, -1]), ((0, 3), [3, 0])):
    case("Reshape", f"{shape} to {target}", {"x": vals(*shape)}, {"shape": target}, lambda x, t=target: tf.reshape(x, t), ["x"])
for dim in (0, 1, 2, -1, -2, -3):
    case("ExpandDims", f"dim {dim}", {"input": vals(2, 3)}, {"dim": dim}, lambda x, d=dim: tf.expand_dims(x, d), ["input"])
for shape, block, pad in (((1, 4, 4, 1), [2, 2], [[0, 0], [0, 0]]), ((2, 3, 4, 2), [2, 2], [[1, 0], [0, 2]]), ((2, 4), [2], [[0, 0]]), ((1, 3, 2), [3], [[1, 2]]), ((2, 4, 1, 1, 2), [2, 1, 1], [[0, 0], [0, 0], [1, 1]])):
    case("SpaceToBatchND", f"{shape} {block} {pad}", {"x": vals(*shape)}, {"blockShape": block, "paddings": pad}, lambda x, b=block, p=pad: tf.space_to_batch(x, b, p), ["x"])
for shape, block, crop in (((4, 2, 2, 1), [2, 2], [[0, 0], [0, 0]]), ((4, 2, 2, 2), [2, 2], [[1, 0], [0, 1]]), ((4, 3), [2], [[0, 1]]), ((6, 2, 1), [3], [[1, 2]])):
    case("BatchToSpaceND", f"{shape} {block} {crop}", {"x": vals(*shape)}, {"blockShape": block, "crops": crop}, lambda x, b=block, c=crop: tf.batch_to_space(x, b, c), ["x"])
case("DepthToSpace", "NHWC", {"x": vals(1, 2, 2, 8)}, {"blockSize": 2, "dataFormat": "NHWC"}, lambda x: tf.nn.depth_to_space(tf.cast(x, tf.float32), 2), ["x"])

# By index.
for shape, index, axis, batch in (
    ((4, 3), [2, 0, 2], 0, 0), ((4, 3), [[2, 0], [1, 1]], 0, 0), ((2, 4), [3, 3, 0], 1, 0), ((2, 4), [3, 3, 0], -1, 0), ((2, 3, 4), [2, 1], -2, 0), ((2, 3, 4), [2, 1, 1], 1, 0), ((2, 4), [[1, 3], [0, 0]], 1, 1), ((2, 3, 4), [[1, 2], [0, 0]], 1, 1),
    ((2, 3, 4), [[1, 3, 3], [0, 0, 2]], 2, 1), ((2, 3, 4), [[1, 3, 3], [0, 0, 2]], -1, 1), ((2, 2, 4), [[[1, 3], [0, 0]], [[3, 3], [2, 1]]], 2, 2), ((2, 2, 3, 2), [[[1, 2], [0, 0]], [[2, 2], [2, 1]]], -2, 2), ((2, 4), [[[1], [3]], [[0], [0]]], 1, 1), ((4,), 2, 0, 0), ((3, 2), np.zeros(0, I), 0, 0), ((2, 3, 2), [[0, 0], [2, 1]], -2, -1),
):
    index = np.array(index, I)
    case("GatherV2", f"{shape} indices {list(index.shape)} axis {axis} batchDims {batch}", {"x": vals(*shape), "indices": index}, {"axis": axis, "batchDims": batch if batch >= 0 else batch + index.ndim}, lambda x, i, a=axis, b=batch: tf.gather(x, i, axis=a, batch_dims=b), ["x"])
case("GatherV2", "int32", {"x": ints(4, 2), "indices": np.array([3, 0], I)}, {"axis": 0, "batchDims": 0}, lambda x, i: tf.gather(x, i))
case("GatherV2", "bool", {"x": ints(4, 2, low=0, high=2).astype(B), "indices": np.array([3, 0], I)}, {"axis": -2, "batchDims": 0}, lambda x, i: tf.gather(x, i))
for shape, index in (((3, 4), [[0, 1], [2, 3], [0, 1]]), ((3, 4), [[2], [0]]), ((2, 3, 2), [[[0, 1]], [[1, 2]]]), ((2, 2), [[[0], [1]], [[1], [1]]]), ((3,), [[2], [0]])):
    case("GatherNd", f"{shape} at {index}", {"params": vals(*shape), "indices": np.array(index, I)}, {}, tf.gather_nd, ["params"])
for shape, index, updates in (([4], [[1], [3], [1]], (3,)), ([3, 2], [[0], [2], [0]], (3, 2)), ([2, 2, 2], [[0, 1], [1, 1]], (2, 2)), ([3, 3], [[0, 1], [2, 2], [0, 1]], (3,)), ([3], [[[0], [1]], [[2], [0]]], (2, 2))):
    case("ScatterNd", f"{shape} at {index}", {"indices": np.array(index, I), "updates": vals(*updates)}, {"shape": shape}, lambda i, u, s=shape: tf.scatter_nd(i, u, s), ["updates"])
case("TensorScatterUpdate", "values", {"tensor": vals(4), "indices": np.array([[1], [3]], I), "updates": vals(2)}, {}, tf.tensor_scatter_nd_update, ["tensor", "updates"])
case("TensorScatterUpdate", "rows", {"tensor": vals(4, 2), "indices": np.array([[3], [0]], I), "updates": vals(2, 2)}, {}, tf.tensor_scatter_nd_update, ["tensor", "updates"])
case("SparseToDense", "values", {"sparseIndices": np.array([[0, 1], [2, 0]], I), "sparseValues": vals(2), "defaultValue": F(0.25)}, {"outputShape": [3, 2]}, lambda i, v, d: raw.SparseToDense(sparse_indices=i, output_shape=[3, 2], sparse_values=v, default_value=d))
for ids, shape, n in (([0, 2, 0], (3,), 3), ([1, 1, 0, 3], (4, 2), 4), ([[0, 1], [1, 2]], (2, 2), 3), ([2, -1, 0], (3, 2), 3)):
    case("UnsortedSegmentSum", f"{ids}", {"x": vals(*shape), "segmentIds": np.array(ids, I)}, {"numSegments": n}, lambda x, i, n=n: tf.math.unsorted_segment_sum(x, i, n), ["x"])
for on, off, dtype in ((1, 0, "float32"), (2.5, -1, "float32"), (3, 1, "int32"), (1, 0, "bool")):
    case("OneHot", f"{on} {off} {dtype}", {"indices": np.array([[0, 2], [-1, 4]], I)}, {"depth": 4, "onValue": on, "offValue": off, "dtype": dtype}, lambda i, a=on, b=off, d=dtype: tf.one_hot(i, 4, tf.cast(a, d), tf.cast(b, d), dtype=d))
case("SparseSegmentSum", "values", {"data": vals(4, 2), "indices": np.array([0, 1, 3, 3], I), "segmentIds": np.array([0, 0, 2, 2], I)}, {}, tf.sparse.segment_sum)
case("SparseSegmentMean", "values", {"data": vals(4, 2), "indices": np.array([0, 1, 3, 3], I), "segmentIds": np.array([0, 0, 2, 2], I)}, {}, tf.sparse.segment_mean)
case("SparseReshape", "values", {"inputIndices": np.array([[0, 1], [1, 2]], I), "inputShape": np.array([2, 3], I), "newShape": np.array([3, -1], I)}, {},
     lambda i, s, n: [tf.cast(o, tf.int32) for o in raw.SparseReshape(input_indices=tf.cast(i, tf.int64), input_shape=tf.cast(s, tf.int64), new_shape=tf.cast(n, tf.int64))])
case("SparseFillEmptyRows", "values", {"indices": np.array([[0, 1], [2, 0]], I), "values": vals(2), "denseShape": np.array([4, 2], I), "defaultValue": F(0.5)}, {},
     lambda i, v, s, d: [tf.cast(o, tf.int32) if o.dtype == tf.int64 else o for o in raw.SparseFillEmptyRows(indices=tf.cast(i, tf.int64), values=v, dense_shape=tf.cast(s, tf.int64), default_value=d)])
for k, ordered in ((1, True), (3, True), (4, True)):
    case("TopK", f"k {k}", {"x": vals(2, 4)}, {"k": k, "sorted": ordered}, lambda x, k=k: list(tf.math.top_k(x, k)))
case("TopK", "ties", {"x": np.array([[1, 3, 3, 2], [0, 0, 0, 0]], F)}, {"k": 3, "sorted": True}, lambda x: list(tf.math.top_k(x, 3)))
case("TopK", "int32", {"x": ints(2, 4)}, {"k": 2, "sorted": True}, lambda x: list(tf.math.top_k(x, 2)))
for side in ("left", "right"):
    case("SearchSorted", side, {"sortedSequence": np.array([[1, 2, 2, 4], [0, 1, 5, 9]], F), "values": np.array([[2, 0, 5], [9, 1, 3]], F)}, {"side": side}, lambda s, v, d=side: tf.searchsorted(s, v, d))
case("Unique", "axis 0 of a vector", {"x": np.array([3, 1, 3, 2, 1], I)}, {"axis": 0}, lambda x: list(raw.UniqueV2(x=x, axis=[0])))
for axis in (0, 1, -1, -2):
    case("Unique", f"axis {axis}", {"x": np.array([[1, 1, 2], [1, 1, 2], [0, 0, 3]], I)}, {"axis": axis}, lambda x, a=axis: list(raw.UniqueV2(x=x, axis=[a])))
case("Bincount", "values", {"x": np.array([1, 1, 2, 4], I), "weights": vals(4)}, {"size": 5}, lambda x, w: raw.Bincount(arr=x, size=5, weights=w))
case("Bincount", "above the size", {"x": np.array([1, 9, 2, 4], I), "weights": vals(4)}, {"size": 5}, lambda x, w: raw.Bincount(arr=x, size=5, weights=w))
case("DenseBincount", "values", {"x": np.array([[1, 1, 2], [0, 4, 4]], I), "weights": vals(2, 3)}, {"size": 5, "binaryOutput": False}, lambda x, w: raw.DenseBincount(input=x, size=5, weights=w, binary_output=False))
case("DenseBincount", "binary", {"x": np.array([[1, 1, 2], [0, 4, 4]], I), "weights": np.zeros((0,), F)}, {"size": 5, "binaryOutput": True}, lambda x, w: raw.DenseBincount(input=x, size=5, weights=w, binary_output=True))
case("DenseBincount", "without weights", {"x": np.array([1, 1, 2, 7], I), "weights": np.zeros((0,), F)}, {"size": 5, "binaryOutput": False}, lambda x, w: raw.DenseBincount(input=x, size=5, weights=w, binary_output=False))
case("BroadcastArgs", "values", {"s0": np.array([2, 1, 3], I), "s1": np.array([4, 3], I)}, {}, tf.broadcast_dynamic_shape)

# Made of numbers.
case("Fill", "float32", {}, {"shape": [2, 3], "value": 1.5, "dtype": "float32"}, lambda: tf.fill([2, 3], 1.5))
case("Fill", "int32", {}, {"shape": [2], "value": -3, "dtype": "int32"}, lambda: tf.fill([2], -3))
for start, stop, num in ((0, 1, 5), (1, -1, 4), (2, 2, 3), (0, 10, 1), (0.1, 0.7, 7)):
    case("LinSpace", f"{start} {stop} {num}", {}, {"start": start, "stop": stop, "num": num}, lambda a=start, b=stop, n=num: tf.linspace(np.float64(a), np.float64(b), n))
for start, stop, step, dtype in ((0, 5, 1, "int32"), (5, 0, -2, "int32"), (0, 1, 0.25, "float32"), (1, 1, 1, "float32"), (0, 1, 0.1, "float32")):
    case("Range", f"{start} {stop} {step} {dtype}", {}, {"start": start, "stop": stop, "step": step, "dtype": dtype}, lambda a=start, b=stop, s=step, d=dtype: tf.range(a, b, s, dtype=d))
case("Diag", "values", {"x": vals(3)}, {}, tf.linalg.tensor_diag, ["x"])
case("Diag", "matrix", {"x": vals(2, 3)}, {}, tf.linalg.tensor_diag, ["x"])

# Complex numbers.
z = (vals(2, 4) + 1j * vals(2, 4)).astype(np.complex64)
case("Complex", "values", {"real": vals(2, 3), "imag": vals(2, 3)}, {}, tf.complex)
case("Real", "values", {"input": z}, {}, tf.math.real)
case("Imag", "values", {"input": z}, {}, tf.math.imag)
case("ComplexAbs", "values", {"x": z}, {}, tf.abs)
case("FFT", "4", {"input": z}, {}, tf.signal.fft)
case("IFFT", "4", {"input": z}, {}, tf.signal.ifft)
case("FFT", "5", {"input": (vals(1, 5) + 1j * vals(1, 5)).astype(np.complex64)}, {}, tf.signal.fft)
case("IFFT", "3", {"input": (vals(2, 3) + 1j * vals(2, 3)).astype(np.complex64)}, {}, tf.signal.ifft)

# Text and ragged rows.
words = np.array([b"hello world", b"a b c", b"", b"x"])
case("StringToHashBucketFast", "values", {"input": words}, {"numBuckets": 10}, lambda x: tf.cast(raw.StringToHashBucketFast(input=x, num_buckets=10), tf.int32))
case("StaticRegexReplace", "all", {"x": words}, {"pattern": "[aeo]", "rewrite": "_", "replaceGlobal": True}, lambda x: raw.StaticRegexReplace(input=x, pattern="[aeo]", rewrite="_", replace_global=True))
case("StaticRegexReplace", "first", {"x": words}, {"pattern": "[aeo]", "rewrite": "_", "replaceGlobal": False}, lambda x: raw.StaticRegexReplace(input=x, pattern="[aeo]", rewrite="_", replace_global=False))
case("StringSplit", "values", {"input": words, "delimiter": np.array(b" ")}, {"skipEmpty": True}, lambda x, d: [tf.cast(o, tf.int32) if o.dtype == tf.int64 else o for o in raw.StringSplit(input=x, delimiter=d, skip_empty=True)])
case("StringNGrams", "values", {"data": np.array([b"a", b"b", b"c", b"d"]), "dataSplits": np.array([0, 3, 4], I)}, {"separator": "|", "nGramWidths": [2, 3], "leftPad": "L", "rightPad": "R", "padWidth": 1, "preserveShortSequences": False},
     lambda d, s: list(raw.StringNGrams(data=d, data_splits=s, separator="|", ngram_widths=[2, 3], left_pad="L", right_pad="R", pad_width=1, preserve_short_sequences=False)))
case("RaggedRange", "values", {"starts": np.array([0, 5, 8], I), "limits": np.array([3, 5, 12], I), "deltas": np.array([1, 1, 2], I)}, {}, lambda s, l, d: list(raw.RaggedRange(starts=s, limits=l, deltas=d, Tsplits=tf.int32)))

print('{"generated_with":"TensorFlow ' + tf.__version__ + '","cases":[')
print(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases))
print("]}")
