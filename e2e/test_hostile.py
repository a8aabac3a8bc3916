"""Strangers at the five ports: whatever they send, the kernel answers the others.

The kernel's rule: what is not signed or not framed is dropped and logged; a signed
request gets exactly one reply, an error reply when it makes no sense.
"""

import json
import os
import struct
import time

import psutil
import pytest
import zmq

from wire import CHANNELS, DELIMITER, Client, Process, cell, text_of

MEMORY = 300 << 20  # bytes; no stranger makes the kernel larger than this


@pytest.fixture(autouse=True)
def kernel_is_well(process):
    """After each test another front end is served, and the kernel has not grown."""
    yield
    assert process.alive(), process.logged()
    with Client(process.info) as other:
        other.ready()
        reply, published = other.execute("20 + 22")
        assert reply["content"]["status"] == "ok"
        assert [m["content"]["data"]["text/plain"] for m in published if m["type"] == "execute_result"] == ["42"]
    assert process.rss() < MEMORY


# Messages that are no messages

def good_parts(client):
    return client.parts(client.header("kernel_info_request"), {})


def forged(client):
    return [DELIMITER, b"0" * 64, *good_parts(client)]


def unsigned(client):
    return [DELIMITER, b"", *good_parts(client)]


def not_hex(client):
    return [DELIMITER, "ü".encode() * 40, *good_parts(client)]


def no_delimiter(client):
    parts = good_parts(client)
    return [client.sign(parts), *parts]


def only_delimiter(client):
    return [DELIMITER]


def missing_frames(client):
    parts = good_parts(client)
    return [DELIMITER, client.sign(parts), *parts[:2]]


def empty_frames(client):
    return [b"", b"", b""]


def signed(client, *parts):
    return [DELIMITER, client.sign(list(parts)), *parts]


def bad_json(client):
    return signed(client, b"{", b"{}", b"{}", b"{}")


def bad_content(client):
    return signed(client, good_parts(client)[0], b"{}", b"{}", b"{\"code\":")


def not_an_object(client):
    return signed(client, b"[1]", b"7", b"null", b"\"x\"")


def not_utf8(client):
    header = json.dumps(client.header("execute_request")).encode()
    return signed(client, header, b"{}", b"{}", b'{"code": "\xff\xfe\x80"}')


def header_not_utf8(client):
    return signed(client, b'{"msg_id": "\xff", "msg_type": "kernel_info_request"}', b"{}", b"{}", b"{}")


def deep_json(client):
    return signed(client, good_parts(client)[0], b"{}", b"{}", b"[" * 200_000 + b"]" * 200_000)


def many_frames(client):
    return [DELIMITER] + [b"x"] * 5000


MALFORMED = [forged, unsigned, not_hex, no_delimiter, only_delimiter, missing_frames, empty_frames,
             bad_json, bad_content, not_an_object, not_utf8, header_not_utf8, deep_json, many_frames]


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
@pytest.mark.parametrize("make", MALFORMED)
def test_a_malformed_message_hurts_nobody(client, make, channel):
    client.send_frames(make(client), channel)
    # The same connection is served afterwards, or the sender gets a new one: libzmq
    # connects again by itself. Whatever comes first may answer the malformed one.
    reply, _ = client.request("kernel_info_request", {}, "shell")
    assert reply["type"] == "kernel_info_reply"


def test_a_forged_message_is_never_obeyed(client, process):
    parts = client.parts(client.header("execute_request"), cell("forged := 1"))
    client.send_frames([DELIMITER, b"0" * 64, *parts])
    reply, _ = client.execute("forged")
    assert reply["content"]["status"] == "error"
    assert "signature" in process.logged()


# Requests that make no sense: one error reply each

BAD_FIELDS = [
    ("execute_request", {}),
    ("execute_request", {"code": 5}),
    ("execute_request", {"code": None}),
    ("execute_request", {"code": "1", "silent": "yes"}),
    ("execute_request", {"code": "1", "user_expressions": [1]}),
    ("execute_request", None),
    ("complete_request", {}),
    ("complete_request", {"code": "fmt.", "cursor_pos": -1}),
    ("complete_request", {"code": "fmt.", "cursor_pos": 1000}),
    ("complete_request", {"code": "fmt.", "cursor_pos": "4"}),
    ("inspect_request", {}),
    ("inspect_request", {"code": "fmt.", "cursor_pos": 1 << 62, "detail_level": 0}),
    ("inspect_request", {"code": "fmt.", "cursor_pos": 1, "detail_level": "x"}),
    ("is_complete_request", {}),
    ("is_complete_request", {"code": ["x"]}),
    ("history_request", {}),
    ("history_request", {"hist_access_type": "sideways", "output": False, "raw": True}),
    ("history_request", {"hist_access_type": "tail", "output": False, "raw": True, "n": "many"}),
    ("comm_info_request", {"target_name": 7}),
    ("shutdown_request", {"restart": "maybe"}),
    ("no_such_request", {}),
    ("", {}),
]


@pytest.mark.parametrize("kind,content", BAD_FIELDS)
def test_a_senseless_request_gets_an_error_reply(client, kind, content):
    channel = "control" if kind == "shutdown_request" else "shell"
    if kind == "":
        # Nothing tells what reply is owed, so there may be none.
        client.send(kind, content, channel)
        return
    reply, published = client.request(kind, content, channel)
    assert reply["type"] == kind.replace("_request", "_reply")
    assert reply["content"]["status"] == "error"
    assert reply["content"]["ename"] and len(reply["content"]["evalue"]) > 10
    states = [m["content"]["execution_state"] for m in published if m["type"] == "status"]
    assert states == ["busy", "idle"]
    assert client.silent(channel)


def test_input_that_nobody_asked_for_is_dropped(client):
    client.send("input_reply", {"value": "x"}, "stdin")
    client.send("input_reply", {}, "stdin")
    client.send("execute_request", cell("1"), "stdin")
    assert client.silent("stdin")


# Connections that are no ZeroMQ

def greeting() -> bytes:
    """The first 64 bytes of ZMTP 3.0 with the NULL mechanism."""
    return b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


def ready(kind: bytes) -> bytes:
    body = b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    return b"\x04" + bytes([len(body)]) + body


PEER = {"shell": b"DEALER", "control": b"DEALER", "stdin": b"DEALER", "iopub": b"SUB", "hb": b"REQ"}


def closed_by_kernel(s) -> bool:
    """Whether the kernel hangs up; what it says before does not matter."""
    s.settimeout(20)
    try:
        while s.recv(65536):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("channel", CHANNELS)
def test_idle_connections_block_nobody(process, channel):
    """Served while ten connections have said nothing and one has said half."""
    idle = [process.connect(channel) for _ in range(10)]
    try:
        half = process.connect(channel)
        idle.append(half)
        half.sendall(greeting()[:11])
        with Client(process.info) as c:
            c.ready()
            assert c.execute("1 + 1")[0]["content"]["status"] == "ok"
    finally:
        for s in idle:
            s.close()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(range(256)) * 64, b"\0" * 4096,
                                     b"\xff" * 4096, os.urandom(1 << 20)], ids=["http", "all", "zeros", "ones", "random"])
def test_garbage_is_hung_up_on(process, channel, garbage):
    s = process.connect(channel)
    try:
        try:
            s.sendall(garbage)
        except ConnectionError:
            return  # it has hung up already
        assert closed_by_kernel(s)
    finally:
        s.close()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("length", [1 << 62, 64 << 30, (1 << 64) - 1, 1 << 63], ids=["2^62", "64GiB", "2^64-1", "2^63"])
@pytest.mark.parametrize("flags", [0x02, 0x03, 0x06], ids=["last", "more", "command"])
def test_a_frame_that_claims_too_much_is_refused(process, channel, length, flags):
    """One header of nine bytes must not make the kernel take that much memory."""
    before = process.rss()
    s = process.connect(channel)
    try:
        s.sendall(greeting() + ready(PEER[channel]))
        s.sendall(bytes([flags]) + struct.pack(">Q", length) + b"x" * 1000)
        assert closed_by_kernel(s)
    except ConnectionError:
        pass
    finally:
        s.close()
    assert process.rss() < before + (64 << 20)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_frame_before_the_greeting_ends_is_refused(process, channel):
    s = process.connect(channel)
    try:
        s.sendall(greeting() + b"\x02" + struct.pack(">Q", 1 << 62))
        assert closed_by_kernel(s)
    except ConnectionError:
        pass
    finally:
        s.close()


def test_many_connections_come_and_go(process):
    """Two hundred clients that leave in the middle of the handshake cost no descriptor."""
    def open_now():
        return psutil.Process(process.pid).num_fds()

    before = open_now()
    for i in range(200):
        s = process.connect(CHANNELS[i % 5])
        s.sendall(greeting()[: i % 65])
        s.close()
    with Client(process.info) as c:
        c.ready()
    for _ in range(100):
        if open_now() <= before + 5:
            return
        time.sleep(0.05)
    assert open_now() <= before + 5


def test_a_subscriber_that_never_reads_holds_nobody_up(process, client):
    context = zmq.Context()
    deaf = context.socket(zmq.SUB)
    deaf.rcvhwm = 1
    deaf.rcvbuf = 4096
    deaf.subscribe(b"")
    deaf.connect(f"tcp://127.0.0.1:{process.port('iopub')}")
    try:
        reply, published = client.execute("""
for i := range 200 {
	fmt.Println(i, strings.Repeat("x", 100_000))
}""", timeout=60)
        assert reply["content"]["status"] == "ok"
        assert len(text_of(published)) > 200 * 100_000
    finally:
        deaf.close(linger=0)
        context.term()


def test_a_client_that_reads_no_reply_holds_nobody_up(process):
    """A hundred requests whose answers nobody takes."""
    rude = process.connect("shell")
    try:
        with Client(process.info) as signer:
            rude.sendall(greeting() + ready(b"DEALER"))
            for _ in range(100):
                parts = signer.parts(signer.header("kernel_info_request"), {})
                frames = [DELIMITER, signer.sign(parts), *parts]
                for i, f in enumerate(frames):
                    more = 1 if i < len(frames) - 1 else 0
                    rude.sendall(bytes([more | 2]) + struct.pack(">Q", len(f)) + f)
            signer.ready()
    finally:
        rude.close()


# What every request is owed

SHELL = [
    ("kernel_info_request", {}),
    ("connect_request", {}),
    ("execute_request", cell("1")),
    ("execute_request", cell("no such thing")),
    ("complete_request", {"code": "fmt.Pri", "cursor_pos": 7}),
    ("inspect_request", {"code": "fmt.Println", "cursor_pos": 5, "detail_level": 0}),
    ("is_complete_request", {"code": "1"}),
    ("history_request", {"hist_access_type": "tail", "output": False, "raw": True, "n": 3}),
    ("comm_info_request", {}),
    ("interrupt_request", {}),
    ("debug_request", {"seq": 1, "type": "request", "command": "initialize", "arguments": {}}),
    ("create_subshell_request", {}),
    ("list_subshell_request", {}),
    ("delete_subshell_request", {"subshell_id": "x"}),
]
CONTROL = [r for r in SHELL if r[0] in ("kernel_info_request", "connect_request", "comm_info_request", "interrupt_request",
                                        "debug_request", "create_subshell_request", "list_subshell_request", "delete_subshell_request")]
# Sent to control by mistake: refused there, with a reply.
STRAYED = [r for r in SHELL if r not in CONTROL]


@pytest.mark.parametrize("channel,kind,content", [("shell", *r) for r in SHELL] + [("control", *r) for r in CONTROL + STRAYED])
def test_one_reply_between_busy_and_idle(client, channel, kind, content):
    other = {"shell": "control", "control": "shell"}[channel]
    reply, published = client.request(kind, content, channel)
    assert reply["type"] == kind.replace("_request", "_reply")
    assert reply["content"]["status"] in ("ok", "error") or kind == "is_complete_request"
    assert published[0]["content"] == {"execution_state": "busy"}
    assert published[-1]["content"] == {"execution_state": "idle"}
    assert sum(m["type"] == "status" for m in published) == 2
    assert client.silent(channel, 0.1) and client.silent(other, 0.1) and client.silent("iopub", 0.1)


@pytest.mark.parametrize("kind,content", [
    ("comm_open", {"comm_id": "c1", "target_name": "no such target", "data": {}}),
    ("comm_msg", {"comm_id": "no such comm", "data": {}}),
    ("comm_close", {"comm_id": "no such comm", "data": {}}),
    ("comm_open", {}),
    ("comm_msg", {"comm_id": 7}),
])
def test_comm_messages_have_busy_and_idle_and_no_reply(client, kind, content):
    published = client.until_idle(client.send(kind, content))
    assert published[0]["content"] == {"execution_state": "busy"}
    assert client.silent("shell")


def test_every_message_is_what_its_header_says(client):
    reply, published = client.execute('fmt.Println("x"); 5')
    for m in [reply, *published]:
        header = m["header"]
        assert header["version"] == "5.4" and header["msg_id"] and header["session"]
        assert header["date"].endswith("Z")
        assert m["parent"]["session"] == client.session
    assert len({m["header"]["msg_id"] for m in published}) == len(published)


def test_control_is_answered_while_a_cell_runs(client):
    """In the order of events: input published, control answered, cell interrupted, reply."""
    running = client.send("execute_request", cell("time.Sleep(30 * time.Second)"))
    while client.receive("iopub")["type"] != "execute_input":
        pass
    info = client.reply_to(client.send("kernel_info_request", {}, "control"), "control")
    assert info["type"] == "kernel_info_reply"
    client.reply_to(client.send("interrupt_request", {}, "control"), "control")
    assert client.reply_to(running)["content"]["status"] == "error"


def test_a_subscriber_is_welcomed(process):
    """JEP 65: a front end learns that its subscription is there."""
    for topic in (b"", b"kernel.", b"\xff\xfe"):
        context = zmq.Context()
        s = context.socket(zmq.SUB)
        s.linger = 0
        s.subscribe(topic)
        s.connect(f"tcp://127.0.0.1:{process.port('iopub')}")
        try:
            assert s.poll(20_000), topic
            frames = s.recv_multipart()
            with Client(process.info, ()) as c:
                m = c.decode(frames)
            assert m["type"] == "iopub_welcome" and m["topic"] == [topic]
            if topic != b"\xff\xfe":  # JSON has no such string
                assert m["content"]["subscription"] == topic.decode()
        finally:
            context.destroy(linger=0)


def test_the_heartbeat_echoes_what_it_gets(process):
    with Client(process.info, ("hb",)) as c:
        for frames in ([b"ping"], [b""], [b"a", b"", b"b"], [os.urandom(1 << 16)]):
            c.socket["hb"].send_multipart(frames)
            assert c.socket["hb"].poll(20_000)
            assert c.socket["hb"].recv_multipart() == frames


def test_only_the_owner_reads_the_connection_file():
    """A kernel that makes its own connection file keeps the key to itself."""
    with Process() as p, Client(p.info) as c:
        c.ready()
        assert p.file.stat().st_mode & 0o077 == 0
