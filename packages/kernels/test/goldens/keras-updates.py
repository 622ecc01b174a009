"""Writes keras-updates.json: weights after steps of Keras's RMSprop and Adam with given gradients.

Some rows have gradients that are small against epsilon, so that its place in the formula shows.
Run with Keras 3.15.1 on TensorFlow 2.21.0: KERAS_BACKEND=tensorflow python keras-updates.py
"""

import json
import pathlib

import keras
import numpy as np

START = [1.0, -0.5, 0.25, 2.0, -1e-3, 0.0, 3.5]
STEPS = 5
RMSPROP = [
    {"learning_rate": 0.01, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False},
    {"learning_rate": 0.01, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-3, "centered": False},
    {"learning_rate": 0.02, "rho": 0.5, "momentum": 0.0, "epsilon": 0.1, "centered": False},
    {"learning_rate": 0.01, "rho": 0.9, "momentum": 0.7, "epsilon": 1e-3, "centered": False},
    {"learning_rate": 0.01, "rho": 0.9, "momentum": 0.7, "epsilon": 1e-3, "centered": True},
]
ADAM = [
    {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 0.01},
    {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.1},
]
SCALES = [1.0, 1e-3]


def run(optimizer, gradients):
    weights = keras.Variable(np.array(START, "float32"))
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weights])
    return [float(value) for value in np.array(weights)]


cases = []
for scale in SCALES:
    draws = np.random.default_rng(42).uniform(-1, 1, (STEPS, len(START)))
    gradients = (scale * draws).astype("float32")
    for name, make, rows in [
        ("rmsprop", keras.optimizers.RMSprop, RMSPROP),
        ("adam", keras.optimizers.Adam, ADAM),
    ]:
        for arguments in rows:
            cases.append(
                {
                    "optimizer": name,
                    "arguments": arguments,
                    "gradients": [[float(value) for value in row] for row in gradients],
                    "weights": run(make(**arguments), gradients),
                }
            )

target = pathlib.Path(__file__).parent / "keras-updates.json"
target.write_text(json.dumps({"start": START, "cases": cases}, indent=1) + "\n")
