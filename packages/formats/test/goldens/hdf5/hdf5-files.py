# Makes small HDF5 files: every element type, storage and link that h5py writes, and files that must be refused.
# Run with h5py 3.14.0 and numpy 2.4.6, in this folder: python hdf5-files.py
# expected.json has what a reader must find: names, shapes, element types and SHA-256 of the little-endian bytes; what is skipped;
# or the code of the refusal.

import hashlib
import json
import pathlib

import h5py
import numpy

HERE = pathlib.Path(__file__).parent
expected = {}


def values(dtype, shape=(3, 4)):
    count = int(numpy.prod(shape))
    return (numpy.arange(count) * 7 % 23 - 3).astype("int64").astype(dtype).reshape(shape)


def case(refused=None, skipped=(), **options):
    def wrap(write):
        name = write.__name__
        path = HERE / f"{name}.h5"
        with h5py.File(path, "w", **options) as file:
            tensors = write(file) or {}
        entry = {}
        if refused:
            entry["refused"] = refused
        else:
            entry["tensors"] = {}
            for key, value in tensors.items():
                dtype = "bfloat16" if value.dtype.kind == "V" else value.dtype.name
                data = value.astype(value.dtype.newbyteorder("<")).tobytes()
                digest = hashlib.sha256(data).hexdigest()
                entry["tensors"][key] = {"shape": list(value.shape), "dtype": dtype, "sha256": digest}
            entry["skipped"] = sorted(skipped)
        expected[name] = entry

    return wrap


def put(file, tensors, **options):
    for name, value in tensors.items():
        file.create_dataset(name, data=value, **options)
    return tensors


NUMBERS = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


@case()
def numbers_little(file):
    return put(file, {f"g/{kind}": values(f"<{kind}") for kind in NUMBERS})


@case(libver="latest")
def numbers_big(file):
    return put(file, {f"g/{kind}": values(f">{kind}") for kind in NUMBERS})


@case()
def booleans_and_scalars(file):
    return put(file, {"b": numpy.array([True, False, True]), "s": numpy.float32(2.5), "none": numpy.zeros((0, 3), "f4")})


@case()
def complex_numbers(file):
    return put(file, {"c8": values("c8"), "c16": values("c16")})


@case()
def bfloat16(file):
    value = values("u2").view("V2")
    file.create_dataset("w/vars/0", data=value).attrs["dtype"] = "bfloat16"
    return {"w/vars/0": value}


@case(skipped=["compound", "empty", "enum", "long_double", "opaque", "reference", "text", "texts", "vlen"])
def other_types(file):
    file["text"] = "a text"
    file.create_dataset("texts", data=[b"a", b"bc"])
    file.create_dataset("compound", data=numpy.zeros(2, [("a", "f4"), ("b", "i4")]))
    file.create_dataset("opaque", data=numpy.zeros(2, "V5"))
    file.create_dataset("enum", data=numpy.zeros(2, "i1"), dtype=h5py.enum_dtype({"RED": 0, "BLUE": 1}, "i1"))
    file.create_dataset("long_double", data=numpy.zeros(2, "longdouble"))
    file.create_dataset("empty", data=h5py.Empty("f4"))
    file.create_dataset("reference", data=file["text"].ref, dtype=h5py.ref_dtype)
    file.create_dataset("vlen", (1,), dtype=h5py.vlen_dtype("i4"))
    return put(file, {"number": values("f4")})


@case()
def chunked(file):
    put(file, {"plain": values("f4", (20, 30))}, chunks=(7, 8))
    put(file, {"gzip": values("f4", (20, 30))}, chunks=(7, 30), compression="gzip")
    put(file, {"all": values("i2", (9, 4, 5))}, chunks=(2, 3, 4), compression="gzip", shuffle=True, fletcher32=True)
    put(file, {"grown": values("f8", (5, 6))}, chunks=(2, 2), maxshape=(None, None))
    put(file, {"scaled": values("i4", (40,))}, chunks=(16,), scaleoffset=0)
    return {name: file[name][()] for name in file}


@case(libver="latest")
def chunked_latest(file):
    put(file, {"plain": values("f4", (20, 30))}, chunks=(7, 8))
    put(file, {"single": values("f4", (4, 5))}, chunks=(4, 5), compression="gzip")
    put(file, {"grown": values("f8", (5, 6))}, chunks=(2, 2), maxshape=(None, 6))
    put(file, {"both": values("f8", (5, 6))}, chunks=(2, 2), maxshape=(None, None), compression="gzip")
    return {name: file[name][()] for name in file}


@case()
def never_written(file):
    file.create_dataset("zeros", (3, 4), "f4")
    file.create_dataset("filled", (3, 4), "f4", fillvalue=7)
    file.create_dataset("chunks", (30, 40), "i4", chunks=(8, 8), fillvalue=-2)
    return {name: file[name][()] for name in file}


@case(libver="latest", track_order=True)
def many_links(file):
    for i in range(12):
        file.attrs[f"attribute {i}"] = i
    return put(file, {f"group/{i}": numpy.float32(i) for i in range(12)})


@case(skipped=["away", "broken", "cycle", "link", "group/link"])
def links(file):
    tensors = put(file, {"w": values("f4"), "group/v": values("f4")})
    file["link"] = h5py.SoftLink("/w")
    file["broken"] = h5py.SoftLink("/nowhere")
    file["cycle"] = h5py.SoftLink("/cycle")
    file["group/link"] = h5py.SoftLink("..")
    file["away"] = h5py.ExternalLink("numbers_little.h5", "/g/f4")
    return tensors


@case(refused="E_HDF5_LIMIT")
def hard_link_cycle(file):
    put(file, {"group/w": values("f4")})
    file["group/again"] = file["group"]
    file["group/and_again"] = file["group"]


@case(refused="E_HDF5_LINK")
def virtual(file):
    layout = h5py.VirtualLayout((3, 4), "<f4")
    layout[:] = h5py.VirtualSource("numbers_little.h5", "g/f4", (3, 4))
    file.create_virtual_dataset("virtual", layout)


@case(refused="E_HDF5_DATA")
def external_storage(file):
    file.create_dataset("external", (4, 4), "u1", external=[("numbers_little.h5", 0, 16)])


@case(refused="E_HDF5_DATA")
def external_terminal(file):
    file.create_dataset("external", (4, 4), "u1", external=[("/dev/stdin", 0, 16)])


@case(refused="E_HDF5_FILTER")
def lzf(file):
    put(file, {"w": values("f4")}, chunks=(3, 4), compression="lzf")


@case(refused="E_HDF5_SHAPE")
def shape_bomb(file):
    file.create_dataset("w", (2**20, 2**20), "f4", chunks=(2**10, 2**10), compression="gzip")


@case(refused="E_HDF5_SHAPE")
def contiguous_bomb(file):
    file.create_dataset("w", (2**30,), "f4")


@case(refused="E_HDF5_SHAPE")
def chunk_bomb(file):
    file.create_dataset("w", (4,), "f4", chunks=(2**29,), maxshape=(None,))


@case(refused="E_HDF5_LIMIT")
def deep_groups(file):
    put(file, {"/".join(["g"] * 80): numpy.float32(1)})


@case(refused="E_KERAS_WEIGHTS")
def legacy_lacks_weight(file):
    file.attrs["layer_names"] = ["dense"]
    put(file, {"dense/dense/kernel:0": values("f4")})
    file["dense"].attrs["weight_names"] = ["dense/kernel:0", "dense/bias:0"]


@case(refused="E_KERAS_WEIGHTS")
def legacy_leaves_group(file):
    put(file, {"secret": values("f4")})
    file.attrs["layer_names"] = ["dense"]
    file.create_group("dense").attrs["weight_names"] = ["../secret"]


@case(refused="E_KERAS_WEIGHTS")
def legacy_names_numbers(file):
    file.attrs["layer_names"] = [1.5]


@case()
def keras2_weights(file):
    file.attrs["layer_names"] = numpy.array([b"input_1", b"dense", b"lstm"])
    file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.15.0"
    tensors = {}
    for layer, names in {"input_1": [], "dense": ["dense/kernel:0", "dense/bias:0"], "lstm": ["lstm/lstm_cell/kernel:0"]}.items():
        group = file.create_group(layer)
        group.attrs["weight_names"] = numpy.array([name.encode() for name in names])
        for name in names:
            group[name] = tensors[name[:-2]] = values("f4")
    return tensors


@case()
def split_attributes(file):
    layers = [f"layer_{i}" for i in range(7)]
    for part in range(3):
        file.attrs[f"layer_names{part}"] = layers[part * 3 : part * 3 + 3]
    tensors = {}
    for i, layer in enumerate(layers):
        group = file.create_group(layer)
        group.attrs["weight_names0"] = [f"{layer}/kernel"]
        group.attrs["weight_names1"] = [f"{layer}/bias"]
        for name in (f"{layer}/kernel", f"{layer}/bias"):
            group[name] = tensors[name] = numpy.float32(i)
    file.create_group("top_level_model_weights").attrs["weight_names"] = ["scale"]
    file["top_level_model_weights/scale"] = tensors["scale"] = values("f4")
    return tensors


(HERE / "expected.json").write_text(json.dumps(expected, separators=(",", ":")).replace("},\"", "},\n\"") + "\n")
