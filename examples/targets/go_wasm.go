// sort.Sort and slices.SortFunc of Go, as a WebAssembly module: four times as fast as a shared library. Since Go 1.24.
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o gosorts.wasm go_wasm.go
//	worstsort check --target ./gosorts.wasm:go_sort

//go:build wasip1

package main

import (
	"slices"
	"sort"
	"unsafe"
)

//go:wasmimport worstsort less
func less(a, b int32) int32

type items []int32

func (s items) Len() int           { return len(s) }
func (s items) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s items) Less(i, j int) bool { return less(s[i], s[j]) != 0 }

// room is where the items are: Go grows its memory without asking who else has put something behind its end.
var room []int32

//go:wasmexport worstsort_items
func worstsortItems(n int32) int32 {
	room = make([]int32, n)
	return int32(uintptr(unsafe.Pointer(unsafe.SliceData(room))))
}

func from(at, n int32) items { return unsafe.Slice((*int32)(unsafe.Pointer(uintptr(at))), int(n)) }

//go:wasmexport go_sort
func goSort(at, n int32) { sort.Sort(from(at, n)) }

//go:wasmexport go_stable
func goStable(at, n int32) { sort.Stable(from(at, n)) }

//go:wasmexport go_slices_sort_func
func goSlicesSortFunc(at, n int32) {
	slices.SortFunc(from(at, n), func(a, b int32) int {
		if less(a, b) != 0 {
			return -1
		}
		return 1
	})
}

func main() {}
