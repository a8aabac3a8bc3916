"""A plain ZeroMQ client of a Jupyter kernel, and the kernel's process.

jupyter_client hides what a kernel does wrong: it drops what it does not expect, retries
and polls. This client does nothing but send, sign, receive and check signatures, so that
the hostile tests can send what no client would, and the benchmark measures the kernel
and not the client. The same code serves dagbook and ipykernel.
"""

import hashlib
import hmac
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpecManager

CHANNELS = ("shell", "control", "stdin", "iopub", "hb")
DELIMITER = b"<IDS|MSG>"
PATIENCE = 20.0  # seconds; ends tests that hang


def kernel_argv(name: str = "dagbook") -> list[str]:
    """The command of an installed kernel, with {connection_file} still in it."""
    argv = list(KernelSpecManager().get_kernel_spec(name).argv)
    if argv[0] == "python":
        argv[0] = sys.executable
    return argv


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


class Process:
    """A kernel process that was started directly, with its own connection file."""

    def __init__(self, name: str = "dagbook", env: dict | None = None):
        self.dir = tempfile.TemporaryDirectory(prefix="e2e-kernel-")
        folder = pathlib.Path(self.dir.name)
        self.file = folder / "connection.json"
        self.info = {f"{c}_port": p for c, p in zip(CHANNELS, free_ports(5))}
        self.info |= {"ip": "127.0.0.1", "transport": "tcp", "key": uuid.uuid4().hex,
                      "signature_scheme": "hmac-sha256", "kernel_name": name}
        self.file.write_text(json.dumps(self.info))
        self.log = open(folder / "log.txt", "w+")
        argv = [a.replace("{connection_file}", str(self.file)) for a in kernel_argv(name)]
        environment = {k: v for k, v in os.environ.items() if k != "JPY_PARENT_PID"} | (env or {})
        self.started = time.perf_counter()
        self.popen = subprocess.Popen(argv, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                                      env=environment, start_new_session=True)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def alive(self) -> bool:
        return self.popen.poll() is None

    def rss(self) -> int:
        """Resident memory in bytes."""
        return psutil.Process(self.pid).memory_info().rss

    def logged(self) -> str:
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def port(self, channel: str) -> int:
        return self.info[f"{channel}_port"]

    def connect(self, channel: str) -> socket.socket:
        """A bare TCP connection to a channel's port."""
        return socket.create_connection(("127.0.0.1", self.port(channel)), timeout=PATIENCE)

    def interrupt(self) -> None:
        os.kill(self.pid, signal.SIGINT)

    def stop(self) -> None:
        """Ends the process, if it still runs, and removes its files."""
        if self.alive():
            self.popen.kill()
        self.popen.wait()
        self.log.close()
        self.dir.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Client:
    """One front end: a socket per channel and a session id."""

    def __init__(self, info: dict, channels=("shell", "control", "stdin", "iopub")):
        self.info = info
        self.key = info["key"].encode()
        self.session = uuid.uuid4().hex
        self.context = zmq.Context()
        self.socket = {c: self._open(c) for c in channels}

    def _open(self, channel: str) -> zmq.Socket:
        kind = {"iopub": zmq.SUB, "hb": zmq.REQ}.get(channel, zmq.DEALER)
        s = self.context.socket(kind)
        s.linger = 0
        s.reconnect_ivl = 2  # ms; by default a kernel that is not there yet is tried each 100 ms
        if kind == zmq.DEALER:
            s.identity = self.session.encode()
        if kind == zmq.SUB:
            s.rcvhwm = 0
            s.subscribe(b"")
        s.connect(self.address(channel))
        return s

    def address(self, channel: str) -> str:
        separator = "-" if self.info["transport"] == "ipc" else ":"
        return f"{self.info['transport']}://{self.info['ip']}{separator}{self.info[channel + '_port']}"

    def close(self) -> None:
        self.context.destroy(linger=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Sending

    def sign(self, parts: list[bytes]) -> bytes:
        mac = hmac.new(self.key, digestmod=hashlib.sha256)
        for p in parts:
            mac.update(p)
        return mac.hexdigest().encode()

    def header(self, kind: str, **changes) -> dict:
        h = {"msg_id": uuid.uuid4().hex, "session": self.session, "username": "e2e",
             "date": "2026-01-01T00:00:00.000000Z", "msg_type": kind, "version": "5.4"}
        return h | changes

    def parts(self, header: dict, content, parent: dict | None = None) -> list[bytes]:
        return [json.dumps(x).encode() for x in (header, parent or {}, {}, content)]

    def send(self, kind: str, content, channel: str = "shell", parent: dict | None = None) -> str:
        """Sends a message and returns its id."""
        header = self.header(kind)
        parts = self.parts(header, content, parent)
        self.socket[channel].send_multipart([DELIMITER, self.sign(parts), *parts])
        return header["msg_id"]

    def send_frames(self, frames: list[bytes], channel: str = "shell") -> None:
        self.socket[channel].send_multipart(frames)

    # Receiving

    def receive(self, channel: str, timeout: float = PATIENCE) -> dict:
        """The next message of a channel; TimeoutError when none comes."""
        if not self.socket[channel].poll(int(timeout * 1000)):
            raise TimeoutError(f"nothing came on {channel} in {timeout} s")
        return self.decode(self.socket[channel].recv_multipart())

    def decode(self, frames: list[bytes]) -> dict:
        at = frames.index(DELIMITER)
        signature, *parts = frames[at + 1:at + 6]
        if not hmac.compare_digest(signature, self.sign(parts)):
            raise ValueError("the kernel's signature is wrong")
        header, parent, metadata, content = map(json.loads, parts)
        return {"type": header["msg_type"], "header": header, "parent": parent, "metadata": metadata,
                "content": content, "topic": frames[:at]}

    def silent(self, channel: str, seconds: float = 0.3) -> bool:
        """Whether nothing more comes on a channel."""
        return not self.socket[channel].poll(int(seconds * 1000))

    def reply_to(self, msg_id: str, channel: str = "shell", timeout: float = PATIENCE) -> dict:
        """The reply to one request; replies to others are passed over."""
        end = time.monotonic() + timeout
        while True:
            m = self.receive(channel, max(0.01, end - time.monotonic()))
            if m["parent"].get("msg_id") == msg_id:
                return m

    def until_idle(self, msg_id: str, timeout: float = PATIENCE) -> list[dict]:
        """What is published for a request, busy and idle included."""
        end = time.monotonic() + timeout
        found = []
        while True:
            m = self.receive("iopub", max(0.01, end - time.monotonic()))
            if m["parent"].get("msg_id") != msg_id:
                continue
            found.append(m)
            if m["type"] == "status" and m["content"]["execution_state"] == "idle":
                return found

    def request(self, kind: str, content, channel: str = "shell", timeout: float = PATIENCE) -> tuple[dict, list[dict]]:
        """Sends a request; its reply and what was published for it."""
        msg_id = self.send(kind, content, channel)
        return self.reply_to(msg_id, channel, timeout), self.until_idle(msg_id, timeout)

    def execute(self, code: str, timeout: float = PATIENCE, **fields) -> tuple[dict, list[dict]]:
        return self.request("execute_request", cell(code, **fields), timeout=timeout)

    def ready(self, timeout: float = 60) -> dict:
        """Waits for the kernel's first kernel_info_reply and for the subscription, and
        returns the reply."""
        reply = self.reply_to(self.send("kernel_info_request", {}), timeout=timeout)
        self.subscribed(timeout)
        return reply

    def subscribed(self, timeout: float = 60) -> None:
        """Waits until what is published arrives here: until a request's idle does."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            msg_id = self.send("kernel_info_request", {})
            self.reply_to(msg_id, timeout=timeout)
            try:
                self.until_idle(msg_id, timeout=1)
                return
            except TimeoutError:
                continue
        raise TimeoutError("nothing that the kernel publishes arrives")


def cell(code: str, **fields) -> dict:
    """The content of an execute_request."""
    return {"code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True} | fields


def text_of(messages: list[dict], name: str = "stdout") -> str:
    """What was printed on a stream."""
    return "".join(m["content"]["text"] for m in messages if m["type"] == "stream" and m["content"]["name"] == name)


def gone(pid: int, timeout: float = PATIENCE) -> bool:
    """Waits for a process that is not a child of ours to end."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
