/* worstsort.h: what a sort has to export for Worstsort to count its comparisons. No library is needed to use it.

   Sort items[0] to items[n-1] by asking less(); n is at least 2. The items are the numbers 0 to n-1, each of them once,
   and say nothing about their order: only less() knows it. Keep ctx and hand it on, unread.

   - less(a, b, ctx) is 1 if a belongs before b, and 0 if not. Each call counts as one comparison. a and b are items.
   - One thread. No state kept from one call to the next. The same answers lead to the same questions.
   - No exception and no longjmp may leave less() or the sort.

   Any name will do: --target ./libmysort.so:my_sort names it, and ./libmysort.so alone means worstsort_sort.
   A function of the shape of qsort or qsort_r needs none of this: --target ./libmysort.so:my_qsort@qsort. */
#ifndef WORSTSORT_H
#define WORSTSORT_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef int (*worstsort_less)(int32_t a, int32_t b, void *ctx);

/* A sort. */
void worstsort_sort(int32_t *items, size_t n, worstsort_less less, void *ctx);

/* A selection, for --target ./libmysort.so:worstsort_nth@nth. Afterwards items[k] is the item that belongs there, and
   none before it belongs after it. */
void worstsort_nth(int32_t *items, size_t n, size_t k, worstsort_less less, void *ctx);

/* Both are optional: the version of this contract, which is 1, and a line about the sort, such as its compiler. */
int32_t worstsort_abi(void);
const char *worstsort_about(void);

#ifdef __cplusplus
}
#endif
#endif
