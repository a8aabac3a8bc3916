package yaegi

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

func TestScenarios(t *testing.T) {
	enginetest.Scenarios(t, New, "../../../testdata/redefinition/scenarios.txt", map[string]string{
		"4 runtime panic line":                    "yaegi loses the line of a panic inside a function, and reflect's message stands for Go's",
		"6 interface, embedding, struct printing": "interpreted types have no methods for compiled code: String inside an interface, errors.As",
	})
}
