"""Weight files of small models as their frameworks make and name them: what `inspect`, `diagnose` and `convert` are tested on.

Source: transformers 5.17, torch 2.13, keras 3.15 on TensorFlow 2.21, flax 0.12. Usage: python make-zoo.py [FOLDER]

Every model comes fresh and after some steps of training; test/zoo.test.ts makes the sick ones from the fresh.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import torch
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import save_file as save_torch
from torch import nn

STEPS = 30
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def save(name, state):
    """The tensors under their framework's names, each with its own memory, as `save_pretrained` writes them."""
    tensors = {key: value.detach().clone().contiguous() for key, value in state.items()}
    save_torch(tensors, os.path.join(FOLDER, f"{name}.safetensors"), metadata={"format": "pt"})


def train(model, loss_of, lr=1e-2):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    model.train()
    for step in range(STEPS):
        optimizer.zero_grad()
        loss_of(model, step).backward()
        optimizer.step()


def both(name, model, loss_of):
    """The model's state before and after training; tied tensors are stored once, as transformers does."""
    def state():
        seen = {}
        for key, value in model.state_dict().items():
            if value.data_ptr() not in {other.data_ptr() for other in seen.values()} or value.numel() == 1:
                seen[key] = value
        return seen

    save(f"{name}-fresh", state())
    train(model, loss_of)
    save(f"{name}-trained", state())


def transformers_models():
    import transformers as tf

    tokens = dict(vocab_size=48, max_position_embeddings=24)
    narrow = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=40)
    llama = dict(**tokens, **narrow, num_key_value_heads=1, pad_token_id=0)
    image = dict(image_size=8, patch_size=4, num_channels=3, **narrow)

    def language(model, step):
        ids = torch.randint(3, 48, (4, 12))
        return model(input_ids=ids, labels=ids).loss

    def classes(model, step):
        ids = torch.randint(3, 48, (4, 12))
        return model(input_ids=ids, labels=torch.randint(0, 2, (4,))).loss

    def pictures(size):
        return lambda model, step: model(
            pixel_values=torch.randn(4, 3, size, size), labels=torch.randint(0, 2, (4,))
        ).loss

    gpt2 = tf.GPT2Config(vocab_size=48, n_positions=24, n_embd=16, n_layer=2, n_head=2)
    bart = tf.BartConfig(**tokens, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
                         decoder_attention_heads=2, encoder_ffn_dim=40, decoder_ffn_dim=40)
    models = [
        ("gpt2", lambda: tf.GPT2LMHeadModel(gpt2), language),
        ("bert", lambda: tf.BertForSequenceClassification(tf.BertConfig(**tokens, **narrow)), classes),
        ("distilbert", lambda: tf.DistilBertForSequenceClassification(
            tf.DistilBertConfig(**tokens, dim=16, n_layers=2, n_heads=2, hidden_dim=40)), classes),
        ("t5", lambda: tf.T5ForConditionalGeneration(
            tf.T5Config(vocab_size=48, d_model=16, d_kv=8, d_ff=40, num_layers=2, num_heads=2,
                        decoder_start_token_id=0)), language),
        ("bart", lambda: tf.BartForConditionalGeneration(bart), language),
        ("llama", lambda: tf.LlamaForCausalLM(tf.LlamaConfig(**llama)), language),
        ("mistral", lambda: tf.MistralForCausalLM(tf.MistralConfig(**llama)), language),
        ("qwen2", lambda: tf.Qwen2ForCausalLM(tf.Qwen2Config(**llama)), language),
        ("vit", lambda: tf.ViTForImageClassification(tf.ViTConfig(**image)), pictures(8)),
        ("resnet", lambda: tf.ResNetForImageClassification(
            tf.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 2], layer_type="basic")), pictures(16)),
        ("convnext", lambda: tf.ConvNextForImageClassification(
            tf.ConvNextConfig(hidden_sizes=[8, 16], depths=[1, 1], num_stages=2)), pictures(16)),
    ]
    for seed, (name, make, loss_of) in enumerate(models):
        torch.manual_seed(seed)
        both(f"transformers-{name}", make(), loss_of)


class Recurrent(nn.Module):
    """A cell by hand over the steps, or a layer of torch."""

    def __init__(self, kind, **options):
        super().__init__()
        self.embed = nn.Embedding(40, 12)
        self.rnn = getattr(nn, kind)(12, 16, **options)
        self.is_cell = kind.endswith("Cell")
        width = 16 * (2 if options.get("bidirectional") else 1)
        self.head = nn.Linear(options.get("proj_size", width) or width, 5)

    def forward(self, ids):
        x = self.embed(ids)
        if not self.is_cell:
            return self.head(self.rnn(x)[0][:, -1])
        state = None
        for step in range(x.shape[1]):
            state = self.rnn(x[:, step], state)
        return self.head(state[0] if isinstance(state, tuple) else state)


class Attention(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.project = nn.Linear(10, 16)
        self.attention = nn.MultiheadAttention(16, 2, batch_first=True, **options)
        self.head = nn.Linear(16, 5)
        self.sizes = (options.get("kdim", 16), options.get("vdim", 16))

    def forward(self, x):
        query = self.project(x)
        key, value = (query if size == 16 else torch.randn(*x.shape[:2], size) for size in self.sizes)
        return self.head(self.attention(query, key, value)[0].mean(1))


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(60, 16)
        self.users = nn.Embedding(30, 16)
        self.head = nn.Linear(32, 5)

    def forward(self, ids):
        return self.head(torch.cat([self.bag(ids), self.users(ids[:, 0] % 30)], 1))


def torch_models():
    def on(inputs):
        return lambda model, step: nn.functional.cross_entropy(model(inputs()), torch.randint(0, 5, (8,)))

    ids = lambda: torch.randint(0, 40, (8, 6))
    pictures = lambda: torch.randn(8, 3, 8, 8)
    vectors = lambda: torch.randn(8, 20)
    flat = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    models = [
        ("mlp", lambda: nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 5)), vectors),
        ("cnn", lambda: nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3, bias=False),
                                      nn.BatchNorm2d(16), nn.ReLU(), *flat, nn.Linear(16, 5)), pictures),
        ("mobile", lambda: nn.Sequential(nn.Conv2d(3, 8, 1), nn.Conv2d(8, 16, 3, groups=8, padding=1), nn.ReLU(),
                                         nn.Conv2d(16, 16, 3, groups=4, padding=1), nn.ReLU(), *flat, nn.Linear(16, 5)), pictures),
        ("transposed", lambda: nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.ConvTranspose2d(8, 12, 3), nn.ReLU(),
                                             nn.ConvTranspose2d(12, 8, 2, groups=4), *flat, nn.Linear(8, 5)), pictures),
        ("conv1d", lambda: nn.Sequential(nn.Conv1d(4, 8, 5), nn.ReLU(), nn.Conv1d(8, 8, 3), nn.ReLU(),
                                         nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 5)),
         lambda: torch.randn(8, 4, 20)),
        ("sequence", lambda: nn.Sequential(nn.Embedding(40, 16), nn.Flatten(), nn.Linear(96, 24), nn.Tanh(), nn.Linear(24, 5)), ids),
        ("deep", lambda: nn.Sequential(*[layer for _ in range(12) for layer in (nn.Linear(20, 20), nn.LayerNorm(20), nn.ReLU())],
                                       nn.Linear(20, 5)), vectors),
        ("lstmcell", lambda: Recurrent("LSTMCell"), ids),
        ("grucell", lambda: Recurrent("GRUCell"), ids),
        ("rnncell", lambda: Recurrent("RNNCell"), ids),
        ("lstm", lambda: Recurrent("LSTM", num_layers=2, batch_first=True), ids),
        ("lstm-projected", lambda: Recurrent("LSTM", proj_size=8, batch_first=True), ids),
        ("gru", lambda: Recurrent("GRU", bidirectional=True, batch_first=True), ids),
        ("attention", lambda: Attention(), lambda: torch.randn(8, 7, 10)),
        ("attention-sizes", lambda: Attention(kdim=12, vdim=20, add_bias_kv=True), lambda: torch.randn(8, 7, 10)),
        ("bag", lambda: Bag(), ids),
        ("encoder", lambda: nn.Sequential(nn.Linear(10, 16), nn.TransformerEncoder(
            nn.TransformerEncoderLayer(16, 2, 40, batch_first=True), 2, enable_nested_tensor=False),
            nn.Flatten(), nn.Linear(112, 5)), lambda: torch.randn(8, 7, 10)),
        ("prelu", lambda: nn.Sequential(nn.Linear(20, 24), nn.PReLU(), nn.Linear(24, 24, bias=False), nn.BatchNorm1d(24),
                                        nn.PReLU(24), nn.Linear(24, 5)), vectors),
        ("weight-norm", lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(20, 24)), nn.ReLU(),
                                              nn.utils.parametrizations.spectral_norm(nn.Linear(24, 24)), nn.ReLU(),
                                              nn.Linear(24, 5)), vectors),
    ]
    for seed, (name, make, inputs) in enumerate(models):
        torch.manual_seed(100 + seed)
        both(f"torch-{name}", make(), on(inputs))


def keras_models():
    import keras
    from keras import layers as kl

    def run(name, inputs, outputs, data):
        model = keras.Model(inputs, outputs)
        model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
        paths = lambda: {weight.path: weight.numpy() for weight in model.weights}
        save_numpy(paths(), os.path.join(FOLDER, f"keras-{name}-fresh.safetensors"))
        model.fit(data, np.random.default_rng(0).integers(0, 5, len(data)), batch_size=8, epochs=STEPS // 4, verbose=0)
        # Files of both kinds are read.
        np.savez(os.path.join(FOLDER, f"keras-{name}-trained.npz"), **paths())

    head = lambda x: kl.Dense(5, activation="softmax")(x)
    draw = np.random.default_rng(1).normal
    ids = np.random.default_rng(2).integers(0, 40, (32, 6))
    pictures = draw(size=(32, 8, 8, 3)).astype("float32")

    def dense():
        x = keras.Input((20,))
        y = kl.Dense(16, activation="relu")(kl.Dense(32, activation="relu")(x))
        return x, head(y), draw(size=(32, 20)).astype("float32")

    def convolutions():
        x = keras.Input((8, 8, 3))
        y = kl.BatchNormalization()(kl.Conv2D(8, 3)(x))
        y = kl.Conv2DTranspose(12, 3)(kl.ReLU()(y))
        y = kl.Conv2D(8, 3, groups=4)(y)
        return x, head(kl.GlobalAveragePooling2D()(y)), pictures

    def depthwise():
        x = keras.Input((8, 8, 3))
        y = kl.DepthwiseConv2D(3, depth_multiplier=2)(kl.Conv2D(4, 1)(x))
        y = kl.SeparableConv2D(10, 3)(y)
        y = kl.DepthwiseConv2D(3, use_bias=False)(y)
        return x, head(kl.GlobalAveragePooling2D()(y)), pictures

    def recurrent(kind):
        def make():
            x = keras.Input((6,))
            y = kl.Embedding(40, 12)(x)
            y = kind(y)
            return x, head(y), ids
        return make

    def attention():
        x = keras.Input((6,))
        y = kl.Embedding(40, 16)(x)
        y = kl.LayerNormalization()(y + kl.MultiHeadAttention(2, 6)(y, y))
        y = kl.EinsumDense("abc,cd->abd", (None, 12), bias_axes="d")(y)
        return x, head(kl.GlobalAveragePooling1D()(y)), ids

    def conv1d():
        x = keras.Input((20, 4))
        y = kl.Conv1D(8, 5, activation="relu")(x)
        y = kl.SeparableConv1D(8, 3)(y)
        return x, head(kl.GlobalAveragePooling1D()(y)), draw(size=(32, 20, 4)).astype("float32")

    models = [
        ("dense", dense),
        ("convolutions", convolutions),
        ("depthwise", depthwise),
        ("lstm", recurrent(kl.LSTM(16))),
        ("gru", recurrent(kl.GRU(16))),
        ("gru-before", recurrent(kl.GRU(16, reset_after=False))),
        ("bidirectional", recurrent(kl.Bidirectional(kl.LSTM(16)))),
        ("simple-rnn", recurrent(kl.SimpleRNN(16))),
        ("attention", attention),
        ("conv1d", conv1d),
    ]
    for seed, (name, make) in enumerate(models):
        keras.backend.clear_session()
        keras.utils.set_random_seed(200 + seed)
        run(name, *make())


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    transformers_models()
    torch_models()
    keras_models()
