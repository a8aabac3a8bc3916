package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

func session(t testing.TB) *eval.Session {
	t.Helper()
	s, err := eval.New(New, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScenarios(t *testing.T) {
	enginetest.Scenarios(t, New, "../../../testdata/redefinition/scenarios.txt", nil)
}
