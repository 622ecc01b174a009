# Makes models of Keras's layers as .keras files and what a reader must find in them, and judges files written by Fanin.
#
# Run with Keras 3.15.1, jax 0.10.2, h5py 3.14.0, in this folder:
#   KERAS_BACKEND=jax python keras-models.py make            writes *.keras (deflated) and expected.json
#   KERAS_BACKEND=jax python keras-models.py shards          writes shards/
#   node rewrite.mjs FOLDER                                  Fanin reads them and writes .keras, .weights.h5 and .h5
#   KERAS_BACKEND=jax python keras-models.py judge FOLDER    compares predictions bit for bit, writes judged.json

import hashlib
import json
import os
import pathlib
import sys
import zipfile

import keras
import numpy
from keras import Input, Model, Sequential, layers

HERE = pathlib.Path(__file__).parent
models = {}


def model(make):
    models[make.__name__] = make
    return make


@model
def dense():
    return Sequential([Input((5,)), layers.Dense(4, "relu", name="hidden"), layers.Dense(2, use_bias=False, name="out")], name="top")


@model
def convolutions():
    x = inputs = Input((9, 9, 3))
    x = layers.Conv2D(4, 3, name="plain", use_bias=False)(x)
    x = layers.BatchNormalization(name="bn", scale=False)(x)
    x = layers.DepthwiseConv2D(3, name="depthwise", depth_multiplier=2)(x)
    x = layers.SeparableConv2D(5, 3, name="separable")(x)
    x = layers.Conv2DTranspose(2, 2, name="transposed")(x)
    x = layers.GroupNormalization(2, name="gn")(x)
    x = layers.PReLU(name="prelu", shared_axes=[1, 2])(x)
    return Model(inputs, layers.GlobalAveragePooling2D()(x))


@model
def sequences_1d():
    x = inputs = Input((12, 3))
    x = layers.Conv1D(4, 3, name="c1", padding="causal")(x)
    x = layers.SeparableConv1D(4, 3, name="s1", use_bias=False)(x)
    x = layers.Conv1DTranspose(4, 2, name="t1")(x)
    x = layers.DepthwiseConv1D(2, name="d1")(x)
    x = layers.LayerNormalization(name="ln", center=False)(x)
    x = layers.RMSNormalization(name="rms")(x)
    return Model(inputs, layers.Flatten()(x))


@model
def recurrent():
    inputs = Input((6, 3))
    x = layers.LSTM(4, return_sequences=True, name="lstm")(inputs)
    x = layers.GRU(4, return_sequences=True, name="gru", dropout=0.1)(x)
    x = layers.GRU(4, return_sequences=True, reset_after=False, use_bias=False, name="gru2")(x)
    x = layers.SimpleRNN(3, name="simple")(x)
    return Model(inputs, x)


@model
def bidirectional():
    inputs = Input((6, 3))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="inner"), name="both")(inputs)
    backward = layers.GRU(2, go_backwards=True, return_sequences=True, name="back")
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True, name="forth"), backward_layer=backward, name="mixed")(x)
    return Model(inputs, layers.Bidirectional(layers.RNN(layers.LSTMCell(3, name="cell"), name="rnn"), name="cells")(x))


@model
def stacked_cells():
    inputs = Input((5, 3))
    cells = layers.StackedRNNCells([layers.LSTMCell(3, name="one"), layers.LSTMCell(4, name="two"), layers.GRUCell(2, name="three")], name="stack")
    x = layers.RNN(cells, return_sequences=True, name="rnn")(inputs)
    return Model(inputs, layers.Bidirectional(layers.RNN([layers.LSTMCell(2), layers.LSTMCell(2)], name="list"), name="b")(x))


@model
def conv_lstm():
    inputs = Input((3, 5, 5, 2))
    return Model(inputs, layers.ConvLSTM2D(3, 2, name="cl")(inputs))


@model
def attention():
    inputs = Input((6,), dtype="int32")
    x = layers.Embedding(11, 8, name="tokens")(inputs)
    y = layers.MultiHeadAttention(2, 4, name="mha", dropout=0.1)(x, x)
    y = layers.MultiHeadAttention(2, 4, name="gated", use_gate=True, use_bias=False)(y, x)
    z = layers.GroupQueryAttention(4, 4, 2, name="gqa")(x, y)
    z = layers.Attention(use_scale=True, score_mode="concat", name="att")([z, x])
    z = layers.AdditiveAttention(name="add_att")([z, x])
    z = layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d", name="einsum")(z)
    return Model(inputs, layers.EinsumDense("abc,cd->abd", (None, 3), name="einsum2")(z))


@model
def nested():
    small = Input((4,))
    block = Model(small, layers.Dense(4, name="in_block")(layers.Dense(3, name="in_block_1")(small)), name="block")
    chain = Sequential([layers.Dense(4, name="in_chain"), layers.BatchNormalization(name="chain_bn")], name="chain")
    given = Sequential([Input((4,)), layers.Dense(4, name="in_given")], name="given")
    inputs = Input((4,))
    x = chain(block(inputs))
    x = layers.Add()([given(x), inputs])
    return Model(inputs, layers.Dense(2, name="head")(block(x)))


@model
def nested_sequential():
    small = Input((4,), name="small")
    block = Model(small, layers.Dense(4, name="deep")(small), name="block")
    return Sequential(
        [
            Input((3,), name="features"),
            layers.Dense(4, name="first"),
            Sequential([layers.Dense(4, name="a"), Sequential([layers.Dense(4, name="b")], name="inner")], name="deferred"),
            Sequential([Input((4,), name="own"), layers.Dense(4, name="c")], name="alone"),
            block,
        ],
        name="outer",
    )


@model
def time_distributed():
    inputs = Input((5, 4, 3))
    small = Input((4, 6))
    x = layers.TimeDistributed(layers.Dense(6, name="per_step"), name="td")(inputs)
    x = layers.TimeDistributed(Model(small, layers.Dense(5, name="in_model")(small)), name="td_model")(x)
    chain = Sequential([layers.Conv1D(3, 2, name="conv"), layers.Flatten()], name="chain")
    return Model(inputs, layers.TimeDistributed(chain, name="td_chain")(x))


@model
def shared():
    first, second = Input((4,)), Input((4,))
    tied = layers.Dense(4, name="tied")
    small = Input((4,))
    block = Model(small, layers.Dense(4, name="own")(small), name="block")
    joined = layers.Concatenate()([tied(first), block(tied(second)), block(first), layers.Dense(2, name="single")(first)])
    return Model([first, second], layers.Dense(2, name="head")(joined))


@model
def equal_classes():
    x = inputs = Input((3,))
    for i in range(12):
        x = layers.Dense(3, name=f"d{i}", activation="tanh")(x)
    return Model(inputs, x)


@model
def wrappers():
    inputs = Input((6, 6, 2))
    x = layers.SpectralNormalization(layers.Conv2D(3, 2, name="conv"), name="sn")(inputs)
    x = layers.Normalization(name="norm")(x)
    x = layers.Flatten()(x)
    return Model(inputs, layers.SpectralNormalization(layers.Dense(2, name="dense"), name="sn2")(x))


@model
def operations():
    inputs = Input((4,))
    x = layers.Dense(4, name="d1")(inputs)
    x = keras.ops.add(x, keras.ops.relu(inputs)) * 2.0
    return Model(inputs, layers.Dense(2, name="d2")(layers.Dropout(0.3)(x)))


@model
def mixed_precision():
    inputs = Input((4,))
    x = layers.Dense(4, name="mixed", dtype="mixed_bfloat16")(inputs)
    x = layers.Dense(4, name="half", dtype="float16")(x)
    x = layers.Dense(4, name="brain", dtype="bfloat16")(x)
    return Model(inputs, layers.Dense(2, name="double", dtype="float64")(x))


@model
def unusual_names():
    inputs = Input((4,))
    x = layers.Dense(4, name="Größe 1")(inputs)
    x = layers.Dense(4, name="a.b-c:d")(x)
    return Model(inputs, layers.Dense(2, name="vars")(x))


@model
def scalars_and_tables():
    inputs = Input((3,), dtype="int32")
    x = layers.ReversibleEmbedding(9, 4, tie_weights=False, name="both")(inputs)
    x = layers.Dense(4, name="lora", lora_rank=None)(x)
    return Model(inputs, layers.Flatten()(x))


@model
def trained():
    net = Sequential([Input((4,)), layers.Dense(3, name="a"), layers.BatchNormalization(name="b"), layers.Dense(1, name="c")], name="net")
    net.compile("adam", "mse", metrics=["mae"])
    net.fit(numpy.ones((8, 4), "float32"), numpy.ones((8, 1), "float32"), verbose=0)
    return net


@model
def quantized():
    inputs = Input((4,))
    net = Model(inputs, layers.Dense(3, name="out")(layers.Dense(4, name="hidden")(inputs)))
    net.quantize("int8")
    return net


def build(name):
    keras.utils.clear_session()
    keras.utils.set_random_seed(7)
    made = models[name]()
    if name != "quantized":
        generator = numpy.random.default_rng(1)
        for weight in made.weights:
            value = generator.normal(0.3, 0.5, weight.shape)
            weight.assign(numpy.abs(value) if "variance" in weight.path else value)
    return made


def feed(net):
    generator = numpy.random.default_rng(3)
    values = []
    for tensor in net.inputs:
        shape = (2, *tensor.shape[1:])
        if "int" in str(tensor.dtype):
            values.append(generator.integers(0, 9, shape).astype("int32"))
        else:
            values.append(generator.normal(size=shape).astype("float32"))
    return values if len(values) > 1 else values[0]


def predict(net):
    return [numpy.asarray(part).tobytes() for part in keras.tree.flatten(net(feed(net), training=False))]


def entry(weight):
    value = numpy.asarray(weight.value)
    dtype = str(value.dtype)
    digest = hashlib.sha256(value.tobytes()).hexdigest()
    return {"name": weight.path, "shape": list(value.shape), "dtype": dtype, "sha256": digest}


def make():
    expected = {}
    for name in models:
        net = build(name)
        target = HERE / f"{name}.keras"
        net.save(target)
        with zipfile.ZipFile(target) as stored:
            contents = {item: stored.read(item) for item in stored.namelist()}
        # The date would make other bytes each time.
        contents["metadata.json"] = json.dumps({"keras_version": keras.__version__}).encode()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for item, data in contents.items():
                packed.writestr(zipfile.ZipInfo(item), data, zipfile.ZIP_DEFLATED)
        expected[name] = [entry(weight) for weight in net.weights]
    (HERE / "expected.json").write_text(json.dumps(expected, separators=(",", ":")).replace("},{", "},\n{") + "\n")


def judge(folder):
    folder = pathlib.Path(folder)
    judged = {}
    for name in models:
        original = keras.models.load_model(HERE / f"{name}.keras")
        right = predict(original)
        verdicts = {}
        for ending in (".keras", ".weights.h5", ".h5"):
            path = folder / f"{name}{ending}"
            if not path.exists():
                verdicts[ending] = "not written"
                continue
            try:
                if ending == ".keras":
                    other = keras.models.load_model(path)
                else:
                    other = keras.models.load_model(HERE / f"{name}.keras")
                    for weight in other.weights:
                        weight.assign(numpy.zeros(weight.shape))
                    other.load_weights(path)
                verdicts[ending] = "equal" if predict(other) == right else "different"
            except Exception as error:
                verdicts[ending] = f"{type(error).__name__}: {str(error)[:300]}"
            if verdicts[ending] == "equal":
                verdicts[ending] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                print(name, ending, verdicts[ending], file=sys.stderr)
        judged[name] = verdicts
    (HERE / "judged.json").write_text(json.dumps(judged, indent=1) + "\n")


def shards():
    """The model `dense` in shards so small that a layer's variables lie in two of them."""
    net = build("dense")
    folder = HERE / "shards"
    folder.mkdir(exist_ok=True)
    net.save_weights(folder / "dense.weights.json", max_shard_size=8e-8)


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "jax")
    if sys.argv[1] == "make":
        make()
    elif sys.argv[1] == "shards":
        shards()
    else:
        judge(sys.argv[2])
