# Writes transformer-configs.json: for each config.json, the tensors of the model that transformers builds from it, or why it refuses.
# Run with transformers 5.17.0 and torch 2.13.0+cpu: python transformer-configs.py > transformer-configs.json
#
# A case is [config, answer]. The answer is the number of an entry of "models", or the text of an error: of the config class, of the
# model's constructor, or of one forward pass (a model that cannot run is no model). An entry of "models" is a list of
# [name, shape, dtype, law]: what save_pretrained writes (a tied tensor once), in the order of state_dict, as the last call of
# transformers.initialization leaves it: "ones", "zeros" or the standard deviation of a normal; `null` where the model is built
# without values because of its size. A fifth member is the row that is zero.
import inspect
import json
import logging
import tempfile
import warnings

import torch
import transformers
from safetensors import safe_open
from transformers import initialization
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity(logging.CRITICAL)
transformers.logging.disable_progress_bar()

FAMILIES = {
    "llama": ("Llama", ["Model", "ForCausalLM", "ForSequenceClassification", "ForQuestionAnswering", "ForTokenClassification"]),
    "mistral": ("Mistral", ["Model", "ForCausalLM", "ForSequenceClassification", "ForQuestionAnswering", "ForTokenClassification"]),
    "qwen2": ("Qwen2", ["Model", "ForCausalLM", "ForSequenceClassification", "ForQuestionAnswering", "ForTokenClassification"]),
    "gpt2": ("GPT2", ["Model", "LMHeadModel", "DoubleHeadsModel", "ForSequenceClassification", "ForQuestionAnswering", "ForTokenClassification"]),
}
SMALL = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 11}
BASES = {
    "llama": {"model_type": "llama", **SMALL},
    "mistral": {"model_type": "mistral", **SMALL, "num_key_value_heads": 2},
    "qwen2": {"model_type": "qwen2", **SMALL, "num_key_value_heads": 2},
    "gpt2": {"model_type": "gpt2", "n_embd": 16, "n_layer": 2, "n_head": 4, "vocab_size": 11, "n_positions": 8},
}
DEFAULT_HEAD = {"llama": "ForCausalLM", "mistral": "ForCausalLM", "qwen2": "ForCausalLM", "gpt2": "LMHeadModel"}
ABSENT = object()


def variants(family):
    """The changes to the base of one family: dicts of keys, ABSENT where a key goes."""
    title, heads = FAMILIES[family]
    yield {}
    named = lambda head: {"architectures": [title + head]}
    for head in heads:
        yield named(head)
        for tie in (True, False):
            yield {**named(head), "tie_word_embeddings": tie}
        yield {**named(head), "dtype": "bfloat16", "num_labels": 3}
        yield {**named(head), "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}, "num_labels": 2}
        yield {**named(head), "num_labels": 1, "pad_token_id": 3}
        yield {**named(head), "num_labels": 1, "problem_type": "single_label_classification"}
    for foreign in ("T5Model", "TF" + title + "Model", "GPT2ForMaskedLM"):
        yield {"architectures": [foreign]}
    for dtype in ("float32", "float16", "bfloat16", "float64", "half", "double", "float", "float8", "int8", "torch.float16", "auto", 16):
        yield {"dtype": dtype}
        yield {"torch_dtype": dtype}
    yield {"dtype": "float16", "torch_dtype": "bfloat16"}
    yield {"dtype": None, "torch_dtype": "bfloat16"}
    for pad in (0, 10, -1, -11, 11, -12, None, 2.5, "0"):
        yield {"pad_token_id": pad}
    for value in (0, 0.5, 1, 1.5, -0.1, 3, "0.02", None, True):
        yield {"initializer_range": value}
    for value in (True, False, None, 1, "false"):
        for key in ("tie_word_embeddings", "attention_bias", "mlp_bias", "add_cross_attention", "use_sliding_window"):
            yield {key: value}
    yield {"attention_bias": True, "mlp_bias": True}
    names = {"layers": "n_layer", "heads": "n_head", "hidden": "n_embd"} if family == "gpt2" else {
        "layers": "num_hidden_layers", "heads": "num_attention_heads", "hidden": "hidden_size"}
    for value in (0, 1, 3, -1, 2.5, "2", None):
        yield {names["layers"]: value}
        yield {names["heads"]: value}
        yield {"vocab_size": value}
        yield {"num_key_value_heads": value}
    yield {names["heads"]: 2, names["hidden"]: 18}
    yield {names["heads"]: 4, names["hidden"]: 18}
    for value in (4, 8, 16):
        yield {"num_key_value_heads": value}
    for value in (6, 8, 7, 0, None, -4, "4"):
        yield {"head_dim": value}
    yield {"head_dim": 6, names["hidden"]: 18}
    for value in (7, 0, None, "24"):
        yield {"intermediate_size": value}
        yield {"n_inner": value}
    # Keys that are absent take the default of the class.
    for key in list(BASES[family]):
        if key != "model_type":
            yield {key: ABSENT}
    yield {key: ABSENT for key in BASES[family] if key != "model_type"}
    yield {names["heads"]: 16, "num_key_value_heads": ABSENT}
    yield {names["heads"]: 8, "num_key_value_heads": ABSENT, names["hidden"]: 32}
    # Keys of the classes, changed one at a time.
    for field, value in fields(family).items():
        if field in BASES[family] or field in ("initializer_range", "tie_word_embeddings", "dtype", "architectures"):
            continue
        yield {field: changed(field, value)}
    # What old versions of transformers and the hub's files have.
    for key, value in {"rope_theta": 10000.0, "rope_scaling": {"rope_type": "linear", "factor": 2.0}, "_name_or_path": "x",
                       "classifier_dropout": 0.2, "hidden_dropout": 0.2, "is_decoder": True, "max_length": 20, "top_k": 3, "torchscript": False,
                       "gradient_checkpointing": False, "pruned_heads": {}, "n_ctx": 8, "task_specific_params": {}, "output_attentions": False,
                       "token_classification_bias": False, "quantization_config": None, "per_layer_config": None, "auto_map": None}.items():
        yield {key: value}
        yield {key: value, "architectures": [title + "ForTokenClassification"]}
    if family == "gpt2":
        for head in heads:
            yield {**named(head), "add_cross_attention": True}
        double = named("DoubleHeadsModel")
        for value in ("cls_index", "last", "attn"):
            yield {**double, "summary_type": value}
        for use in (True, False):
            for labels in (True, False):
                yield {**double, "summary_use_proj": use, "summary_proj_to_labels": labels, "num_labels": 5}
        yield {"hidden_size": 8}
        yield {"hidden_size": 8, "n_embd": ABSENT}
        yield {"num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 5}
        yield {"num_hidden_layers": 1, "n_layer": ABSENT, "n_head": ABSENT, "num_attention_heads": 2, "max_position_embeddings": 5}
        yield {"scale_attn_weights": False, "scale_attn_by_inverse_layer_idx": True, "reorder_and_upcast_attn": True}


def fields(family):
    """The keys of a config class and their defaults."""
    return {name: parameter.default for name, parameter in inspect.signature(CONFIG_MAPPING[family]).parameters.items()
            if parameter.kind == parameter.KEYWORD_ONLY and name not in ("kwargs",)}


def changed(field, value):
    special = {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}, "hidden_act": "gelu", "activation_function": "relu",
               "layer_types": ["full_attention", "sliding_attention"], "problem_type": "regression", "id2label": {"0": "x", "1": "y", "2": "z"},
               "label2id": {"x": 0, "y": 1}, "num_key_value_heads": 1, "summary_activation": "tanh", "summary_type": "last", "transformers_version": "4.30.0",
               "is_encoder_decoder": True}
    if field in special:
        return special[field]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2
    return 4


class Laws:
    """What transformers.initialization does last to each tensor, by storage."""

    def __init__(self):
        self.last = {}
        self.rows = {}

    def __enter__(self):
        self.saved = {name: getattr(initialization, name) for name in ("normal_", "zeros_", "ones_")}

        def wrap(name, law):
            def call(tensor, *args, **kwargs):
                key = tensor.untyped_storage().data_ptr()
                whole = tensor.untyped_storage().nbytes() == tensor.numel() * tensor.element_size()
                if not getattr(tensor, "_is_hf_initialized", False):
                    if whole:
                        self.last[key] = law(*args, **kwargs)
                        self.rows.pop(key, None)
                    elif name == "zeros_":
                        self.rows[key] = tensor.storage_offset() // tensor.numel()
                return self.saved[name](tensor, *args, **kwargs)
            setattr(initialization, name, call)
        wrap("normal_", lambda mean=0.0, std=1.0, generator=None: std)
        wrap("zeros_", lambda: "zeros")
        wrap("ones_", lambda: "ones")
        return self

    def __exit__(self, *_):
        for name, function in self.saved.items():
            setattr(initialization, name, function)


def run(model, config, family):
    model.eval()
    shape = (1, 2, 3) if "DoubleHeads" in type(model).__name__ else (1, 3)
    model(input_ids=torch.zeros(shape, dtype=torch.long, device=model.device))


def describe(config_json):
    family = config_json["model_type"]
    title, _ = FAMILIES[family]
    config = CONFIG_MAPPING[family].from_dict(dict(config_json))
    name = (config_json.get("architectures") or [title + DEFAULT_HEAD[family]])[0]
    if not name.startswith(title) or name[len(title):] not in FAMILIES[family][1]:
        raise ValueError(f"no class {name} of {family}")
    cls = getattr(transformers, name)
    with torch.device("meta"):
        size = sum(p.numel() for p in cls(CONFIG_MAPPING[family].from_dict(dict(config_json))).parameters())
    small = size < 200_000
    laws = Laws()
    if small:
        with laws:
            model = cls._from_config(config)
    else:
        with torch.device("meta"):
            model = cls._from_config(config)
    run(model, config, family)
    state = model.state_dict(keep_vars=True)
    tied = set(model.all_tied_weights_keys)
    described = []
    for key, tensor in state.items():
        if key in tied:
            continue
        row = [key, list(tensor.shape), str(tensor.dtype).removeprefix("torch.")]
        if small:
            place = tensor.untyped_storage().data_ptr()
            row.append(laws.last.get(place))
            if place in laws.rows:
                row.append(laws.rows[place])
        else:
            row.append(None)
        described.append(row)
    if small:
        with tempfile.TemporaryDirectory() as folder:
            if hasattr(model, "generation_config"):
                model.generation_config = transformers.GenerationConfig()  # it is checked before saving and says nothing of weights
            model.save_pretrained(folder)
            with safe_open(f"{folder}/model.safetensors", "pt") as file:
                assert set(file.keys()) == {row[0] for row in described}, (set(file.keys()) ^ {row[0] for row in described})
    return described


def main():
    models, numbers, cases, seen = [], {}, [], set()
    for family in FAMILIES:
        for variant in variants(family):
            config = {key: value for key, value in {**BASES[family], **variant}.items() if value is not ABSENT}
            text = json.dumps(config, sort_keys=True)
            if text in seen:
                continue
            seen.add(text)
            try:
                described = json.dumps(describe(config), separators=(",", ":"))
                if described not in numbers:
                    numbers[described] = len(models)
                    models.append(described)
                answer = numbers[described]
            except Exception as error:
                lines = [line.strip() for line in str(error).splitlines() if line.strip()]
                answer = f"{type(error).__name__}: {' '.join(lines)}"[:160]
            cases.append(json.dumps([config, answer], separators=(",", ":")))
    print('{"generated_with":"transformers %s, torch %s",\n"models":[\n%s\n],\n"cases":[\n%s\n]}'
          % (transformers.__version__, torch.__version__, ",\n".join(models), ",\n".join(cases)))


main()
