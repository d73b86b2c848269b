/* Small sorts whose growth is known. */
#include "worstsort.h"

#include <stdlib.h>

static void swap(int32_t *items, long i, long j) {
    int32_t kept = items[i];
    items[i] = items[j];
    items[j] = kept;
}

/* Quicksort with the middle item as the pivot: quadratic. */
static void middle(int32_t *items, long left, long right, worstsort_less less, void *ctx) {
    while (left < right) {
        swap(items, left, (left + right) / 2);
        long last = left;
        for (long i = left + 1; i <= right; i++)
            if (less(items[i], items[left], ctx)) swap(items, ++last, i);
        swap(items, left, last);
        if (last - left < right - last) { /* the recursion stays shallow, whatever the splits are */
            middle(items, left, last - 1, less, ctx);
            left = last + 1;
        } else {
            middle(items, last + 1, right, less, ctx);
            right = last - 1;
        }
    }
}

void quick(int32_t *items, size_t n, worstsort_less less, void *ctx) { middle(items, 0, (long)n - 1, less, ctx); }

/* Merge sort, top down. */
static void merge(int32_t *items, int32_t *room, size_t n, worstsort_less less, void *ctx) {
    if (n < 2) return;
    size_t half = n / 2, i = 0, j = half, k = 0;
    merge(items, room, half, less, ctx);
    merge(items + half, room, n - half, less, ctx);
    while (i < half && j < n) room[k++] = less(items[j], items[i], ctx) ? items[j++] : items[i++];
    while (i < half) room[k++] = items[i++];
    while (j < n) room[k++] = items[j++];
    for (k = 0; k < n; k++) items[k] = room[k];
}

void merging(int32_t *items, size_t n, worstsort_less less, void *ctx) {
    int32_t *room = malloc(n * sizeof *room);
    merge(items, room, n, less, ctx);
    free(room);
}

void worstsort_sort(int32_t *items, size_t n, worstsort_less less, void *ctx) { merging(items, n, less, ctx); }

/* Heapsort as in Go's package sort, for the test that holds a library to a transcription. */
static void sift(int32_t *items, size_t lo, size_t hi, worstsort_less less, void *ctx) {
    for (size_t root = lo;;) {
        size_t child = 2 * root + 1;
        if (child >= hi) return;
        if (child + 1 < hi && less(items[child], items[child + 1], ctx)) child++;
        if (!less(items[root], items[child], ctx)) return;
        swap(items, (long)root, (long)child);
        root = child;
    }
}

void go_heapsort(int32_t *items, size_t n, worstsort_less less, void *ctx) {
    for (size_t i = (n - 1) / 2 + 1; i-- > 0;) sift(items, i, n, less, ctx);
    for (size_t i = n; i-- > 0;) {
        swap(items, 0, (long)i);
        sift(items, 0, i, less, ctx);
    }
}

/* Quickselect with the middle item as the pivot. */
void worstsort_nth(int32_t *items, size_t n, size_t k, worstsort_less less, void *ctx) {
    long left = 0, right = (long)n - 1;
    while (left < right) {
        swap(items, left, (left + right) / 2);
        long last = left;
        for (long i = left + 1; i <= right; i++)
            if (less(items[i], items[left], ctx)) swap(items, ++last, i);
        swap(items, left, last);
        if (last == (long)k) return;
        if (last < (long)k) left = last + 1;
        else right = last - 1;
    }
}

/* Of the shape of qsort, on elements of any width. */
void plain_qsort(void *base, size_t n, size_t width, int (*compare)(const void *, const void *)) {
    char *at = base;
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && compare(at + j * width, at + (j - 1) * width) < 0; j--)
            for (size_t byte = 0; byte < width; byte++) {
                char kept = at[j * width + byte];
                at[j * width + byte] = at[(j - 1) * width + byte];
                at[(j - 1) * width + byte] = kept;
            }
}
