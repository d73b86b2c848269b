// slices.SortFunc, which came with Go 1.21, beside the sorts of go_sorts.go.
//
//	go build -buildmode=c-shared -o libgosorts.so go_sorts.go go_slices.go
//	worstsort check --target ./libgosorts.so:go_slices_sort_func

//go:build go1.21

package main

/*
#include <stddef.h>
#include <stdint.h>

typedef int (*worstsort_less)(int32_t a, int32_t b, void *ctx);
*/
import "C"

import (
	"slices"
	"unsafe"
)

func (s items) compare(a, b int32) int {
	if s.asks(a, b) {
		return -1
	}
	return 1
}

//export go_slices_sort_func
func go_slices_sort_func(at *C.int32_t, n C.size_t, less C.worstsort_less, ctx unsafe.Pointer) {
	s := from(at, n, less, ctx)
	slices.SortFunc(s.at, s.compare)
}
