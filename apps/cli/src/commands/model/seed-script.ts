// The output of `fanin model --script`: Python that writes the JSON of a built Keras model with the seed of every weight.
// Source: keras/src/initializers/random_initializers.py (RandomInitializer), random/seed_generator.py 3.15.1.

/** The script: a module with the function `write(model, path)`. */
export const seedScript = `"""Writes the JSON of a built Keras 3 model with the seed of every weight, for \`fanin model\`.

Save this as fanin_model.py. After the code that builds the model, and before training:

    import fanin_model
    fanin_model.write(model, "model.json")

Beside its config, each layer of the JSON gets "weight_seeds", one entry for each of its weights: null for a weight that
does not depend on a seed, an integer, [seed, draws] for the state of a SeedGenerator, or {"values": base64} for a weight
whose seed Keras does not keep; and "weight_paths", the paths of the weights. Initializers in the config get their seeds.
"""

import base64
import json

import keras
import numpy


def write(model, path):
    """Writes the JSON of \`model\` to the file \`path\`."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(to_json(model))


def to_json(model):
    """The text of the JSON; an initializer without a seed is written with the one that it drew."""
    found = {id(i): i for layer in model._flatten_layers() for i in _initializers(layer).values() if _is_random(i)}
    objects = list(found.values()) + [i.seed for i in found.values() if not isinstance(i.seed, int)]
    before = [dict(vars(each)) for each in objects]
    try:
        for each in objects:
            if hasattr(each, "_init_seed"):
                each._init_seed = each.seed
            else:
                each._initial_seed = int(_numpy(each.state)[0])
        text = json.loads(model.to_json())
    finally:
        for each, attributes in zip(objects, before):
            each.__dict__.update(attributes)
    prefix = model.name + "/" if isinstance(model, keras.Sequential) else ""
    _describe(text["config"]["layers"], model, prefix)
    return json.dumps(text)


def _describe(entries, model, prefix):
    layers = model._layers if isinstance(model, keras.Sequential) else model.operations
    by_name = {layer.name: layer for layer in layers}
    for entry in entries:
        layer = by_name[entry["config"]["name"] if "name" in entry["config"] else entry["name"]]
        if isinstance(layer, keras.Model) and "layers" in entry["config"]:
            _describe(entry["config"]["layers"], layer, prefix)
        elif isinstance(layer, keras.Layer) and layer.weights:
            owners = {id(w): o for o in layer._flatten_layers() for w in o._trainable_variables + o._non_trainable_variables}
            entry["weight_seeds"] = [_seed(weight, owners[id(weight)]) for weight in layer.weights]
            entry["weight_paths"] = [weight.path.removeprefix(prefix) for weight in layer.weights]


def _seed(weight, owner):
    value = _numpy(weight)
    initializers = _initializers(owner)
    own = initializers.get(weight.name)
    for initializer in [own] if own else initializers.values():
        if not _is_random(initializer):
            if _is_equal(initializer, weight, owner, value):
                return None
        elif isinstance(initializer.seed, int):
            if _is_equal(initializer, weight, owner, value):
                return _integer(initializer.seed)
        else:
            state = initializer.seed.state
            seed, count = (int(word) for word in _numpy(state))
            try:
                for draws in range(count):
                    state.assign(numpy.array([seed, draws], dtype=state.dtype))
                    if _is_equal(initializer, weight, owner, value):
                        return [_integer(seed), draws]
            finally:
                state.assign(numpy.array([seed, count], dtype=state.dtype))
    if own:
        raise ValueError(f"{weight.path} is not as its initializer draws it; write the JSON before the model is trained")
    if value.size == 0 or (value.astype("float64") == value.astype("float64").flat[0]).all():
        return None
    data = value.astype(weight.dtype) if weight.dtype != "bfloat16" else _bfloat16(value)
    return {"values": base64.b64encode(numpy.ascontiguousarray(data).tobytes()).decode("ascii")}


def _is_equal(initializer, weight, owner, value):
    try:
        if isinstance(owner, keras.layers.EinsumDense) and hasattr(initializer, "input_axes") and weight.name == "kernel":
            # An einsum draws with the fans of its equation.
            if initializer.input_axes is None or initializer.output_axes is None:
                letters, output = owner.equation.split(",")[1].split("->")
                axes = [[i for i, c in enumerate(letters) if (c in output) == is_kept] for is_kept in (False, True)]
                initializer = owner._update_kernel_initializer(*axes)
        if getattr(owner, "unit_forget_bias", False) and weight.name == "bias":
            # The bias of an LSTM is drawn in parts, that of the forget gate is 1.
            parts = [initializer((owner.units,), dtype=weight.dtype), numpy.ones(owner.units), initializer((2 * owner.units,), dtype=weight.dtype)]
            drawn = numpy.concatenate([numpy.asarray(_numpy(part), dtype=value.dtype) for part in parts])
        else:
            drawn = _numpy(initializer(weight.shape, dtype=weight.dtype))
    except Exception:
        return False
    return drawn.shape == value.shape and numpy.allclose(drawn.astype("float64"), value.astype("float64"), rtol=1e-5, atol=1e-6)


def _initializers(layer):
    """The initializers of a layer by the name of their weight, as far as the attribute shows it."""
    found = {}
    for name, value in vars(layer).items():
        if isinstance(value, keras.initializers.Initializer):
            name = name.lstrip("_").removesuffix("_initializer")
            found[{"recurrent": "recurrent_kernel"}.get(name, name)] = value
    return found


def _is_random(initializer):
    return hasattr(initializer, "_init_seed")


def _integer(value):
    return value if abs(value) < 2**53 else str(value)


def _numpy(value):
    return numpy.asarray(keras.ops.convert_to_numpy(value))


def _bfloat16(value):
    return (value.astype("float32").view("uint32") >> 16).astype("uint16")
`;
