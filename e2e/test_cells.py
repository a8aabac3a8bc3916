"""Cells as a front end sends them: values, output, errors, input, history, display."""

import re
import time

import pytest

from notebook import PATIENCE, Notebook


# Values

@pytest.mark.parametrize("code,value", [
    ("1 + 1", "2"),
    ('"text"', "text"),
    ("[]int{1, 2}", None),
    ('strings.ToUpper("imported on use")', "IMPORTED ON USE"),
    ("x := 5\nx * 2", "10"),
    ("func twice(n int) int { return 2 * n }\ntwice(21)", "42"),
    ('strconv.Atoi("12")', "12"),
    ("must(strconv.Atoi(\"13\"))", "13"),
    ("min(3, 1, 2)", "1"),
])
def test_the_last_expression_is_shown(shared, code, value):
    shown = shared.value(code)
    assert shown is not None
    if value is not None:
        assert shown == value


@pytest.mark.parametrize("code", ["1 + 1;", "x := 5", "func f() {}", "// nothing", "", "\n\n", "for range 3 {}"])
def test_nothing_is_shown(shared, code):
    assert shared.value(code) is None


def test_each_of_several_expressions_is_shown(shared):
    cell = shared.ok('files := []string{"a", "b"}\nlen(files), files[0]')
    shown = [c["data"]["text/plain"] for m in cell.outputs if m["msg_type"] in ("display_data", "execute_result") for c in [m["content"]]]
    assert shown == ["2", "a"]


def test_the_execution_count_counts(shared):
    first = shared.ok("1").reply["execution_count"]
    cell = shared.ok("2")
    assert cell.reply["execution_count"] == first + 1
    assert cell.all("execute_input") == [{"code": "2", "execution_count": first + 1}]
    assert cell.all("execute_result")[0]["execution_count"] == first + 1


def test_a_name_may_be_declared_again(shared):
    shared.ok("x := 1\nfunc f() int { return x }")
    assert shared.value("x := 7\nf()") == "7"
    shared.ok('x := "now a string"')
    assert shared.value("x") == "now a string"
    assert shared.value("func f() string { return x + x }\nf()") == "now a stringnow a string"
    assert shared.value("y := 1\ny := 2.5\ny") == "2.5"


# Output

def test_streams_are_told_apart(shared):
    cell = shared.ok('fmt.Println("out"); fmt.Fprintln(os.Stderr, "err"); println("too")')
    assert cell.text("stdout") == "out\n"
    assert cell.text("stderr") == "err\ntoo\n"


@pytest.mark.parametrize("code,printed", [
    ('os.Stdout.WriteString("file\\n");', "file\n"),
    ('fmt.Fprint(os.Stdout, "a", 1, "\\n");', "a1\n"),
    ('import "os/exec"\ncmd := exec.Command("echo", "a child")\ncmd.Stdout = os.Stdout\nif err := cmd.Run(); err != nil { panic(err) }', "a child\n"),
    ('log.New(os.Stdout, "", 0).Print("logged")', "logged\n"),
    ('w := bufio.NewWriter(os.Stdout)\nfmt.Fprintln(w, "buffered")\nw.Flush();', "buffered\n"),
    ('fmt.Print("ü€🙂\\n");', "ü€🙂\n"),
])
def test_output_is_captured_however_it_is_written(shared, code, printed):
    assert shared.ok(code).text() == printed


def test_raw_descriptors_are_captured(shared):
    """A child that inherits the kernel's own descriptors 1 and 2 writes to the cell."""
    cell = shared.ok("""
import "os/exec"
out := os.NewFile(1, "fd1")
fmt.Fprintln(out, "to descriptor 1")
cmd := exec.Command("sh", "-c", "echo to descriptor 2 >&2")
cmd.Stderr = os.NewFile(2, "fd2")
if err := cmd.Run(); err != nil { panic(err) }""")
    assert "to descriptor 1\n" in cell.text("stdout")
    assert "to descriptor 2\n" in cell.text("stderr")


def test_printed_lines_are_gathered(shared):
    cell = shared.ok('for i := range 10_000 { fmt.Println("line", i) }')
    lines = cell.text().splitlines()
    assert lines == [f"line {i}" for i in range(10_000)]
    assert len(cell.all("stream")) <= 20


def test_output_comes_while_the_cell_runs(shared):
    msg_id = shared.start('fmt.Println("first"); time.Sleep(20 * time.Second)')
    assert shared.wait_for_output(msg_id, "stream")["content"]["text"] == "first\n"
    shared.manager.interrupt_kernel()
    assert shared.finish(msg_id).status == "error"


def test_a_goroutine_prints_into_the_cell_that_started_it(shared):
    first = shared.ok("""
go_on := make(chan bool)
said := make(chan bool)
go func() { <-go_on; fmt.Println("from the first cell"); said <- true }()""")
    second = shared.start('fmt.Println("second"); go_on <- true; <-said;')
    texts = {}
    while len(texts) < 2:
        m = shared.client.get_iopub_msg(timeout=PATIENCE)
        if m["msg_type"] == "stream":
            texts[m["parent_header"]["msg_id"]] = m["content"]["text"]
    assert texts == {first.msg_id: "from the first cell\n", second: "second\n"}
    assert shared.client.get_shell_msg(timeout=PATIENCE)["content"]["status"] == "ok"


# Errors

def plain(text: str) -> str:
    """Text without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_compile_error_names_the_place(shared):
    cell = shared.run('a := 1\nb := a +\n    undefinedName\nb')
    number = cell.reply["execution_count"]
    assert f"cell {number}, line 3, column 5" in cell.error["evalue"]
    assert "undefinedName" in cell.error["evalue"]
    lines = plain(cell.traceback).splitlines()
    at = next(i for i, line in enumerate(lines) if line.strip() == "undefinedName")
    assert lines[at + 1].index("^") == lines[at].index("undefinedName")
    reply = cell.reply
    assert (reply["ename"], reply["evalue"], reply["traceback"]) == (cell.error["ename"], cell.error["evalue"], cell.error["traceback"])


def test_a_misspelt_name_is_guessed(shared):
    assert "Println" in shared.run('fmt.Prinln("x")').error["evalue"]


@pytest.mark.parametrize("code,part", [("func (", "line 1"), ("x := := 1", "line 1"), ('"unfinished', "line 1"), ("if true {", "line 1")])
def test_a_syntax_error_is_an_error(shared, code, part):
    assert part in shared.run(code).error["evalue"]


def test_a_run_time_error_has_a_traceback_of_cells(shared):
    first = shared.ok("func third(s []int) int {\n\treturn s[3]\n}")
    cell = shared.run("numbers := []int{1}\n\nthird(numbers)")
    assert "out of range" in cell.error["evalue"]
    text = plain(cell.traceback)
    assert f"cell {first.reply['execution_count']}, line 2" in text
    assert f"cell {cell.reply['execution_count']}, line 3" in text
    assert "reflect." not in text and ".go:" not in text


@pytest.mark.parametrize("code,part", [
    ('panic("on purpose")', "on purpose"),
    ('panic(fmt.Errorf("wrapped: %w", io.EOF))', "wrapped: EOF"),
    ('var m map[string]int\nm["x"] = 1', "nil map"),
    ("var p *struct{ X int }\np.X", "nil pointer"),
    ("zero := 0\n1 / zero", "divide"),
    ('strconv.Atoi("x")', "invalid syntax"),
    ('must(os.Open("no such file"))', "no such file"),
])
def test_a_failing_cell_says_why(shared, code, part):
    cell = shared.run(code)
    assert part in cell.error["evalue"]
    assert shared.value("1 + 1") == "2"


def test_os_exit_ends_only_the_cell(shared):
    shared.ok("kept := 5")
    assert "3" in shared.run('fmt.Println("before"); os.Exit(3)').error["evalue"]
    assert shared.value("kept") == "5"


@pytest.mark.parametrize("code", ['log.Fatal("the end")', "runtime.Goexit()"])
def test_other_ways_to_end_end_only_the_cell(shared, code):
    shared.ok("kept := 6")
    shared.run(code)
    assert shared.value("kept") == "6"


def test_a_panic_in_a_goroutine_is_told_and_survived(shared):
    cell = shared.run("""
kept := 7
finished := make(chan bool)
go func() { defer close(finished); panic("in a goroutine") }()
<-finished
time.Sleep(200 * time.Millisecond)""")
    assert "in a goroutine" in cell.text("stderr") + str(cell.reply.get("evalue"))
    assert shared.value("kept") == "7"


def test_runaway_recursion_is_survived(fresh):
    fresh.ok("kept := 8")
    cell = fresh.run("func down(n int) int { return down(n+1) + 1 }\ndown(0)", timeout=120)
    assert cell.status == "error"
    assert fresh.value("kept") == "8"


def test_a_whole_program_runs(shared):
    cell = shared.ok("""package main

import (
	"fmt"
	"strings"
)

type greeter struct{ name string }

func (g greeter) greet() string { return "hello, " + g.name }

func main() {
	fmt.Println(strings.ToUpper(greeter{"world"}.greet()))
}
""")
    assert cell.text() == "HELLO, WORLD\n"


def test_an_error_aborts_the_cells_behind_it(shared):
    ids = [shared.start(code) for code in ('time.Sleep(200 * time.Millisecond); panic("first")', "ranSecond := 1", "ranThird := 1")]
    replies = {}
    while len(replies) < 3:
        m = shared.client.get_shell_msg(timeout=PATIENCE)
        replies[m["parent_header"]["msg_id"]] = m["content"]["status"]
    assert [replies[i] for i in ids] == ["error", "aborted", "aborted"]
    assert shared.run("ranSecond").status == "error"


def test_stop_on_error_may_be_off(shared):
    shared.ok("ran := 0")
    ids = [shared.start(code, stop_on_error=False) for code in ('time.Sleep(200 * time.Millisecond); panic("first")', "ran = 1")]
    assert [shared.finish(i).status for i in ids] == ["error", "ok"]
    assert shared.value("ran") == "1"


# The fields of a request

def test_silent_shows_and_counts_nothing(shared):
    before = shared.ok("1").reply["execution_count"]
    cell = shared.ok('quiet := 5; fmt.Println("x"); quiet', silent=True)
    assert {m["msg_type"] for m in cell.outputs} == {"status"}
    after = shared.ok("quiet")
    assert after.value == "5" and after.reply["execution_count"] == before + 1


def test_store_history_off_counts_nothing(shared):
    before = shared.ok("1").reply["execution_count"]
    assert shared.ok("2", store_history=False).value == "2"
    assert shared.ok("3").reply["execution_count"] == before + 1


def test_user_expressions(shared):
    cell = shared.ok("n := 20", user_expressions={"good": "n + 1", "bad": "noSuchName", "nothing": ""})
    results = cell.reply["user_expressions"]
    assert results["good"] == {"status": "ok", "data": {"text/plain": "21"}, "metadata": {}}
    assert results["bad"]["status"] == "error" and "noSuchName" in results["bad"]["evalue"]
    assert results["nothing"]["status"] == "error"


# Input

@pytest.mark.parametrize("code,lines,printed", [
    ('var name string\nfmt.Print("Name? ")\nfmt.Scanln(&name)\nfmt.Println("hello,", name)', ["Ada"], "Name? hello, Ada\n"),
    ("var a, b int\nfmt.Scan(&a, &b)\nfmt.Println(a + b)", ["3", "4"], "7\n"),
    ("s := bufio.NewScanner(os.Stdin)\nfor s.Scan() {\n\tif s.Text() == \"end\" { break }\n\tfmt.Println(\"got\", s.Text())\n}",
     ["one", "two", "end"], "got one\ngot two\n"),
    ("line, err := bufio.NewReader(os.Stdin).ReadString('\\n')\nfmt.Printf(\"%q %v\\n\", line, err)", ["x y"], '"x y\\n" <nil>\n'),
])
def test_input_comes_from_the_person(shared, code, lines, printed):
    msg_id = shared.start(code + ";", allow_stdin=True)
    for line in lines:
        request = shared.client.get_stdin_msg(timeout=PATIENCE)
        assert request["msg_type"] == "input_request"
        assert request["parent_header"]["msg_id"] == msg_id
        assert request["content"]["password"] is False
        shared.client.input(line)
    cell = shared.finish(msg_id)
    assert cell.status == "ok", cell.reply
    assert cell.text() == printed


def test_input_that_nobody_may_give_is_an_error(shared):
    cell = shared.run("var name string\n_, err := fmt.Scanln(&name)\nif err != nil { panic(err) }", allow_stdin=False)
    assert "allow_stdin" in cell.error["evalue"] or "ask" in cell.error["evalue"]


def test_a_prompt_can_be_interrupted(shared):
    msg_id = shared.start("var s string\nfmt.Scanln(&s)", allow_stdin=True)
    shared.client.get_stdin_msg(timeout=PATIENCE)
    shared.manager.interrupt_kernel()
    shared.finish(msg_id)
    assert shared.value("2 + 2") == "4"


# History

def test_history_is_kept_across_sessions():
    with Notebook() as first:
        first.ok("inThePast := 1 // e2e marker")
        first.client.shutdown()
        first.manager.finish_shutdown(waittime=PATIENCE)
    with Notebook() as second:
        second.ok("7 * 6")

        def ask(**query):
            second.client.history(**query)
            return second.client.get_shell_msg(timeout=PATIENCE)["content"]["history"]

        assert [h[2] for h in ask(hist_access_type="tail", n=2)] == ["inThePast := 1 // e2e marker", "7 * 6"]
        assert ask(hist_access_type="tail", n=1, output=True)[0][2] == ["7 * 6", "42"]
        assert [h[2] for h in ask(hist_access_type="search", pattern="*e2e marker*")] == ["inThePast := 1 // e2e marker"]
        assert [h[1:] for h in ask(hist_access_type="range", session=0, start=1, stop=2)] == [[1, "7 * 6"]]


# Completion and inspection

def matches(nb, code, cursor=None):
    nb.client.complete(code, len(code) if cursor is None else cursor)
    return nb.client.get_shell_msg(timeout=PATIENCE)["content"]


@pytest.mark.parametrize("code,some", [
    ("strings.HasP", ["HasPrefix"]),
    ("taskgraph.Del", ["Delayed"]),
    ("strco", ["strconv"]),
    ("completable.Fir", ["First"]),
    ("comple", ["completable"]),
    ("time.Now().Uni", ["Unix", "UnixNano"]),
])
def test_completion(shared, code, some):
    shared.ok("completable := struct{ First, Second int }{1, 2}")
    content = matches(shared, code)
    texts = [m.rpartition(".")[2] for m in content["matches"]]
    assert set(some) <= set(texts), texts
    kinds = content["metadata"]["_jupyter_types_experimental"]
    assert [k["text"] for k in kinds] == content["matches"] and all(k["type"] for k in kinds)
    for m in content["matches"]:
        assert code[content["cursor_start"]:content["cursor_end"]] in ("", code[-len(code):], code.rpartition(".")[2]), m


@pytest.mark.parametrize("code,first,kind", [
    ("var wanted string = rank", "rankText", "instance"),
    ("var wanted int = rank", "rankInt", "instance"),
    ("rankTakes(rank", "rankInt", "instance"),
    ("ranked{A: 1, ", "B:", "property"),
    ("for _, each := range []ranked{} {\n\teach.", "A", "property"),
    ("rankMake().", "A", "property"),
    ("import \"encoding/js", "encoding/json", "module"),
    ("strings.Bu", "Builder", "type"),
    ("cont", "context", "module"),
    ("for {\n\tcont", "continue", "keyword"),
])
def test_completion_is_ordered_by_what_is_wanted(shared, code, first, kind):
    shared.ok("""rankBool, rankInt, rankText := true, 1, "a"
type ranked struct{ A int; B string }
func rankMake() ranked { return ranked{} }
func rankTakes(n int) {}""")
    content = matches(shared, code)
    assert content["matches"][0] == first
    best = content["metadata"]["_jupyter_types_experimental"][0]
    assert best["type"] == kind and best["end"] == len(code)


def test_completion_gives_signatures(shared):
    content = matches(shared, "strings.HasPref")
    assert content["metadata"]["_jupyter_types_experimental"] == [
        {"text": "HasPrefix", "type": "function", "signature": "(s string, prefix string) bool", "start": 8, "end": 15}]


def test_completion_of_a_package_leaves_a_cell_that_runs(shared):
    content = matches(shared, "b := strings.Bu")
    code = "b := strings." + content["matches"][0] + "{}"
    assert shared.ok(code + "\nb.WriteString(\"built\")\nb.String()").value == "built"


@pytest.mark.parametrize("code", ['"inside.', "// rem", "%%bash\nech", "var na"])
def test_nothing_is_completed_where_no_name_stands(shared, code):
    assert matches(shared, code)["matches"] == []


def test_completion_counts_characters_not_bytes(shared):
    code = 's := "ü€🙂"; strings.HasP'
    content = matches(shared, code)
    assert code[content["cursor_start"]:content["cursor_end"]] == "HasP"
    assert content["matches"] == ["HasPrefix"]


@pytest.mark.parametrize("code,signature,doc", [
    ("strings.HasPrefix", "func strings.HasPrefix(s string, prefix string) bool", "begins with prefix"),
    ("taskgraph.Delayed", "Delayed", ""),
    ("inspectable", "inspectable", ""),
])
def test_inspection(shared, code, signature, doc):
    shared.ok("// inspectable is of the user.\nfunc inspectable(n int) string { return \"\" }")
    shared.client.inspect(code, len(code))
    content = shared.client.get_shell_msg(timeout=PATIENCE)["content"]
    assert content["found"]
    text = plain(content["data"]["text/plain"])
    assert signature.replace("prefix string", "").split("(")[0].split(".")[-1] in text and doc in text


def test_inspection_of_a_type_and_its_source(shared):
    shared.ok("// described is a type.\ntype described struct {\n\tSize int // in pixels\n}\nfunc (d described) Grow(by int) {}")
    shared.client.inspect("described", 3, detail_level=1)
    text = plain(shared.client.get_shell_msg(timeout=PATIENCE)["content"]["data"]["text/plain"])
    for part in ("Size int", "Grow(by int)", "described is a type.", "// in pixels"):
        assert part in text
    shared.client.inspect("described{}.Size", 14)
    text = plain(shared.client.get_shell_msg(timeout=PATIENCE)["content"]["data"]["text/plain"])
    assert text == "field Size int\n\nin pixels"


def test_nothing_to_inspect_is_no_error(shared):
    shared.client.inspect("noSuchName", 3)
    content = shared.client.get_shell_msg(timeout=PATIENCE)["content"]
    assert content["status"] == "ok" and content["found"] is False


# Display

def test_show_update_and_clear(shared):
    cell = shared.ok('h := display.Show("before")\nh.Update("after")\ndisplay.Clear(true)')
    shown, updated = cell.all("display_data"), cell.all("update_display_data")
    assert [d["data"]["text/plain"] for d in shown + updated] == ["before", "after"]
    assert shown[0]["transient"]["display_id"] == updated[0]["transient"]["display_id"]
    assert cell.all("clear_output") == [{"wait": True}]
    later = shared.ok('h.Update("much later")').all("update_display_data")
    assert later[0]["transient"]["display_id"] == shown[0]["transient"]["display_id"]


@pytest.mark.parametrize("code,mime", [
    ('display.HTML("<b>x</b>")', "text/html"),
    ('display.Markdown("**x**")', "text/markdown"),
    ('display.Math("x^2")', "text/latex"),
    ('display.SVG("<svg/>")', "image/svg+xml"),
    ('display.JSON(map[string]int{"a": 1})', "application/json"),
    ('display.VegaLite(map[string]any{"mark": "bar"})', None),
    ("image.NewGray(image.Rect(0, 0, 4, 4))", "image/png"),
    ("[]struct{ Name string; Age int }{{\"Ada\", 36}, {\"Bob\", 40}}", "text/html"),
])
def test_rich_values(shared, code, mime):
    cell = shared.ok(code)
    data = cell.all("execute_result")[0]["data"]
    assert "text/plain" in data
    assert mime in data if mime else any(k.startswith("application/vnd.vegalite") for k in data)


@pytest.mark.parametrize("code", ["taskgraph.Delayed(func() int { return 1 })().Visualize()", 'display.SVG("<svg></svg>")',
                                  'display.HTML("<p>" + strings.Repeat("x", 1_000_000) + "</p>")'])
def test_markup_is_not_sent_twice(shared, code):
    """The text beside a picture or a page is for terminals: a sentence, not the markup again."""
    text = shared.ok(code).all("execute_result")[0]["data"]["text/plain"]
    assert "<svg" not in text and len(text) < 200_000


def test_markup_in_values_is_text(shared):
    data = shared.ok('[]struct{ X string }{{"<img onerror=alert(1)>"}}').all("execute_result")[0]["data"]
    assert "<img" not in data["text/html"]


def test_progress(shared):
    cell = shared.ok("""
total := 0
for i := range display.Progress(50) { total += i; time.Sleep(5 * time.Millisecond) }
for _, s := range display.Progress([]string{"a", "b"}) { fmt.Println(s) }
total""")
    assert cell.value == "1225"
    assert cell.text("stdout") == "a\nb\n"
    assert cell.text("stderr") == ""
    bars = cell.all("update_display_data")
    assert "50/50" in " ".join(b["data"]["text/plain"] for b in bars)
    assert len(bars) < 50


# Task graphs

def test_a_graph_computes_and_draws(shared):
    assert shared.value("""
delayed := taskgraph.Delayed
func inc(x int) int { return x + 1 }
func add(x, y int) int { return x + y }
z := delayed(add)(delayed(inc)(1), delayed(inc)(2))
z.Compute()""") == "5"
    svg = shared.ok("z.Visualize()").all("execute_result")[0]["data"]["image/svg+xml"]
    assert svg.count('class="node"') == 3 and svg.count('class="edge"') == 2


def test_a_wrong_argument_is_refused_when_the_graph_is_built(shared):
    shared.ok("delayed := taskgraph.Delayed\nfunc add(x, y int) int { return x + y }")
    text = shared.run('delayed(add)(1, "two")').error["evalue"]
    assert "add" in text and "int" in text and "string" in text


def test_a_tasks_error_names_the_task(shared):
    shared.ok('delayed := taskgraph.Delayed\nfunc failing(x int) (int, error) { return 0, errors.New("no luck") }')
    text = shared.run("delayed(failing)(1).Compute()").error["evalue"]
    assert "failing" in text and "no luck" in text
    shared.ok('func bursting(x int) int { panic("burst") }')
    text = shared.run("delayed(bursting)(1).Compute()").error["evalue"]
    assert "bursting" in text and "burst" in text


def test_tasks_run_at_the_same_time(shared):
    """Two tasks that wait for each other end only when both run."""
    assert shared.value("""
delayed := taskgraph.Delayed
meet := make(chan int)
func left(x int) int { meet <- x; return x }
func right(x int) int { return x + <-meet }
func both(a, b int) int { return a + b }
if runtime.GOMAXPROCS(0) < 2 { panic("one processor") }
delayed(both)(delayed(left)(1), delayed(right)(2)).Compute()""") == "4"


# Magics

def test_time_of_a_cell(shared):
    cell = shared.ok("%%time\ntime.Sleep(50 * time.Millisecond)\n6 * 7")
    assert cell.value == "42"
    wall = re.search(r"Wall time: ([0-9.]+) ?(ms|s)", cell.text())
    assert wall, cell.text()
    assert float(wall[1]) * {"ms": 1, "s": 1000}[wall[2]] >= 50


def test_time_of_a_statement(shared):
    cell = shared.ok("n := 5\n%time timed := n * 2\ntimed + 1")
    assert cell.value == "11" and "Wall time" in cell.text()
    assert shared.value("timed") == "10"


def test_timeit(shared):
    assert "loop" in shared.ok("%timeit strings.Repeat(\"x\", 10)").text()


def test_shell_and_files(shared, tmp_path):
    shared.ok(f"%cd {tmp_path}")
    assert str(tmp_path) in str([c.all(k) for c in [shared.ok("%pwd")] for k in ("stream", "execute_result")])
    shared.ok("%%writefile hello.txt\nhello\nthere\n")
    assert (tmp_path / "hello.txt").read_text() == "hello\nthere\n"
    assert "hello.txt" in shared.ok("%ls").text()
    assert shared.ok("!echo one; echo two >&2").text() == "one\n"
    assert shared.ok("%%bash\nfor i in 1 2; do echo $i; done").text() == "1\n2\n"
    shared.ok("%env E2E_VARIABLE=set")
    assert shared.value('os.Getenv("E2E_VARIABLE")') == "set"
    shared.ok("%rm hello.txt")
    assert not (tmp_path / "hello.txt").exists()
    assert "hello.txt" not in shared.ok("%ls").text()


def test_a_failing_command_fails_its_cell(shared):
    assert "7" in shared.run("%%bash\nexit 7").error["evalue"]


def test_who_and_reset(fresh):
    fresh.ok("aVariable := 5\nfunc aFunction() {}")
    assert "aVariable" in fresh.ok("%who").text()
    fresh.ok("%reset")
    assert "aVariable" in fresh.run("aVariable").error["evalue"]


def test_help_goes_to_the_pager(shared):
    payload = shared.ok("strings.HasPrefix?").reply["payload"]
    assert payload[0]["source"] == "page"
    assert "HasPrefix" in payload[0]["data"]["text/plain"]


def test_an_unknown_magic_names_its_like(shared):
    assert "%time" in shared.run("%%tmie\n1").error["evalue"]


def test_lsmagic_lists_all(shared):
    text = shared.ok("%lsmagic").text()
    for name in ("%%time", "%time", "%timeit", "%ls", "%cd", "%pwd", "%env", "%rm", "%who", "%reset", "%%bash", "%%writefile", "%load"):
        assert name in text


def test_magics_are_completed(shared):
    assert any("writefile" in m for m in matches(shared, "%%wri")["matches"])
