"""jupyter_kernel_test: the conformance test of the Jupyter project, with Go samples."""

import unittest

import jupyter_kernel_test


class Dagbook(jupyter_kernel_test.KernelTests):
    kernel_name = "dagbook"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "on stderr")'
    completion_samples = [
        {"text": "strings.HasP", "matches": ["HasPrefix"]},
        {"text": "taskgraph.Dela", "matches": ["Delayed"]},
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
