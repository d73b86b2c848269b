package main

import (
	"sort"
	_ "unsafe" // for go:linkname
)

// heapSort is the function inside package sort that sort.Sort falls back to.
//
//go:linkname heapSort sort.heapSort
func heapSort(data sort.Interface, a, b int)

func init() {
	sorts["heapsort"] = func(data *counted) { heapSort(data, 0, data.Len()) }
}
