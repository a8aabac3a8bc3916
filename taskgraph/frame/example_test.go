package frame_test

import (
	"fmt"

	"github.com/dagbook/dagbook/taskgraph/frame"
)

func Example() {
	df := frame.New(
		frame.NewSeries("Origin", []string{"JFK", "LGA", "JFK", "EWR"}),
		frame.NewSeries("DepDelay", []any{12.0, nil, 30.0, -3.0}),
	)
	fmt.Println(df)
	fmt.Println()
	fmt.Println(df.GroupBy("Origin").Col("DepDelay").Mean())
	fmt.Println()
	fmt.Println(df.Filter(df.Col("DepDelay").Gt(0)).With("Hours", df.Col("DepDelay").Div(60)))
	// Output:
	//    Origin  DepDelay
	// 0     JFK      12.0
	// 1     LGA       NaN
	// 2     JFK      30.0
	// 3     EWR      -3.0
	// 4 rows × 2 columns
	//
	// Origin  DepDelay
	// EWR         -3.0
	// JFK         21.0
	// LGA          NaN
	// Name: DepDelay, Length: 3, dtype: float64
	//
	//    Origin  DepDelay  Hours
	// 0     JFK      12.0    0.2
	// 2     JFK      30.0    0.5
	// 2 rows × 3 columns
}
