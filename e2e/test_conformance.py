"""jupyter_kernel_test: the conformance test of the Jupyter project, with Go samples."""

import unittest

import jupyter_kernel_test

from notebook import Notebook


class Dagbook(jupyter_kernel_test.KernelTests):
    kernel_name = "dagbook"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "on stderr")'
    completion_samples = [
        {"text": "strings.HasP", "matches": ["HasPrefix"]},
        {"text": "taskgraph.Dela", "matches": ["Delayed", "DelayedFunc"]},
        {"text": "strings.NoSuchThing", "matches": []},
    ]
    complete_code_samples = ["1 + 1", 'fmt.Println("x")', "func f(x int) int { return x }", "x := 5"]
    incomplete_code_samples = ["func f() {", "for i := range 10 {", "fmt.Println(", "`raw"]
    invalid_code_samples = ["func 5()", "x := := 5", "}"]
    code_page_something = "strings.Fields?"
    code_generate_error = 'panic("on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": 'strings.Repeat("ab", 2)', "result": "abab"},
        {"code": "[]int{1, 2, 3}", "mime": "text/plain"},
    ]
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>bold</b>"));', "mime": "text/html"},
        {"code": "display.Show(image.NewGray(image.Rect(0, 0, 8, 8)));", "mime": "image/png"},
    ]
    code_history_pattern = "6 *?7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.Fields"
    code_clear_output = "display.Clear(false)"


class DagbookWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "dagbook"
    support_iopub_welcome = True


# The suite skips what it has no sample for, and one sample missing would look like success.
def test_none_is_skipped():
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Dagbook).run(result)
    assert result.testsRun == 12
    assert result.skipped == []
    assert result.failures == [] and result.errors == []


def test_kernel_info_tells_the_tools_what_go_is():
    """Without these nbconvert writes .txt files and JupyterLab highlights nothing."""
    with Notebook() as nb:
        nb.client.kernel_info()
        info = nb.client.get_shell_msg(timeout=20)["content"]
    assert info["status"] == "ok" and info["implementation"] == "dagbook"
    assert info["protocol_version"] == "5.4"
    language = info["language_info"]
    assert language["version"].startswith("1.")
    del language["version"]
    assert language == language | {"name": "go", "mimetype": "text/x-go", "file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "go"}
    assert not info.get("debugger")
    assert "debugger" not in info.get("supported_features", []) and "kernel subshells" not in info.get("supported_features", [])
    assert info["banner"]
