// The sorts of the C++ standard library that the compiler brings, as targets of Worstsort.
//
//   worstsort targets --header > worstsort.h
//   c++ -O2 -shared -fPIC -I. -o libcppsorts.so cpp_sorts.cpp
//   clang++ -stdlib=libc++ -O2 -shared -fPIC -I. -o libcppsorts.so cpp_sorts.cpp
//   worstsort check --target ./libcppsorts.so:std_sort
//   worstsort check --target ./libcppsorts.so:std_nth_element@nth
//
// As a WebAssembly module, with the packages lld and libc++-dev-wasm32 of Debian:
//
//   clang++ --target=wasm32-wasi -mexec-model=reactor -O2 -fno-exceptions -fvisibility=default -I. -nodefaultlibs -Wl,--export-dynamic,--export-table,--growable-table -o cppsorts.wasm cpp_sorts.cpp -lc++ -lc++abi -lc
//   worstsort check --target ./cppsorts.wasm:std_sort
#include "worstsort.h"

#include <algorithm>

namespace {

struct Less {
    worstsort_less less;
    void *ctx;
    bool operator()(int32_t a, int32_t b) const { return less(a, b, ctx) != 0; }
};

}  // namespace

extern "C" {

void std_sort(int32_t *items, size_t n, worstsort_less less, void *ctx) { std::sort(items, items + n, Less{less, ctx}); }

void std_stable_sort(int32_t *items, size_t n, worstsort_less less, void *ctx) {
    std::stable_sort(items, items + n, Less{less, ctx});
}

void std_sort_heap(int32_t *items, size_t n, worstsort_less less, void *ctx) {
    std::make_heap(items, items + n, Less{less, ctx});
    std::sort_heap(items, items + n, Less{less, ctx});
}

void std_nth_element(int32_t *items, size_t n, size_t k, worstsort_less less, void *ctx) {
    std::nth_element(items, items + k, items + n, Less{less, ctx});
}

const char *worstsort_about(void) { return __VERSION__; }

}
