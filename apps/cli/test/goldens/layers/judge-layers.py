"""Judges `fanin convert` by the outputs of Keras and PyTorch, and writes what test/layers.test.ts compares.

Source: keras 3.15.1, torch 2.13. Usage: python judge-layers.py, after a build of the command; Node must be on the PATH.

One Keras model has a branch for each kind of layer, and one torch.nn.ModuleDict the same layers under the same names. Fanin
converts the weights of either to the other and back. Outputs of both frameworks must agree to 1e-5. The hashes of the
converted tensors go to layers.json.
"""

import hashlib
import json
import os
import subprocess
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import torch
from keras import layers as K
from safetensors.numpy import load_file, save_file
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
FANIN = os.path.join(HERE, "../../../bin/fanin.mjs")
TOLERANCE = 1e-5
keras.utils.set_random_seed(1)
torch.manual_seed(1)
rng = np.random.default_rng(1)


def channels_first(x):
    return torch.movedim(torch.from_numpy(x), -1, 1)


def convolve(module, x):
    return torch.movedim(module(channels_first(x)), 1, -1)


def last(module, x):
    return module(torch.from_numpy(x))


def sequence(module, x):
    return module(torch.from_numpy(x))[0]


def separable(module, x):
    return torch.movedim(module["pointwise"](module["depthwise"](channels_first(x))), 1, -1)


def attention(module, query, value):
    query, value = torch.from_numpy(query), torch.from_numpy(value)
    return module(query, value, value)[0]


def normalize(module, x):
    return torch.movedim(module.eval()(channels_first(x)), 1, -1)


# Name: the layer of Keras, the shapes of its inputs, the module of PyTorch, how it is called.
CASES = {
    "dense": (K.Dense(5), [(4,)], nn.Linear(4, 5), last),
    "no_bias": (K.Dense(5, use_bias=False), [(5,)], nn.Linear(5, 5, bias=False), last),
    "conv1d": (K.Conv1D(6, 3), [(7, 4)], nn.Conv1d(4, 6, 3), convolve),
    "conv2d": (K.Conv2D(6, (3, 2)), [(6, 5, 4)], nn.Conv2d(4, 6, (3, 2)), convolve),
    "conv3d": (K.Conv3D(3, 2), [(3, 4, 3, 2)], nn.Conv3d(2, 3, 2), convolve),
    "grouped": (K.Conv2D(6, 3, groups=2), [(5, 5, 4)], nn.Conv2d(4, 6, 3, groups=2), convolve),
    "one_filter": (K.Conv2D(1, 3, use_bias=False), [(5, 5, 4)], nn.Conv2d(4, 1, 3, bias=False), convolve),
    "up": (K.Conv2DTranspose(3, 2, strides=2), [(3, 4, 5)], nn.ConvTranspose2d(5, 3, 2, stride=2), convolve),
    "depth": (K.DepthwiseConv2D(3, depth_multiplier=2), [(5, 5, 3)], nn.Conv2d(3, 6, 3, groups=3), convolve),
    "depth_one": (K.DepthwiseConv2D(3, use_bias=False), [(5, 5, 3)], nn.Conv2d(3, 3, 3, groups=3, bias=False), convolve),
    "separable": (
        K.SeparableConv2D(5, 3),
        [(5, 5, 4)],
        nn.ModuleDict({"depthwise": nn.Conv2d(4, 4, 3, groups=4, bias=False), "pointwise": nn.Conv2d(4, 5, 1)}),
        separable,
    ),
    "batch_norm": (K.BatchNormalization(), [(3, 3, 4)], nn.BatchNorm2d(4, eps=1e-3), normalize),
    "layer_norm": (K.LayerNormalization(), [(3, 4)], nn.LayerNorm(4, eps=1e-3), last),
    "tokens": (K.Embedding(6, 4), [(5,)], nn.Embedding(6, 4), last),
    "lstm": (K.LSTM(3, return_sequences=True), [(5, 4)], nn.LSTM(4, 3, batch_first=True), sequence),
    "gru": (K.GRU(3, return_sequences=True), [(5, 4)], nn.GRU(4, 3, batch_first=True), sequence),
    "gru_free": (
        K.GRU(3, use_bias=False, return_sequences=True),
        [(5, 3)],
        nn.GRU(3, 3, bias=False, batch_first=True),
        sequence,
    ),
    "rnn": (K.SimpleRNN(3, return_sequences=True), [(5, 4)], nn.RNN(4, 3, batch_first=True), sequence),
    "two_ways": (
        K.Bidirectional(K.LSTM(3, return_sequences=True)),
        [(5, 4)],
        nn.LSTM(4, 3, bidirectional=True, batch_first=True),
        sequence,
    ),
    "gru_ways": (
        K.Bidirectional(K.GRU(3, return_sequences=True, name="own")),
        [(5, 4)],
        nn.GRU(4, 3, bidirectional=True, batch_first=True),
        sequence,
    ),
    "heads": (K.MultiHeadAttention(2, 3), [(5, 6), (7, 6)], nn.MultiheadAttention(6, 2, batch_first=True), attention),
    "free_heads": (
        K.MultiHeadAttention(3, 2, use_bias=False),
        [(5, 6), (7, 6)],
        nn.MultiheadAttention(6, 3, bias=False, batch_first=True),
        attention,
    ),
    "wide_heads": (
        K.MultiHeadAttention(2, 3),
        [(5, 6), (7, 4)],
        nn.MultiheadAttention(6, 2, kdim=4, vdim=4, batch_first=True),
        attention,
    ),
}


def keras_model():
    inputs, outputs, data = [], [], {}
    for name, (layer, shapes, _, _) in CASES.items():
        layer.name = name
        is_token = isinstance(layer, K.Embedding)
        own = [keras.Input(shape, dtype="int32" if is_token else "float32", name=f"{name}_{i}") for i, shape in enumerate(shapes)]
        inputs += own
        outputs.append(layer(*own))
        data[name] = [
            rng.integers(0, 6, (2, *shape)).astype("int32") if is_token else rng.standard_normal((2, *shape)).astype("float32")
            for shape in shapes
        ]
    model = keras.Model(inputs, outputs, name="layers")
    for weight in model.weights:
        values = rng.standard_normal(weight.shape).astype("float32") / 2
        # Variances are positive.
        weight.assign(np.abs(values) + 0.5 if weight.path.endswith("moving_variance") else values)
    return model, data


def set_keras(model, tensors):
    names = {weight.path for weight in model.weights}
    assert names == set(tensors), sorted(names ^ set(tensors))
    for weight in model.weights:
        assert tuple(weight.shape) == tensors[weight.path].shape, weight.path
        weight.assign(tensors[weight.path])


def keras_outputs(data, own=None):
    outputs = {}
    for name, (layer, *_) in CASES.items():
        layer = own[name] if own else layer
        words = {"training": False} if name == "batch_norm" else {}
        outputs[name] = np.asarray(layer(*data[name], **words))
    return outputs


def torch_outputs(data):
    with torch.no_grad():
        return {name: call(module, *data[name]).numpy() for name, (_, _, module, call) in CASES.items()}


def convert(source, target, *words):
    path = os.path.join(HERE, target)
    command = ["node", FANIN, "convert", os.path.join(HERE, source), path, "--rename", "--strict", "--force", "--quiet"]
    done = subprocess.run([*command, *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{source} -> {target}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return load_file(path) if target.endswith(".safetensors") else None


def compare(what, a, b):
    apart = {name: float(np.abs(a[name] - b[name]).max()) for name in a}
    worst = max(apart, key=apart.get)
    print(f"{what}: {len(apart)} layers, largest difference {apart[worst]:.2e} ({worst})")
    if not apart[worst] <= TOLERANCE:
        sys.exit(f"{what}: more than {TOLERANCE} apart: { {name: value for name, value in apart.items() if not value <= TOLERANCE} }")
    return apart[worst]


def hashes(tensors):
    return {
        name: {"shape": list(tensor.shape), "sha256": hashlib.sha256(np.ascontiguousarray(tensor).tobytes()).hexdigest()}
        for name, tensor in sorted(tensors.items())
    }


def main():
    model, data = keras_model()
    modules = nn.ModuleDict({name: module for name, (_, _, module, _) in CASES.items()})
    with open(os.path.join(HERE, "architecture.json"), "w") as file:
        file.write(model.to_json())
    architecture = ["--architecture", os.path.join(HERE, "architecture.json")]
    temporary = ["torch-of-keras.safetensors", "keras-again.safetensors", "keras-of-torch.safetensors", "torch-again.safetensors"]
    largest = {}

    # From Keras.
    original = {weight.path: weight.numpy() for weight in model.weights}
    save_file(original, os.path.join(HERE, "keras-layers.safetensors"))
    expected = keras_outputs(data)
    there = convert("keras-layers.safetensors", temporary[0], "--layout", "torch", *architecture)
    modules.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in there.items()})
    largest["keras to torch"] = compare("keras to torch", expected, torch_outputs(data))
    back = convert(temporary[0], temporary[1], "--layout", "keras", *architecture)
    assert all(np.array_equal(back[name], original[name]) for name in original), "other bits after a round trip"
    set_keras(model, back)
    largest["keras to torch and back"] = compare("keras to torch and back", expected, keras_outputs(data))

    # Through Keras's own files: the same tensors, and a file that Keras opens.
    model.save(os.path.join(HERE, "layers.keras"))
    of_file = convert("layers.keras", temporary[0], "--layout", "torch")
    assert hashes(of_file) == hashes(there), "other tensors of layers.keras"
    convert(temporary[0], "again.keras", *architecture)
    again_model = keras.models.load_model(os.path.join(HERE, "again.keras"))
    largest["keras to torch and back to .keras"] = compare("back to .keras", expected, keras_outputs(data, {layer.name: layer for layer in again_model.layers}))

    # From PyTorch, with both biases of recurrent layers.
    with torch.no_grad():
        for name, tensor in modules.state_dict().items():
            if tensor.dtype == torch.float32:
                values = torch.randn(tensor.shape) / 2
                tensor.copy_(values.abs() + 0.5 if name.endswith("running_var") else values)
    state = {name: tensor.numpy() for name, tensor in modules.state_dict().items()}
    save_file(state, os.path.join(HERE, "torch-layers.safetensors"), metadata={"format": "pt"})
    expected = torch_outputs(data)
    keras_there = convert("torch-layers.safetensors", temporary[2], "--layout", "keras", *architecture)
    set_keras(model, keras_there)
    largest["torch to keras"] = compare("torch to keras", expected, keras_outputs(data))
    again = convert(temporary[2], temporary[3], "--layout", "torch", *architecture)
    modules.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in again.items()})
    largest["torch to keras and back"] = compare("torch to keras and back", expected, torch_outputs(data))

    for name in [*temporary, "layers.keras", "again.keras"]:
        os.remove(os.path.join(HERE, name))
    golden = {
        "versions": {"keras": keras.__version__, "torch": torch.__version__},
        "largestDifference": largest,
        "torchOfKeras": hashes(there),
        "kerasOfTorch": hashes(keras_there),
    }
    with open(os.path.join(HERE, "layers.json"), "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


main()
