;; What a sort in WebAssembly asks: McIlroy's adversary, as answering.py has it, and the values of an input, which are a
;; game whose items have all been given theirs. Its memory holds: at 0 the comparisons (64 bits), at 8 the row that is
;; being played, at 12 what rules were broken; from 64 on the rows and the results, where sandboxed.py puts them.
(module
  (memory (export "memory") 1)
  (global $values (mut i32) (i32.const 0))
  (global $genes (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (global $size (mut i32) (i32.const 0))
  (global $candidate (mut i32) (i32.const 0))
  (global $low (export "low") (mut i32) (i32.const 0))
  (global $high (mut i32) (i32.const 0))
  (global $asked (mut i32) (i32.const 0))

  ;; Begin a row: where the items' values are (-1: none yet), where the genes are and how many, and how many items.
  (func (export "begin") (param $v i32) (param $g i32) (param $l i32) (param $n i32)
    (global.set $values (local.get $v))
    (global.set $genes (local.get $g))
    (global.set $length (local.get $l))
    (global.set $size (local.get $n))
    (global.set $candidate (i32.const 0))
    (global.set $low (i32.const 0))
    (global.set $high (i32.sub (local.get $n) (i32.const 1)))
    (global.set $asked (i32.const 0))
    (i64.store (i32.const 0) (i64.const 0))
    (i32.store (i32.const 12) (i32.const 0)))

  ;; less.wat twice: as sorts import it, and with the context that worstsort.h has, for sorts that are given it to call.
  LESS
  LESS_WITH_CONTEXT)
