package generic

import (
	"maps"
	"reflect"
	"slices"
)

// Func returns the instance of the generic function pkgPath.name for the type arguments,
// all of them in order, inferred ones included. It is a func value of the type sig, which
// must be the instance's. ok is false for a function that Names does not have, and for
// the functions of crypto/hkdf and crypto/pbkdf2 when reflect sees no hash.Hash in the
// type argument.
func Func(pkgPath, name string, targs []reflect.Type, sig reflect.Type) (fn reflect.Value, ok bool) {
	return FuncWith(nil, pkgPath, name, targs, sig)
}

// FuncWith is Func with instances that call the funcs which own knows by their memory,
// which takes a tenth of the time of a func that reflect has made. own may be nil.
func FuncWith(own Own, pkgPath, name string, targs []reflect.Type, sig reflect.Type) (fn reflect.Value, ok bool) {
	return make1(functions, pkgPath+"."+name, request{targs, sig, own})
}

// Method returns the method of an instance of the generic type pkgPath.typeName. The
// first parameter of sig is the receiver: a pointer to the memory of the value, also
// when the method is declared for the value itself. ok is false for a method that
// MethodNames does not have.
func Method(pkgPath, typeName, method string, targs []reflect.Type, sig reflect.Type) (fn reflect.Value, ok bool) {
	return make1(methods, pkgPath+"."+typeName+"."+method, request{targs, sig, nil})
}

// Names returns the functions that Func knows, sorted, as "slices.Sort".
func Names() []string { return slices.Sorted(maps.Keys(functions)) }

// MethodNames returns the methods that Method knows, sorted, as
// "sync/atomic.Pointer.Load".
func MethodNames() []string { return slices.Sorted(maps.Keys(methods)) }

// A request is what a cell asks for.
type request struct {
	targs []reflect.Type
	sig   reflect.Type
	own   Own
}

// as returns f as the func that was asked for.
func (r request) as(f any) reflect.Value { return as(r.sig, f) }

// source says where the instances of a function come from: first the compiled one over
// a stand-in, then memory. The zero reflect.Value of memory refuses.
type source struct {
	compiled func(name string, targs []reflect.Type) any // nil, or returns nil, without stand-in
	memory   func(request) reflect.Value                 // nil when the compiled ones are all
}

func make1(from map[string]source, name string, r request) (reflect.Value, bool) {
	s, ok := from[name]
	if !ok {
		return reflect.Value{}, false
	}
	if s.compiled != nil {
		if f := s.compiled(name, r.targs); f != nil {
			return r.as(f), true
		}
	}
	if s.memory == nil {
		return reflect.Value{}, false
	}
	fn := s.memory(r)
	return fn, fn.IsValid()
}

// over takes the stand-in of type argument i.
func over(table map[class]instances, classOf func(reflect.Type) class, i int) func(string, []reflect.Type) any {
	return func(name string, targs []reflect.Type) any {
		if in := table[classOf(targs[i])]; in != nil {
			return in.instance(name)
		}
		return nil
	}
}

func anyOver(i int) func(string, []reflect.Type) any   { return over(plains, classOf, i) }
func equalOver(i int) func(string, []reflect.Type) any { return over(equatables, classOf, i) }
func orderOver(i int) func(string, []reflect.Type) any { return over(ordereds, orderClass, i) }

// bothOver takes one stand-in for type arguments i and j, which must be of one class.
func bothOver(i, j int) func(string, []reflect.Type) any {
	one := anyOver(i)
	return func(name string, targs []reflect.Type) any {
		if classOf(targs[i]) != classOf(targs[j]) {
			return nil
		}
		return one(name, targs)
	}
}

// mapOver takes the stand-ins of a key and of elements, which must be of one class.
func mapOver(table map[classes]instances, key int, elems ...int) func(string, []reflect.Type) any {
	return func(name string, targs []reflect.Type) any {
		elem := classOf(targs[elems[0]])
		for _, i := range elems {
			if classOf(targs[i]) != elem {
				return nil
			}
		}
		if in := table[classes{classOf(targs[key]), elem}]; in != nil {
			return in.instance(name)
		}
		return nil
	}
}

var functions = map[string]source{
	"cmp.Compare": {orderOver(0), nil},
	"cmp.Less":    {orderOver(0), nil},
	"cmp.Or":      {equalOver(0), cmpOr},

	"crypto/hkdf.Expand":  {nil, hkdfExpand},
	"crypto/hkdf.Extract": {nil, hkdfExtract},
	"crypto/hkdf.Key":     {nil, hkdfKey},
	"crypto/pbkdf2.Key":   {nil, pbkdf2Key},

	"errors.AsType": {nil, errorsAsType},

	"github.com/dagbook/dagbook/display.Progress": {nil, displayProgress},

	"hash/maphash.Comparable":      {equalOver(0), maphashComparable},
	"hash/maphash.WriteComparable": {equalOver(0), maphashWriteComparable},

	"iter.Pull":  {anyOver(0), iterPull},
	"iter.Pull2": {nil, iterPull2},

	"maps.All":        {mapOver(pairs, 1, 2), mapsAll},
	"maps.Clone":      {mapOver(pairs, 1, 2), mapsClone},
	"maps.Collect":    {mapOver(pairs, 0, 1), mapsCollect},
	"maps.Copy":       {mapOver(pairs, 2, 3), mapsCopy},
	"maps.DeleteFunc": {mapOver(pairs, 1, 2), mapsDeleteFunc},
	"maps.Equal":      {mapOver(equatablePairs, 2, 3), mapsEqual},
	"maps.EqualFunc":  {mapOver(pairs, 2, 3, 4), mapsEqualFunc},
	"maps.Insert":     {mapOver(pairs, 1, 2), mapsInsert},
	"maps.Keys":       {mapOver(pairs, 1, 2), mapsKeys},
	"maps.Values":     {mapOver(pairs, 1, 2), mapsValues},

	"math/rand/v2.N": {over(integers, orderClass, 0), nil},

	"reflect.TypeAssert": {nil, reflectTypeAssert},
	"reflect.TypeFor":    {nil, reflectTypeFor},

	"runtime.AddCleanup": {anyOver(1), runtimeAddCleanup},

	"slices.All":              {anyOver(1), slicesAll},
	"slices.AppendSeq":        {anyOver(1), slicesAppendSeq},
	"slices.Backward":         {anyOver(1), slicesBackward},
	"slices.BinarySearch":     {orderOver(1), nil},
	"slices.BinarySearchFunc": {bothOver(1, 2), slicesBinarySearchFunc},
	"slices.Chunk":            {anyOver(1), slicesChunk},
	"slices.Clip":             {anyOver(1), slicesClip},
	"slices.Clone":            {anyOver(1), slicesClone},
	"slices.Collect":          {anyOver(0), slicesCollect},
	"slices.Compact":          {equalOver(1), slicesCompact},
	"slices.CompactFunc":      {anyOver(1), slicesCompactFunc},
	"slices.Compare":          {orderOver(1), nil},
	"slices.CompareFunc":      {bothOver(2, 3), slicesCompareFunc},
	"slices.Concat":           {anyOver(1), slicesConcat},
	"slices.Contains":         {equalOver(1), slicesContains},
	"slices.ContainsFunc":     {anyOver(1), slicesContainsFunc},
	"slices.Delete":           {anyOver(1), slicesDelete},
	"slices.DeleteFunc":       {anyOver(1), slicesDeleteFunc},
	"slices.Equal":            {equalOver(1), slicesEqual},
	"slices.EqualFunc":        {bothOver(2, 3), slicesEqualFunc},
	"slices.Grow":             {anyOver(1), slicesGrow},
	"slices.Index":            {equalOver(1), slicesIndex},
	"slices.IndexFunc":        {anyOver(1), slicesIndexFunc},
	"slices.Insert":           {anyOver(1), slicesInsert},
	"slices.IsSorted":         {orderOver(1), nil},
	"slices.IsSortedFunc":     {anyOver(1), slicesIsSortedFunc},
	"slices.Max":              {orderOver(1), nil},
	"slices.MaxFunc":          {anyOver(1), slicesMaxFunc},
	"slices.Min":              {orderOver(1), nil},
	"slices.MinFunc":          {anyOver(1), slicesMinFunc},
	"slices.Repeat":           {anyOver(1), slicesRepeat},
	"slices.Replace":          {anyOver(1), slicesReplace},
	"slices.Reverse":          {anyOver(1), slicesReverse},
	"slices.Sort":             {orderOver(1), nil},
	"slices.SortFunc":         {anyOver(1), slicesSortFunc},
	"slices.SortStableFunc":   {anyOver(1), slicesSortStableFunc},
	"slices.Sorted":           {orderOver(0), nil},
	"slices.SortedFunc":       {anyOver(0), slicesSortedFunc},
	"slices.SortedStableFunc": {anyOver(0), slicesSortedStableFunc},
	"slices.Values":           {anyOver(1), slicesValues},

	"sync.OnceValue":  {anyOver(0), syncOnceValue},
	"sync.OnceValues": {nil, syncOnceValues},

	"unique.Make": {equalOver(0), uniqueMake},
	"weak.Make":   {nil, weakMake},
}

var methods = map[string]source{
	"database/sql.Null.Scan":             {nil, nullScan},
	"database/sql.Null.Value":            {nil, nullValue},
	"sync/atomic.Pointer.CompareAndSwap": {nil, atomicPointerCompareAndSwap},
	"sync/atomic.Pointer.Load":           {nil, atomicPointerLoad},
	"sync/atomic.Pointer.Store":          {nil, atomicPointerStore},
	"sync/atomic.Pointer.Swap":           {nil, atomicPointerSwap},
	"unique.Handle.Value":                {nil, uniqueHandleValue},
	"weak.Pointer.Value":                 {nil, weakPointerValue},
}
