package csv_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

func Example() {
	text := "Origin,DepDelay,Note\nJFK,-4.0,\nLGA,,\"late, again\"\n"
	t, err := csv.ReadFrom(context.Background(), strings.NewReader(text), "1999.csv", csv.Options{Columns: []string{"DepDelay", "Origin"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range t.Names {
		fmt.Println(name, t.Columns[i].Dtype(), t.Columns[i].Value(0), t.Columns[i].Value(1))
	}
	csv.Write(os.Stdout, t, csv.WriteOptions{Missing: "NA"})
	// Output:
	// DepDelay float64 -4 <nil>
	// Origin string JFK LGA
	// DepDelay,Origin
	// -4.0,JFK
	// NA,LGA
}
