"""Evaluates the programs of numpy_test.go with NumPy.

Reads a JSON list of programs from stdin. A program is a list of steps; each
makes a value that later steps name by its number. Writes, for every step,
its dtype, shape, elements and text, or null where NumPy raises an error.
"""
import json
import sys
import warnings

import numpy as np

np.seterr(all="ignore")
warnings.simplefilter("ignore")

analytic = {
    "Sqrt": np.sqrt, "Cbrt": np.cbrt, "Exp": np.exp, "Exp2": np.exp2, "Expm1": np.expm1, "Log": np.log,
    "Log2": np.log2, "Log10": np.log10, "Log1p": np.log1p, "Sin": np.sin, "Cos": np.cos, "Tan": np.tan,
    "Arcsin": np.arcsin, "Arccos": np.arccos, "Arctan": np.arctan, "Sinh": np.sinh, "Cosh": np.cosh,
    "Tanh": np.tanh, "IsNaN": np.isnan, "IsInf": np.isinf, "IsFinite": np.isfinite,
}
plain = {
    "Neg": np.negative, "Abs": np.abs, "Sign": np.sign, "Square": np.square, "Not": np.invert,
    "Floor": np.floor, "Ceil": np.ceil, "Trunc": np.trunc, "Round": np.round,
    "Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.true_divide, "FloorDiv": np.floor_divide,
    "Mod": np.mod, "Pow": np.power, "Maximum": np.maximum, "Minimum": np.minimum,
    "And": np.bitwise_and, "Or": np.bitwise_or, "Xor": np.bitwise_xor,
    "Eq": np.equal, "Ne": np.not_equal, "Lt": np.less, "Le": np.less_equal, "Gt": np.greater, "Ge": np.greater_equal,
}
reductions = {
    "Sum": np.sum, "Prod": np.prod, "Min": np.min, "Max": np.max, "Mean": np.mean, "Var": np.var, "Std": np.std,
    "Median": np.median, "All": np.all, "Any": np.any, "CountNonzero": np.count_nonzero,
}


def wide(x):
    """NumPy would take half precision for small whole numbers."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def part(p):
    if isinstance(p, list):
        return slice(*p)
    return {":": slice(None), "new": None, "...": Ellipsis}.get(p, p)


def evaluate(step, values):
    op, p = step["op"], step.get("p")
    args = [values[a["ref"]] if "ref" in a else float(a["float"]) if "float" in a else a["int"] for a in step.get("args", [])]
    x = args[0] if args else None
    if op == "array":
        return np.array([float(v) if isinstance(v, str) else v for v in p["values"]]).astype(p["dtype"]).reshape(p["shape"])
    if op == "whole":
        return np.array([int(v) for v in p["values"]], dtype=p["dtype"]).reshape(p["shape"])
    if op in analytic:
        return analytic[op](wide(x))
    if op in ("Hypot", "Arctan2"):
        if np.result_type(*args) not in (np.float32, np.float64):
            args = [wide(a) for a in args]
        return {"Hypot": np.hypot, "Arctan2": np.arctan2}[op](*args)
    if op in plain:
        return plain[op](*args)
    if op == "RoundTo":
        return np.round(x, p)
    if op == "Clip":
        number = float if p["float"] else int
        return np.minimum(np.maximum(x, number(p["low"])), number(p["high"]))
    if op == "Where":
        return np.where(*args)
    if op == "AsType":
        return x.astype(p)
    if op in reductions:
        axis = tuple(p["axes"]) or None
        if op == "CountNonzero":
            return np.asarray(np.count_nonzero(x, axis=axis, keepdims=p["keep"]), dtype=np.int64)
        if op in ("Mean", "Var", "Std") and x.dtype == np.float32:
            return np.asarray(reductions[op](x.astype(np.float64), axis=axis, keepdims=p["keep"])).astype(np.float32)
        if op in ("Sum", "Prod") and x.dtype == np.float32:
            return np.asarray(reductions[op](x, axis=axis, keepdims=p["keep"], dtype=np.float64)).astype(np.float32)
        out = reductions[op](x, axis=axis, keepdims=p["keep"])
        return out.astype(np.float64) if op == "Median" and x.dtype != np.float32 else out
    if op in ("ArgMin", "ArgMax"):
        return {"ArgMin": np.argmin, "ArgMax": np.argmax}[op](x, axis=p["axes"][0] if p["axes"] else None, keepdims=p["keep"])
    if op == "Slice":
        return x[tuple(part(i) for i in p)]
    if op == "Set":
        out = x.copy()
        out[tuple(part(i) for i in p)] = args[1]
        return out
    if op == "Reshape":
        return x.reshape(p)
    if op == "Transpose":
        return x.transpose(p)
    if op == "SwapAxes":
        return x.swapaxes(*p)
    if op == "Squeeze":
        return x.squeeze()
    if op == "ExpandDims":
        return np.expand_dims(x, p)
    if op == "BroadcastTo":
        return np.broadcast_to(x, p)
    if op == "Flip":
        return np.flip(x, tuple(p) or None)
    if op == "Roll":
        return np.roll(x, p[0], p[1])
    if op == "Repeat":
        return np.repeat(x, p[0], p[1])
    if op == "Tile":
        return np.tile(x, p)
    if op == "Pad":
        return np.pad(x, p, constant_values=1)
    if op == "Concatenate":
        return np.concatenate(args, axis=p)
    if op == "Stack":
        return np.stack(args, axis=p)
    if op == "Split":
        return np.split(x, p[0], p[1])[0]
    if op == "Take":
        return np.take(x, np.array(p[0], dtype=np.int64), axis=p[1])
    if op == "Mask":
        return x[x.astype(bool)]
    if op == "SetMask":
        out = x.copy()
        out[x.astype(bool)] = args[1]
        return out
    if op == "MatMul":
        return np.matmul(*args)
    if op == "Dot":
        return np.dot(*args)
    if op == "Sort":
        return np.sort(x, axis=p)
    if op == "ArgSort":
        return np.argsort(x, axis=p, kind="stable")
    if op == "Unique":
        return np.unique(x)
    if op == "Cumsum":
        return np.cumsum(x, axis=p, dtype=np.float32 if x.dtype == np.float32 else None)
    if op == "Diff":
        return np.diff(x, axis=p)
    raise SystemExit("unknown operation " + op)


def told(x):
    x = np.asarray(x)
    kind = x.dtype.kind
    values = [str(v) for v in x.ravel().tolist()] if kind in "iu" else [repr(float(v)) for v in x.ravel()]
    return {"dtype": str(x.dtype), "shape": list(x.shape), "values": values, "text": str(x)}


results = []
for program in json.load(sys.stdin):
    values, out = [], []
    for step in program:
        try:
            if any("ref" in a and values[a["ref"]] is None for a in step.get("args", [])):
                raise ValueError
            value = evaluate(step, values)
            values.append(np.asarray(value))
            out.append(told(values[-1]))
        except (ValueError, TypeError, IndexError, OverflowError, np.exceptions.AxisError):
            values.append(None)
            out.append(None)
    results.append(out)
json.dump(results, sys.stdout)
