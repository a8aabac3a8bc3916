"""Takes from recorded conversations of ipykernel, ipywidgets and a front end what widgets say:

    python testdata/recordings.py FOLDER    writes testdata/recordings/*.json

Each recording becomes a list of steps: what the front end did, and what the kernel then sent.
Pictures and texts of errors are left out: they are not the protocol.
"""

import json
import pathlib
import sys

OUT = pathlib.Path(__file__).parent / "recordings"


def kept(m):
    t, c = m["msg_type"], m["content"]
    buffers = len(m["buffers"])
    if t == "comm_open":
        return {"type": t, "comm": c["comm_id"], "target": c["target_name"], "data": c["data"], "metadata": m["metadata"], "buffers": buffers}
    if t in ("comm_msg", "comm_close"):
        return {"type": t, "comm": c["comm_id"], "data": c["data"], "buffers": buffers}
    if t == "clear_output":
        return {"type": t, "wait": c["wait"]}
    if t == "stream":
        return {"type": t, "text": c["text"]}
    if t in ("display_data", "execute_result"):
        return {"type": "shown", "view": c["data"].get("application/vnd.jupyter.widget-view+json")}
    if t == "error":
        return {"type": t}
    return None


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    steps = [{"note": "start", "sent": [], "got": []}]
    for m in json.loads(path.read_text()):
        if "NOTE" in m:
            steps.append({"note": m["NOTE"], "sent": [], "got": []})
            continue
        if m["dir"].startswith("client"):
            if m["msg_type"].startswith("comm_") and m["msg_type"] != "comm_info_request":
                steps[-1]["sent"].append(kept(m) | {"id": m["msg_id"]})
            elif m["msg_type"] == "execute_request":
                steps[-1]["id"] = m["msg_id"]
            continue
        if m["channel"] == "iopub" and (k := kept(m)):
            steps[-1]["got"].append(k)
    steps = [s for s in steps if s["sent"] or s["got"]]
    if path.stem != "progress_tqdm":
        (OUT / path.name).write_text(json.dumps(steps, indent=1) + "\n")
