"""Writes keras-optimizers.json: weights after steps of Keras's optimizers on w^2, whose gradient is 2 w.

Run with Keras 3.15.1 on TensorFlow 2.21.0: KERAS_BACKEND=tensorflow python keras-optimizers.py
"""

import json
import pathlib

import keras
import numpy as np

START = [1.0, 1e-3, 0.5, 0.0, -2.0]
CASES = [
    {"name": "adamw", "arguments": [0.01, 0.004, 0.9, 0.999, 1e-7], "steps": 1},
    {"name": "adamw", "arguments": [0.01, 0.1, 0.9, 0.999, 1e-7], "steps": 20},
    {"name": "adamw", "arguments": [0.01, 0.1, 0.9, 0.999, 0.1], "steps": 20},
    {"name": "adamw", "arguments": [0.05, 0.0, 0.8, 0.99, 1e-3], "steps": 5},
    {"name": "rmsprop", "arguments": [0.01, 0.9, 0.0, 1e-7, True], "steps": 1},
    {"name": "rmsprop", "arguments": [0.01, 0.9, 0.5, 1e-3, True], "steps": 10},
    {"name": "rmsprop", "arguments": [0.01, 0.9, 0.0, 1e-7, False], "steps": 10},
]


def make(name, arguments):
    if name == "adamw":
        rate, decay, beta_1, beta_2, epsilon = arguments
        return keras.optimizers.AdamW(
            rate, weight_decay=decay, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon
        )
    rate, rho, momentum, epsilon, centered = arguments
    return keras.optimizers.RMSprop(
        rate, rho=rho, momentum=momentum, epsilon=epsilon, centered=centered
    )


for case in CASES:
    optimizer = make(case["name"], case["arguments"])
    weights = keras.Variable(np.array(START, "float32"))
    for _ in range(case["steps"]):
        gradient = keras.ops.convert_to_tensor(2 * np.array(weights))
        optimizer.apply([gradient], [weights])
    case["weights"] = [float(value) for value in np.array(weights)]

target = pathlib.Path(__file__).parent / "keras-optimizers.json"
target.write_text(json.dumps({"start": START, "cases": CASES}, indent=2) + "\n")
