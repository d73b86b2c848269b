// The sorts of Go's library, as targets of Worstsort.
//
//	go build -buildmode=c-shared -o libgosorts.so go_sorts.go
//	worstsort check --target ./libgosorts.so:go_sort
package main

/*
#include <stddef.h>
#include <stdint.h>

typedef int (*worstsort_less)(int32_t a, int32_t b, void *ctx);

static inline int ask(worstsort_less less, int32_t a, int32_t b, void *ctx) { return less(a, b, ctx); }
*/
import "C"

import (
	"sort"
	"unsafe"
)

// items are sorted by asking Worstsort.
type items struct {
	at   []int32
	less C.worstsort_less
	ctx  unsafe.Pointer
}

func (s items) Len() int      { return len(s.at) }
func (s items) Swap(i, j int) { s.at[i], s.at[j] = s.at[j], s.at[i] }
func (s items) Less(i, j int) bool { return s.asks(s.at[i], s.at[j]) }

func (s items) asks(a, b int32) bool { return C.ask(s.less, C.int32_t(a), C.int32_t(b), s.ctx) != 0 }

func from(at *C.int32_t, n C.size_t, less C.worstsort_less, ctx unsafe.Pointer) items {
	return items{unsafe.Slice((*int32)(unsafe.Pointer(at)), int(n)), less, ctx}
}

//export go_sort
func go_sort(at *C.int32_t, n C.size_t, less C.worstsort_less, ctx unsafe.Pointer) {
	sort.Sort(from(at, n, less, ctx))
}

//export go_slice
func go_slice(at *C.int32_t, n C.size_t, less C.worstsort_less, ctx unsafe.Pointer) {
	s := from(at, n, less, ctx)
	sort.Slice(s.at, s.Less)
}

//export go_stable
func go_stable(at *C.int32_t, n C.size_t, less C.worstsort_less, ctx unsafe.Pointer) {
	sort.Stable(from(at, n, less, ctx))
}

func main() {}
