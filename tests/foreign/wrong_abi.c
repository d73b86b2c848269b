/* A sort of a later version of the contract. */
#include "worstsort.h"

void worstsort_sort(int32_t *items, size_t n, worstsort_less less, void *ctx) { (void)items; (void)n; (void)less; (void)ctx; }

int32_t worstsort_abi(void) { return 2; }
