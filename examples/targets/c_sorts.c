/* Sorts as they are written by hand, as targets of Worstsort: a library, or a WebAssembly module, which lacks the merge
   sort, as that wants memory from a C library.

     worstsort targets --header > worstsort.h
     cc -O2 -shared -fPIC -I. -o libcsorts.so c_sorts.c
     worstsort check --target ./libcsorts.so:quick_middle

     clang --target=wasm32 -nostdlib -O2 -fvisibility=default -I. -Wl,--no-entry,--export-dynamic,--export-table,--growable-table -o csorts.wasm c_sorts.c
     worstsort check --target ./csorts.wasm:quick_middle
*/
#include "worstsort.h"

#ifndef __wasm__
#include <stdlib.h>
#endif

#define SORT(name) void name(int32_t *items, size_t n, worstsort_less less, void *ctx)

/* What every step needs. */
struct sorting {
    int32_t *items;
    worstsort_less less;
    void *ctx;
};

static int before(const struct sorting *in, long i, long j) { return in->less(in->items[i], in->items[j], in->ctx); }

static void swap(const struct sorting *in, long i, long j) {
    int32_t kept = in->items[i];
    in->items[i] = in->items[j];
    in->items[j] = kept;
}

/* Put the item at `pivot` where it belongs among left..right, and return that place. */
static long partition(const struct sorting *in, long left, long right, long pivot) {
    long last = left;
    swap(in, left, pivot);
    for (long i = left + 1; i <= right; i++)
        if (before(in, i, left)) swap(in, ++last, i);
    swap(in, left, last);
    return last;
}

static long middle_of(long left, long right) { return left + (right - left) / 2; }

static long median_of_three(const struct sorting *in, long left, long right) {
    long middle = middle_of(left, right);
    if (before(in, middle, left)) swap(in, middle, left);
    if (before(in, right, middle)) swap(in, right, middle);
    if (before(in, middle, left)) swap(in, middle, left);
    return middle;
}

static void insertion(const struct sorting *in, long left, long right) {
    for (long i = left + 1; i <= right; i++)
        for (long j = i; j > left && before(in, j, j - 1); j--) swap(in, j, j - 1);
}

static void sift_down(const struct sorting *in, long first, long root, long count) {
    for (long child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && before(in, first + child, first + child + 1)) child++;
        if (!before(in, first + root, first + child)) return;
        swap(in, first + root, first + child);
    }
}

static void heap(const struct sorting *in, long left, long right) {
    long count = right - left + 1;
    for (long root = count / 2; root-- > 0;) sift_down(in, left, root, count);
    while (--count > 0) {
        swap(in, left, left + count);
        sift_down(in, left, 0, count);
    }
}

/* Quicksort: recursion into the smaller part, a loop for the larger one, heapsort below `levels`. */
static void quick(const struct sorting *in, long left, long right, int levels, int by_three) {
    while (right - left > (by_three ? 16 : 0)) {
        if (levels-- == 0) {
            heap(in, left, right);
            return;
        }
        long pivot = by_three ? median_of_three(in, left, right) : middle_of(left, right);
        long at = partition(in, left, right, pivot);
        if (at - left < right - at) {
            quick(in, left, at - 1, levels, by_three);
            left = at + 1;
        } else {
            quick(in, at + 1, right, levels, by_three);
            right = at - 1;
        }
    }
    insertion(in, left, right);
}

static int two_log2(size_t n) {
    int levels = 0;
    for (; n > 1; n /= 2) levels += 2;
    return levels;
}

enum { NO_END = -1 }; /* levels that are never used up */

static void quick_recursive(const struct sorting *in, long left, long right) {
    if (left >= right) return;
    long at = partition(in, left, right, middle_of(left, right));
    quick_recursive(in, left, at - 1);
    quick_recursive(in, at + 1, right);
}

#ifndef __wasm__
static void merge(const struct sorting *in, int32_t *room, long left, long right) {
    if (left >= right) return;
    long middle = middle_of(left, right), i = left, j = middle + 1, k = 0;
    merge(in, room, left, middle);
    merge(in, room, middle + 1, right);
    while (i <= middle && j <= right) room[k++] = in->items[before(in, j, i) ? j++ : i++];
    while (i <= middle) room[k++] = in->items[i++];
    for (; k-- > 0;) in->items[left + k] = room[k];
}

SORT(merge_sort) {
    int32_t *room = malloc(n * sizeof *room);
    if (room == NULL) abort();
    merge(&(struct sorting){items, less, ctx}, room, 0, (long)n - 1);
    free(room);
}
#endif

/* The quicksort of Kernighan and Ritchie's book: the middle item is the pivot, and both parts are recursed into. */
SORT(quick_kr) { quick_recursive(&(struct sorting){items, less, ctx}, 0, (long)n - 1); }

/* The same pivot with a shallow stack, and with heapsort after 2 log2 n levels. */
SORT(quick_middle) { quick(&(struct sorting){items, less, ctx}, 0, (long)n - 1, NO_END, 0); }
SORT(quick_middle_capped) { quick(&(struct sorting){items, less, ctx}, 0, (long)n - 1, two_log2(n), 0); }

/* The median of three as the pivot, without an end and with one: that is introsort. */
SORT(quick_three) { quick(&(struct sorting){items, less, ctx}, 0, (long)n - 1, NO_END, 1); }
SORT(introsort) { quick(&(struct sorting){items, less, ctx}, 0, (long)n - 1, two_log2(n), 1); }

SORT(heapsort) { heap(&(struct sorting){items, less, ctx}, 0, (long)n - 1); }

const char *worstsort_about(void) { return __VERSION__; }
