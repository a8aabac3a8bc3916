"""A notebook's kernel as nbclient and JupyterLab's server drive it: over jupyter_client."""

import dataclasses
import time

from jupyter_client.manager import KernelManager

PATIENCE = 30.0  # seconds; ends tests that hang


@dataclasses.dataclass
class Cell:
    """What came of a cell: the content of its reply, and what it published."""

    reply: dict
    outputs: list[dict]
    msg_id: str
    seconds: float

    @property
    def status(self) -> str:
        return self.reply["status"]

    def all(self, kind: str) -> list[dict]:
        """The contents of the published messages of a type."""
        return [m["content"] for m in self.outputs if m["msg_type"] == kind]

    def text(self, name: str = "stdout") -> str:
        return "".join(s["text"] for s in self.all("stream") if s["name"] == name)

    @property
    def value(self) -> str | None:
        """The shown value as text; None when there is none."""
        results = self.all("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    @property
    def error(self) -> dict:
        """The published error; the cell must have failed with one."""
        errors = self.all("error")
        assert self.status == "error" and len(errors) == 1, (self.reply, self.outputs)
        return errors[0]

    @property
    def traceback(self) -> str:
        return "\n".join(self.error["traceback"])


class Notebook:
    def __init__(self, name: str = "dagbook", **start):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(**start)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def start(self, code: str, **fields) -> str:
        """Sends a cell and returns its message id."""
        fields = {"allow_stdin": False} | fields
        return self.client.execute(code, **fields)

    def finish(self, msg_id: str, started: float | None = None, timeout: float = PATIENCE) -> Cell:
        """Reads a cell's messages until its idle, then its reply."""
        started = time.monotonic() if started is None else started
        outputs = []
        while True:
            m = self.client.get_iopub_msg(timeout=timeout)
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            outputs.append(m)
            if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                break
        seconds = time.monotonic() - started
        while True:
            reply = self.client.get_shell_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == msg_id:
                return Cell(reply["content"], outputs, msg_id, seconds)

    def run(self, code: str, timeout: float = PATIENCE, **fields) -> Cell:
        started = time.monotonic()
        return self.finish(self.start(code, **fields), started, timeout)

    def ok(self, code: str, timeout: float = PATIENCE, **fields) -> Cell:
        """Runs a cell that must not fail."""
        cell = self.run(code, timeout, **fields)
        assert cell.status == "ok", f"{code}\n{cell.reply.get('ename')}: {cell.reply.get('evalue')}"
        return cell

    def value(self, code: str) -> str | None:
        return self.ok(code).value

    def wait_for_output(self, msg_id: str, kind: str, timeout: float = PATIENCE) -> dict:
        """Reads until a message of a type comes for a request: the cell has got so far."""
        while True:
            m = self.client.get_iopub_msg(timeout=timeout)
            if m["parent_header"].get("msg_id") == msg_id and m["msg_type"] == kind:
                return m
