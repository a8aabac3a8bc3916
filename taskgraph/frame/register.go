package frame

import "github.com/dagbook/dagbook/taskgraph"

// Worker processes know the tasks of lazy frames.
func init() {
	taskgraph.Register(
		readCSVPart, readParquetPart, checkedFrame, samePart, concatFrames, concatSeries, Sum, Concat, colPart, selectPart, dropPart, renamePart, filterPart, withPart,
		dropNullPart, fillNullPart, (*DataFrame).Len, sumInts, uniquePart, uniqueJoin, joinPart, Inner, operatePart, operateLeft, operateRight, notPart, negPart,
		(*Series).IsNull, (*Series).NotNull, (*Series).Rename, fillSeries, groupPart, seriesGroupPart, groupJoin, seriesEnd, valueEnd, columnsEnd, aggEnd, groupsEnd,
		&DataFrame{}, &Series{}, []Reduction{}, CSVOptions{},
	)
}
