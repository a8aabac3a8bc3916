package jsonlines_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/jsonlines"
)

func Example() {
	lines := `{"timestamp": "2026-01-02T09:30:00Z", "open": 12.5, "volume": 300}
{"timestamp": "2026-01-02T09:31:00Z", "open": null}
`
	t, err := jsonlines.ReadFrom(context.Background(), strings.NewReader(lines), "AAPL.json", jsonlines.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range t.Names {
		fmt.Println(name, t.Columns[i].Dtype(), t.Columns[i].Missing())
	}
	jsonlines.Write(os.Stdout, t)
	// Output:
	// timestamp timestamp 0
	// open float64 1
	// volume int64 1
	// {"timestamp": "2026-01-02T09:30:00Z", "open": 12.5, "volume": 300}
	// {"timestamp": "2026-01-02T09:31:00Z", "open": null, "volume": null}
}
