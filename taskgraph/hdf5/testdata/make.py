"""Writes the files of this directory with h5py and PyTables, and expected.json beside
them: what h5py reads from each. Run it here; commit what it writes."""

import glob
import hashlib
import json
import os
import struct

import h5py
import numpy as np
import tables

rng = np.random.default_rng(20)


def noise(*shape):
    return np.round(rng.normal(size=shape), 2)


def plain(f):
    """Every kind of element."""
    n = f.create_group("numbers")
    for order in "<", ">":
        for kind in "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8":
            info = np.iinfo(kind)
            values = [info.min, 0, 1, 2, 100, info.max]
            n[f"{'le' if order == '<' else 'be'}_{kind}"] = np.array(values, order + kind)
        for kind in "f2", "f4", "f8":
            values = [0.0, -0.0, 1.5, -2.25, 6e-8, 1e-5, 65504.0, np.inf, -np.inf]
            n[f"{'le' if order == '<' else 'be'}_{kind}"] = np.array(values, order + kind)
    f["cube"] = np.arange(2 * 3 * 4, dtype="i4").reshape(2, 3, 4)
    f["scalar"] = 42.5
    f["scalar_text"] = "one text: äöü"
    f["bools"] = np.array([True, False, True])
    f["null"] = h5py.Empty("f8")
    f["empty"] = np.zeros((0, 3))
    f.create_dataset("unwritten", (3, 2), "f4", fillvalue=7.5)
    f.create_dataset("early", (3, 2), "f4", fillvalue=2.5)
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": 1000}, basetype=">i2")
    f.create_dataset("colours", data=[0, 1000, 1], dtype=colours)

    s = f.create_group("strings")
    s["fixed"] = np.array([b"a", b"bcd", b"", b"efghij"])
    s["variable"] = ["x", "", "yy", "long " * 200, "äöü €"]
    s.create_dataset("ascii", data=["p", "q"], dtype=h5py.string_dtype("ascii"))
    s.create_dataset("utf8_fixed", data=[x.encode() for x in ("ä", "öü")], dtype=h5py.string_dtype("utf-8", 6))
    space = h5py.h5t.C_S1.copy()
    space.set_size(6)
    space.set_strpad(h5py.h5t.STR_SPACEPAD)
    h5py.h5d.create(s.id, b"space_padded", space, h5py.h5s.create_simple((2,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab    ", b"c d   "], "S6"), space)
    term = h5py.h5t.C_S1.copy()
    term.set_size(6)
    h5py.h5d.create(s.id, b"null_terminated", term, h5py.h5s.create_simple((2,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab", b"cdefg"], "S6"), term)

    row = np.dtype([("x", "<f8"), ("n", ">i4"), ("name", "S5"), ("ok", "?"), ("v", "<u2", (2, 3))])
    rows = np.zeros(4, row)
    rows["x"], rows["n"], rows["name"] = noise(4), [1, -2, 3, 2**31 - 1], [b"one", b"two", b"", b"three"]
    rows["ok"], rows["v"] = [True, False, True, True], np.arange(24).reshape(4, 2, 3)
    f["rows"] = rows
    mixed = np.dtype([("id", "i8"), ("label", h5py.string_dtype()), ("in", np.dtype([("a", "f4"), ("b", "i2")]))])
    m = np.zeros(2, mixed)
    m["id"], m["label"], m["in"]["a"], m["in"]["b"] = [7, 8], ["lang", "kürzer"], [1.5, -1.5], [3, 4]
    f["mixed"] = m
    aligned = np.dtype([("a", "i1"), ("b", "f8")], align=True)
    f["aligned"] = np.array([(1, 2.0), (3, 4.0)], aligned)

    f["opaque"] = np.array([b"\x01\x02\x03", b"\xff\x00\x07"], "V3")
    f.create_dataset("arrays", (2,), np.dtype(("<i4", (2, 2))))
    f["arrays"][...] = np.arange(8).reshape(2, 2, 2)
    v = f.create_dataset("sequences", (3,), h5py.vlen_dtype("<i4"))
    v[0], v[1], v[2] = [1, 2, 3], [], [4]
    f.create_dataset("references", (1,), h5py.ref_dtype)
    f["type"] = np.dtype(">f4")
    f.create_dataset("committed", data=[1.5, 2.5], dtype=f["type"])

    deep = f.create_group("a/b/c")
    deep["leaf"] = np.arange(3)
    f["soft"] = h5py.SoftLink("/a/b/c/leaf")
    f["a/relative"] = h5py.SoftLink("b/c")
    f["hard"] = deep["leaf"]
    f["dangling"] = h5py.SoftLink("/nowhere")
    f["circle"] = h5py.SoftLink("/circle")
    f["elsewhere"] = h5py.ExternalLink("other.h5", "/values")

    a = deep["leaf"].attrs
    a["number"], a["text"], a["bytes"], a["list"] = 1.5, "grün", np.bytes_(b"abc"), [1, 2, 3]
    a["texts"], a["yes"], a["matrix"] = ["p", "qq"], True, np.arange(6.0).reshape(2, 3)
    a["none"] = h5py.Empty("f4")
    f.attrs["title"] = "the root"
    deep.attrs["depth"] = np.int16(3)
    f["committed"].attrs.create("typed", 9.5, dtype=f["type"])


def chunks(f):
    """Every index of chunks, every filter."""
    data = np.arange(23 * 17, dtype="f8").reshape(23, 17) / 4
    for name, kw in {
        "plain": {}, "gzip": {"compression": "gzip"},
        "shuffle": {"compression": "gzip", "shuffle": True},
        "fletcher": {"fletcher32": True}, "all": {"compression": "gzip", "shuffle": True, "fletcher32": True},
        "lzf": {"compression": "lzf"}, "lzf_shuffle": {"compression": "lzf", "shuffle": True},
    }.items():
        g = f.create_group(name)
        g.create_dataset("one", data=data, chunks=(23, 17), **kw)
        g.create_dataset("fixed", data=data, chunks=(5, 4), **kw)
        g.create_dataset("bounded", data=data, chunks=(5, 4), maxshape=(40, 31), **kw)
        g.create_dataset("growing", data=data, chunks=(5, 4), maxshape=(None, 17), **kw)
        g.create_dataset("growing1", data=data, chunks=(5, 4), maxshape=(30, None), **kw)
        g.create_dataset("growing2", data=data, chunks=(5, 4), maxshape=(None, None), **kw)
        sparse = g.create_dataset("sparse", (50, 40), "i4", chunks=(7, 6), fillvalue=-3, **kw)
        sparse[10:20, 30:40] = np.arange(100).reshape(10, 10)
        for kind in "i1", "i2", "f4", ">i4", "S3":
            g.create_dataset("of_" + kind.replace(">", "be"), data=np.arange(37).astype(kind), chunks=(10,), **kw)
        g.create_dataset("odd", data=np.frombuffer(bytes(range(91)), "V7"), chunks=(5,), **kw)
    random = rng.integers(0, 256, 4000, dtype="u1")
    f.create_dataset("incompressible", data=random, chunks=(1000,), compression="lzf")
    # Indexes of several pages and levels.
    f.create_dataset("paged", data=np.arange(3000, dtype="i2"), chunks=(1,))
    f.create_dataset("paged_filtered", data=np.arange(1500, dtype="i2"), chunks=(1,), fletcher32=True)
    f.create_dataset("long", data=np.arange(5000, dtype="i2"), chunks=(1,), maxshape=(None,))
    f.create_dataset("long_filtered", data=np.arange(2500, dtype="i2"), chunks=(1,), maxshape=(None,), fletcher32=True)
    f.create_dataset("wide", data=np.arange(3000, dtype="i2").reshape(50, 60), chunks=(1, 1), maxshape=(None, None))
    gaps = f.create_dataset("gaps", (100000,), "i1", chunks=(10,))
    gaps[5], gaps[77777], gaps[99999] = 1, 2, 3
    gaps = f.create_dataset("gaps_growing", (100000,), "i1", chunks=(10,), maxshape=(None,))
    gaps[5], gaps[77777], gaps[99999] = 1, 2, 3
    f.create_dataset("texts", data=["a" * (i % 7) for i in range(40)], chunks=(9,), compression="gzip")
    rows = np.zeros(30, [("i", "i4"), ("x", "f8")])
    rows["i"], rows["x"] = np.arange(30), noise(30)
    f.create_dataset("rows", data=rows, chunks=(8,), compression="gzip", shuffle=True)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((4, 5))
    dcpl.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    d = h5py.h5d.create(f.id, b"implicit", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((10, 9)), dcpl)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(90, dtype="i4").reshape(10, 9))
    shrunk = f.create_dataset("shrunk", data=np.arange(100), chunks=(10,), maxshape=(None,))
    shrunk.resize((35,))
    f.create_dataset("space5", data=np.arange(2 * 3 * 4 * 5 * 6.0).reshape(2, 3, 4, 5, 6), chunks=(1, 2, 3, 2, 4), compression="gzip")
    f.create_dataset("gzip_be", data=np.arange(300, dtype=">f8").reshape(20, 15), chunks=(6, 7), compression="gzip", shuffle=True)


def many(f):
    """Groups and objects with more than fits into their headers."""
    g = f.create_group("links")
    for i in range(700):
        g[f"name{i:04}"] = h5py.SoftLink(f"/data/{i}")
    d = f.create_group("data")
    for i in range(40):
        d[str(i)] = np.int32(i)
    for i in range(60):
        d.attrs[f"attribute{i:03}"] = i
    big = f.create_dataset("big_attributes", data=1)
    for i in range(12):
        big.attrs[f"a{i}"] = np.arange(100 + i)
    if f.libver[0] != "earliest":
        big.attrs["huge"] = np.arange(10000.0)


def refused(f):
    """What this package does without."""
    data = np.arange(1000, dtype="i4")
    f.create_dataset("scaleoffset", data=data, chunks=(100,), scaleoffset=0)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((100,))
    dcpl.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    h5py.h5d.create(f.id, b"nbit", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((1000,)), dcpl).write(
        h5py.h5s.ALL, h5py.h5s.ALL, data)
    if h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
        f.create_dataset("szip", data=data, chunks=(100,), compression="szip")
    virtual = h5py.VirtualLayout((10,), "i4")
    virtual[:] = h5py.VirtualSource("other.h5", "x", (10,))
    f.create_virtual_dataset("virtual", virtual)
    f.create_dataset("external", (10,), "i4", external=[("raw.bin", 0, 40)])


def write(name, fill, **kw):
    with h5py.File(name, "w", **kw) as f:
        fill(f)


def special():
    write("userblock.h5", lambda f: f.create_dataset("values", data=np.arange(5.0), chunks=(2,)), userblock_size=1024)
    fcpl = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    fcpl.set_sizes(4, 4)
    with h5py.File(h5py.h5f.create(b"sizes4.h5", h5py.h5f.ACC_TRUNC, fcpl)) as f:
        f["values"] = np.arange(5.0)
        f.create_dataset("chunks", data=np.arange(50.0), chunks=(8,), compression="gzip")
        f["texts"] = ["a", "bb"]
        f["g/x"] = 1
    with tables.open_file("pytables.h5", "w") as f:
        row = np.zeros(20, [("symbol", "S6"), ("price", "f8"), ("volume", "i8"), ("up", "?"), ("at", "f4", (3,))])
        row["symbol"], row["price"], row["volume"] = b"GO", noise(20), np.arange(20)
        row["up"], row["at"] = np.arange(20) % 3 == 0, noise(20, 3)
        f.create_table("/", "quotes", row, title="Quotes")
        f.create_table("/g", "packed", row, createparents=True, filters=tables.Filters(5, "zlib", shuffle=True))
        f.create_table("/g", "blosc", row, filters=tables.Filters(5, "blosc"))
        f.create_table("/g", "blosc2", row, filters=tables.Filters(5, "blosc2"))
        f.create_table("/g", "bzip2", row, filters=tables.Filters(5, "bzip2"))
        f.create_array("/g", "array", np.arange(12).reshape(3, 4))
        f.create_carray("/g", "carray", obj=np.arange(12.0).reshape(3, 4), filters=tables.Filters(1, "zlib"))
        e = f.create_earray("/g", "earray", tables.Int16Atom(), (0, 3))
        e.append(np.arange(30).reshape(10, 3))


def text(x):
    """One value, so that the same text means the same bits."""
    if isinstance(x, (bool, np.bool_)):
        return "true" if x else "false"
    if isinstance(x, (float, np.floating)):
        return struct.pack(">d", float(x)).hex()
    if isinstance(x, (int, np.integer)):
        return str(int(x))
    if isinstance(x, np.void):
        return x.tobytes().hex()
    if isinstance(x, bytes):
        return x.decode()
    if isinstance(x, str):
        return x
    if isinstance(x, np.ndarray):
        return [text(y) for y in x.ravel()]
    raise TypeError(type(x))


def digest(values):
    if len(values) <= 40:
        return values
    return "sha256 " + hashlib.sha256("\n".join(values).encode()).hexdigest()


def column(a, dtype):
    if dtype.names:
        return {n: column(a[n], dtype[n]) for n in dtype.names}
    if dtype.subdtype:
        return column(a, dtype.subdtype[0])
    if dtype.kind == "O" and dtype.metadata and dtype.metadata.get("vlen") not in (str, bytes):
        return [text(x) for x in a.ravel()]
    if dtype.kind == "S" or dtype.kind == "O":
        return digest([text(x).rstrip(" ") if dtype.kind == "S" else text(x) for x in a.ravel()])
    return digest([text(x) for x in a.ravel()])


def known_filters(d):
    p = d.id.get_create_plist()
    return all(p.get_filter(i)[0] in (1, 2, 3, 32000) for i in range(p.get_nfilters()))


def attributes(o):
    out = {}
    for name in o.attrs:
        v = o.attrs[name]
        if isinstance(v, h5py.Empty):
            out[name] = "nothing"
        elif isinstance(v, np.ndarray) and v.dtype.kind in "biufSO":
            out[name] = digest([text(x) for x in v.ravel()])
        elif isinstance(v, np.ndarray):
            continue
        else:
            out[name] = text(v)
    return out


def describe(name):
    out = {}

    def visit(path, o):
        if isinstance(o, h5py.Group):
            out[path] = {"names": digest(sorted(o)), "attributes": attributes(o)}
        elif isinstance(o, h5py.Dataset):
            if o.is_virtual or o.external or not known_filters(o) or o.dtype == h5py.ref_dtype:
                return
            one = {"attributes": attributes(o)}
            if o.shape is None:
                one["dims"], one["values"] = [], []
            else:
                one["dims"] = list(o.id.shape)
                a = o[()]
                one["values"] = column(np.asarray(a) if o.dtype.subdtype else np.asarray(a, o.dtype), o.dtype)
            out[path] = one

    with h5py.File(name) as f:
        visit("/", f)
        f.visititems(visit)
    return out


def main():
    for old in glob.glob("*.h5"):
        os.remove(old)
    for libver in "earliest", "v108", "latest":
        # Files of 1.8 differ from the others in few places.
        for fill in (plain, chunks, many, refused) if libver in ("earliest", "latest") else (plain,):
            write(f"{fill.__name__}_{libver}.h5", fill, libver=libver if libver == "earliest" else (libver, libver))
    special()
    expected = {name: describe(name) for name in sorted(glob.glob("*.h5"))}
    with open("expected.json", "w") as f:
        json.dump(expected, f, indent=0, ensure_ascii=False, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    main()
