/* Sorts that break the rules, each in one way; see tests/unit/foreign. */
#include "worstsort.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SORT(name) void name(int32_t *items, size_t n, worstsort_less less, void *ctx)

/* Every one of them behaves up to this many items, so that the first games do not find it out. */
enum { HARMLESS_ITEMS = 300 };

static void insertion(int32_t *items, size_t n, worstsort_less less, void *ctx) {
    for (size_t i = 1; i < n; i++) {
        for (size_t j = i; j > 0 && less(items[j], items[j - 1], ctx); j--) {
            int32_t kept = items[j];
            items[j] = items[j - 1];
            items[j - 1] = kept;
        }
    }
}

SORT(good) { insertion(items, n, less, ctx); }

SORT(crashes) {
    insertion(items, n, less, ctx);
    if (n > HARMLESS_ITEMS) *(volatile int *)8 = 1;
}

SORT(aborts) {
    if (n > HARMLESS_ITEMS) { fputs("assertion failed: a < b", stderr); abort(); }
    insertion(items, n, less, ctx);
}

SORT(exits) {
    if (n > HARMLESS_ITEMS) _exit(0);
    insertion(items, n, less, ctx);
}

SORT(hangs) {
    volatile int busy = 1;
    while (n > HARMLESS_ITEMS && busy) {}
    insertion(items, n, less, ctx);
}

SORT(sleeps) {
    while (n > HARMLESS_ITEMS) pause();
    insertion(items, n, less, ctx);
}

SORT(asks_for_ever) {
    while (n > HARMLESS_ITEMS) less(items[0], items[1], ctx);
    insertion(items, n, less, ctx);
}

static int descend(size_t depth, int32_t *items) {
    volatile char frame[1024];
    frame[depth % sizeof frame] = (char)items[0];
    return depth == 0 ? frame[0] : descend(depth - 1, items) + frame[depth % sizeof frame];
}

SORT(recurses_deeply) {
    if (n > HARMLESS_ITEMS) descend(20000, items);
    insertion(items, n, less, ctx);
}

SORT(recurses_for_ever) {
    if (n > HARMLESS_ITEMS) descend((size_t)-1, items);
    insertion(items, n, less, ctx);
}

SORT(writes_behind_the_items) {
    insertion(items, n, less, ctx);
    if (n > HARMLESS_ITEMS) items[n] = 1;
}

SORT(takes_all_memory) {
    while (n > HARMLESS_ITEMS) {
        char *taken = malloc(1 << 20);
        if (taken == NULL) abort();
        for (size_t at = 0; at < 1 << 20; at += 512) taken[at] = 1;
    }
    insertion(items, n, less, ctx);
}

SORT(forks) {
    if (n > HARMLESS_ITEMS && fork() == 0) for (;;) pause();
    insertion(items, n, less, ctx);
    if (n > HARMLESS_ITEMS) *(volatile int *)8 = 1;
}

SORT(leaves_unsorted) { less(items[0], items[n - 1], ctx); }

SORT(loses_an_item) {
    insertion(items, n, less, ctx);
    items[0] = items[n - 1];
}

SORT(asks_out_of_range) {
    less((int32_t)n + 5, 0, ctx);
    less(-3, 0, ctx);
    less(1 << 29, 0, ctx);
    insertion(items, n, less, ctx);
}

SORT(keeps_state) {
    static int calls = 0;
    for (int extra = calls++ % 3; extra > 0; extra--) less(items[0], items[1], ctx);
    insertion(items, n, less, ctx);
}

SORT(draws_random_numbers) {
    unsigned seed = (unsigned)getpid();
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = (size_t)rand_r(&seed) % (i + 1);
        int32_t kept = items[i];
        items[i] = items[j];
        items[j] = kept;
    }
    insertion(items, n, less, ctx);
}

SORT(compares_with_itself) {
    less(items[0], items[0], ctx);
    insertion(items, n, less, ctx);
}

SORT(prints) {
    printf("sorting %zu items\n", n);
    fflush(stdout);
    insertion(items, n, less, ctx);
}

struct call { int32_t *items; size_t n; worstsort_less less; void *ctx; };

static void *in_thread(void *call) {
    struct call *it = call;
    insertion(it->items, it->n, it->less, it->ctx);
    return NULL;
}

SORT(uses_two_threads) {
    struct call halves[2] = {{items, n / 2, less, ctx}, {items + n / 2, n - n / 2, less, ctx}};
    pthread_t threads[2];
    for (int k = 0; k < 2; k++) pthread_create(&threads[k], NULL, in_thread, &halves[k]);
    for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
    insertion(items, n, less, ctx);
}

const char *worstsort_about(void) { return "sorts that break the rules"; }

/* In a game all items stay alike, so that any would do. */
void selects_nothing(int32_t *items, size_t n, size_t k, worstsort_less less, void *ctx) {
    (void)items, (void)n, (void)k, (void)less, (void)ctx;
}
