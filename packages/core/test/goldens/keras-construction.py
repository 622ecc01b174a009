# Writes keras-construction-<backend>.json: small models whose code draws seeds in another order than their JSON has layers,
# and some whose code does not. For each: the JSON, the JSON that `fanin model --script` has written, the weights as the code
# has them, and those of model_from_json.
# Run with Keras 3.15.1 on each backend, with the script of `fanin model --script` saved as fanin_model.py beside this file:
#   KERAS_BACKEND=numpy python keras-construction.py

import hashlib
import json
import random
import sys

import fanin_model
import keras
import numpy
from keras import Input, Model, Sequential, initializers, layers

SEED = 42
cases = {}
seeded_of_numpy = {}
if keras.backend.backend() != "numpy":
    with open("keras-construction-numpy.json") as file:
        seeded_of_numpy = {name: case["seeded"] for name, case in json.load(file)["cases"].items()}


def described(model):
    weights = []
    for weight in model.weights:
        value = numpy.ascontiguousarray(numpy.asarray(keras.ops.convert_to_numpy(weight.value)))
        weights.append([weight.path, list(value.shape), str(value.dtype), hashlib.sha256(value.tobytes()).hexdigest()])
    return weights


def case(make):
    keras.utils.clear_session()
    keras.utils.set_random_seed(SEED)
    model = make()
    code = described(model)
    seeded = json.loads(fanin_model.to_json(model))
    text = model.to_json()
    keras.utils.clear_session()
    keras.utils.set_random_seed(SEED)
    entry = {"code": code, "json": [row[3] for row in described(keras.models.model_from_json(text))]}
    if keras.backend.backend() == "numpy":
        entry = {"config": json.loads(text), "seeded": seeded, **entry}
    elif seeded != seeded_of_numpy[make.__name__]:
        entry["seeded"] = seeded
    cases[make.__name__] = entry
    return make


def he():
    return initializers.HeNormal()


@case
def plain_sequential():
    return Sequential([Input((4,)), layers.Dense(3), layers.Dropout(0.5), layers.Dense(2)])


@case
def plain_functional():
    x = Input((4,))
    return Model(x, layers.Dense(2)(layers.Dropout(0.5, name="drop")(x)))


@case
def functional_in_turn():
    x = Input((8, 8, 2))
    y = layers.Conv2D(3, 3)(x)
    y = layers.Conv2D(4, 3)(y)
    y = layers.Flatten()(y)
    return Model(x, layers.Dense(2)(y))


@case
def nested_calls():
    x = Input((4,))
    return Model(x, layers.Dense(1)(layers.Dense(3)(x)))


@case
def nested_calls_of_four():
    x = Input((4,))
    return Model(x, layers.Dense(1)(layers.Dense(2)(layers.Dense(3)(layers.Dense(4)(x)))))


@case
def nested_calls_around_dropout():
    x = Input((4,))
    return Model(x, layers.Dense(1)(layers.Dropout(0.5)(layers.Dense(3)(x))))


@case
def nested_calls_in_pairs():
    x = Input((4,))
    y = layers.Dense(2)(layers.Dense(3)(x))
    return Model(x, layers.Dense(5)(layers.Dense(4)(y)))


@case
def nested_calls_of_classes():
    x = Input((6, 6, 2))
    return Model(x, layers.Dense(1)(layers.Flatten()(layers.Conv2D(2, 3)(x))))


@case
def residual_with_shortcut_first():
    x = Input((8, 8, 2))
    shortcut = layers.Conv2D(4, 1)(x)
    y = layers.Conv2D(4, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.Conv2D(4, 3, padding="same")(y)
    return Model(x, layers.Add()([shortcut, y]))


@case
def residual_with_shortcut_last():
    x = Input((8, 8, 2))
    y = layers.Conv2D(4, 3, padding="same")(x)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(4, 3, padding="same")(y)
    return Model(x, layers.Add()([y, layers.Conv2D(4, 1)(x)]))


@case
def residual_with_own_names():
    x = Input((8, 8, 2))
    shortcut = layers.Conv2D(4, 1, name="shortcut")(x)
    y = layers.Conv2D(4, 3, padding="same", name="first")(x)
    y = layers.Conv2D(4, 3, padding="same", name="second")(y)
    return Model(x, layers.Add()([shortcut, y]))


@case
def branches_of_four_depths():
    x = Input((8, 8, 2))
    branches = []
    for depth in range(4):
        y = x
        for _ in range(depth):
            y = layers.Conv2D(3, 3, padding="same")(y)
        branches.append(y)
    y = layers.GlobalAveragePooling2D()(layers.Concatenate()(branches))
    return Model(x, layers.Dense(2)(y))


@case
def branches_of_classes():
    x = Input((8, 3))
    a = layers.Conv1D(4, 3, padding="same")(x)
    a = layers.Conv1D(4, 3, padding="same")(a)
    b = layers.Dense(4)(x)
    return Model(x, layers.Add()([a, b]))


@case
def made_before_wired():
    last, first = layers.Dense(2), layers.Dense(3)
    x = Input((4,))
    return Model(x, last(first(x)))


@case
def made_before_wired_of_classes():
    head, stem = layers.Dense(2), layers.Conv1D(3, 2)
    x = Input((4, 3))
    return Model(x, head(stem(x)))


@case
def made_before_listed():
    last, first = layers.Dense(2), layers.Dense(3)
    return Sequential([Input((4,)), first, last])


@case
def made_before_listed_with_names():
    last, first = layers.Dense(2, name="last"), layers.Dense(3, name="first")
    return Sequential([Input((4,)), first, last])


@case
def initializer_instances():
    kernel, bias = initializers.HeUniform(), initializers.RandomNormal()
    return Sequential([Input((4,)), layers.Dense(3, bias_initializer=bias, kernel_initializer=kernel), layers.Dense(2)])


@case
def initializer_instance_of_bias():
    return Sequential([Input((4,)), layers.Dense(3, bias_initializer=initializers.RandomNormal()), layers.Dense(2)])


@case
def initializers_made_first():
    first, second = initializers.HeUniform(), initializers.HeUniform()
    x = Input((4,))
    y = layers.Dense(3, kernel_initializer=second)(x)
    return Model(x, layers.Dense(2, kernel_initializer=first)(y))


@case
def one_initializer_for_two_layers():
    shared = he()
    return Sequential(
        [Input((4,)), layers.Dense(4, kernel_initializer=shared), layers.Dense(4, kernel_initializer=shared), layers.Dense(2)]
    )


@case
def one_default_initializer_for_two_layers():
    shared = initializers.GlorotUniform()
    x = Input((4,))
    y = layers.Dense(4, kernel_initializer=shared)(x)
    return Model(x, layers.Dense(4, kernel_initializer=shared)(y))


@case
def one_initializer_for_kernel_and_bias():
    shared = initializers.RandomUniform()
    return Sequential([Input((4,)), layers.Dense(4, kernel_initializer=shared, bias_initializer=shared), layers.Dense(2)])


@case
def one_seeded_initializer():
    shared = initializers.HeNormal(seed=2**31 - 1)
    return Sequential([Input((4,)), layers.Dense(4, kernel_initializer=shared), layers.Dense(4, kernel_initializer=shared)])


@case
def shared_generator():
    generator = keras.random.SeedGenerator(9)
    return Sequential(
        [Input((4,))] + [layers.Dense(4, kernel_initializer=initializers.HeNormal(seed=generator)) for _ in range(3)]
    )


@case
def shared_generator_without_seed():
    generator = keras.random.SeedGenerator()
    x = Input((4,))
    y = layers.Dense(4, kernel_initializer=initializers.HeNormal(seed=generator))(x)
    return Model(x, layers.Dense(4, kernel_initializer=initializers.RandomNormal(seed=generator))(y))


@case
def shared_generator_in_nested_calls():
    generator = keras.random.SeedGenerator(3)
    dense = lambda units: layers.Dense(units, kernel_initializer=initializers.LecunNormal(seed=generator))  # noqa: E731
    x = Input((4,))
    return Model(x, layers.Add()([dense(5)(dense(3)(x)), dense(5)(x)]))


@case
def generator_of_a_forget_bias():
    generator = keras.random.SeedGenerator(5)
    drawn = initializers.RandomNormal(seed=generator)
    x = Input((3, 2))
    lstm = layers.LSTM(2, kernel_initializer=drawn, recurrent_initializer=drawn, bias_initializer=drawn)
    return Model(x, layers.Dense(2, kernel_initializer=drawn)(lstm(x)))


@case
def random_bias_of_a_forget_gate():
    x = Input((3, 2))
    return Model(x, layers.LSTM(2, recurrent_initializer="glorot_uniform", bias_initializer="uniform")(x))


@case
def random_in_between():
    first = layers.Dense(3)
    random.random()
    return Sequential([Input((4,)), first, layers.Dense(2)])


@case
def shuffle_in_between():
    x = Input((4,))
    y = layers.Dense(3)(x)
    random.shuffle(list(range(10)))
    return Model(x, layers.Dense(2)(y))


@case
def submodel_made_first():
    i = Input((4,))
    inner = Model(i, layers.Dense(4)(i))
    x = Input((4,))
    y = layers.Dense(4)(x)
    return Model(x, layers.Dense(2)(inner(y)))


@case
def encoder_and_decoder():
    i = Input((6,))
    encoder = Model(i, layers.Dense(2)(layers.Dense(4)(i)), name="encoder")
    j = Input((2,))
    decoder = Model(j, layers.Dense(6)(layers.Dense(4)(j)), name="decoder")
    x = Input((6,))
    return Model(x, decoder(encoder(x)))


@case
def submodels_with_equal_names():
    def part(size):
        i = Input((size,))
        return Model(i, layers.Dense(4, name="dense")(i))

    x = Input((3,))
    return Model(x, part(4)(part(3)(x)))


@case
def sequential_without_input():
    inner = Sequential([layers.Dense(4), layers.Dense(3)], name="inner")
    x = Input((5,))
    return Model(x, layers.Dense(2)(inner(x)))


@case
def sequential_in_sequential():
    inner = Sequential([layers.Dense(4), layers.Dense(3)], name="inner")
    own = Sequential([Input((3,)), layers.Dense(3)], name="own")
    return Sequential([Input((5,)), layers.Dense(6), inner, own], name="outer")


@case
def siamese():
    tower = Sequential([Input((5,)), layers.Dense(4), layers.Dropout(0.1), layers.Dense(3)], name="tower")
    a, b = Input((5,)), Input((5,))
    return Model([a, b], layers.Dense(1)(layers.Concatenate()([tower(a), tower(b)])))


@case
def layer_of_two_models():
    shared = layers.Dense(4, name="shared")
    i = Input((4,))
    inner = Model(i, shared(i), name="inner")
    x = Input((4,))
    return Model(x, layers.Dense(2)(shared(inner(x))))


@case
def attention_in_turn():
    x = Input((3, 4))
    y = layers.MultiHeadAttention(2, 3, kernel_initializer="he_normal")(x, x)
    return Model(x, layers.MultiHeadAttention(2, 2, dropout=0.1)(y, x))


@case
def attention_in_nested_calls():
    x = Input((3, 4))
    y = layers.Dense(5)(x)
    return Model(x, layers.Dense(2)(layers.GroupQueryAttention(4, 2, 2)(layers.Dense(4)(y), x)))


@case
def attention_made_before_wired():
    blocks = [layers.MultiHeadAttention(2, 3) for _ in range(2)]
    x = Input((3, 4))
    y = x
    for block in blocks:
        y = block(y, y)
    return Model(x, y)


@case
def additive_attention():
    q, v = Input((3, 4)), Input((2, 4))
    y = layers.AdditiveAttention()([layers.Dense(4)(q), v])
    return Model([q, v], layers.Dense(2)(y))


@case
def bidirectional():
    x = Input((3, 4))
    y = layers.Bidirectional(layers.GRU(2, recurrent_initializer="he_normal", return_sequences=True))(x)
    return Model(x, layers.Dense(2)(y))


@case
def bidirectional_with_backward_layer():
    x = Input((3, 4))
    there = layers.SimpleRNN(2, recurrent_initializer="normal")
    back = layers.SimpleRNN(2, recurrent_initializer="normal", go_backwards=True)
    return Model(x, layers.Dense(2)(layers.Bidirectional(there, backward_layer=back)(x)))


@case
def time_distributed():
    inner = Sequential([layers.Dense(4), layers.Dense(3)], name="inner")
    own = Sequential([Input((3,)), layers.Dense(3)], name="own")
    x = Input((2, 5))
    y = layers.TimeDistributed(own)(layers.TimeDistributed(inner)(x))
    return Model(x, layers.TimeDistributed(layers.Dense(2))(y))


@case
def random_moments():
    return Sequential(
        [
            Input((4,)),
            layers.BatchNormalization(renorm=True, moving_variance_initializer=initializers.RandomUniform(0.5, 1.5)),
            layers.Dense(2),
        ]
    )


@case
def element_types():
    x = Input((4,))
    y = layers.Dense(2, dtype="float16")(layers.Dense(3, dtype="float16")(x))
    return Model(x, layers.Dense(2, dtype="bfloat16")(y))


@case
def layers_of_applications():
    from keras.src.applications.convnext import LayerScale, StochasticDepth
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    x = Input((6, 6, 3))
    y = layers.Normalization(mean=[0.5, 0.4, 0.4], variance=[0.1, 0.1, 0.1])(layers.Rescaling(1 / 255)(x))
    y = LayerScale(0.5, 3)(y)
    y = StochasticDepth(0.5)(y)
    y = CustomScaleLayer(0.2)([LayerScale(0.25, 3)(x), y])
    return Model(x, layers.Dense(2)(layers.Flatten()(y)))


@case
def name_scope():
    x = Input((4,))
    with keras.name_scope("block"):
        y = layers.Dense(3, name="inner")(x)
    return Model(x, layers.Dense(2, name="outer")(y))


with open(f"keras-construction-{keras.backend.backend()}.json", "w") as file:
    json.dump({"keras": keras.__version__, "seed": SEED, "cases": cases}, file)
print(len(cases), "models", file=sys.stderr)
