package rt_test

import (
	"fmt"
	"os"
)

type (
	stateAlias    = fmt.State
	stringerAlias = fmt.Stringer
)

func readFile(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return string(b)
}
