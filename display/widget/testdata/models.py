"""Writes ../models.json: what the models of ipywidgets hold when nothing is set.

Run it with the Python of the lessons (requirements.txt):  python testdata/models.py > models.json
"""
import json

import ipywidgets as w

KINDS = [
    w.IntSlider, w.FloatSlider, w.FloatLogSlider, w.IntRangeSlider, w.FloatRangeSlider, w.IntText,
    w.BoundedIntText, w.FloatText, w.BoundedFloatText, w.IntProgress, w.FloatProgress, w.Play, w.Button, w.ToggleButton, w.Checkbox,
    w.Valid, w.Dropdown, w.Select, w.SelectMultiple, w.RadioButtons, w.ToggleButtons, w.SelectionSlider,
    w.Text, w.Textarea, w.Password, w.Combobox, w.DatePicker, w.ColorPicker, w.HTML, w.HTMLMath, w.Label,
    w.Image, w.Output, w.Box, w.VBox, w.HBox, w.GridBox, w.Tab, w.Accordion, w.Stack,
]


models = {}


def add(widget):
    name = widget.__class__.__name__
    if name in models:
        return name
    state = {k: v for k, v in widget.get_state().items() if k not in ("layout", "style")}
    state = {k: None if isinstance(v, (bytes, memoryview)) else v for k, v in state.items()}
    models[name] = {"state": state, "refs": {}}
    for k in ("layout", "style"):
        if k in widget.keys:
            models[name]["refs"][k] = add(getattr(widget, k))
    return name


for kind in KINDS:
    add(kind(**({"options": ["a"]} if kind is w.SelectionSlider else {})))
for name in ("LinkModel", "DirectionalLinkModel"):
    models[name.removesuffix("Model")] = {"refs": {}, "state": {
        "_model_module": "@jupyter-widgets/controls", "_model_module_version": "2.0.0", "_model_name": name,
        "_view_count": None, "_view_module": "@jupyter-widgets/controls", "_view_module_version": "2.0.0", "_view_name": None,
        "source": [], "target": []}}
print(json.dumps(models, indent=1, sort_keys=True, default=str))
