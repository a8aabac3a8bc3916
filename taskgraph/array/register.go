package array

import (
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Worker processes know the tasks of arrays.
func init() {
	taskgraph.Register(
		checked, readHDF5, full, arange, randomBlock, gather, unary, binary, where, asType, round, mapped,
		reducePart, foldParts, momentsPart, momentsJoin, momentsEnd, meanPart, meanEnd, bestPart, bestJoin, bestPlaces,
		expandDims, transpose, reshape, broadcastTo, cumsum, addTotal, mapBlock, padBlock, trimBlock, dotBlocks,
		&ndarray.Array{},
	)
}
