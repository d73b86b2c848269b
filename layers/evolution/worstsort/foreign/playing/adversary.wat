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

  (func $place (param $item i32) (result i32)
    (i32.add (global.get $values) (i32.shl (local.get $item) (i32.const 2))))

  ;; Freeze one of two items without a value, as the next gene says, and make the other the candidate.
  (func $decide (param $a i32) (param $b i32)
    (local $gene i32)
    (if (i32.lt_u (global.get $asked) (global.get $length))
      (then (local.set $gene (i32.load8_u (i32.add (global.get $genes) (global.get $asked))))))
    (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
    (if (i32.ne (i32.eq (global.get $candidate) (local.get $a)) (i32.and (local.get $gene) (i32.const 1)))
      (then (global.set $candidate (local.get $b)))
      (else (global.set $candidate (local.get $a)) (local.set $a (local.get $b))))
    (if (i32.and (local.get $gene) (i32.const 2))
      (then
        (i32.store (call $place (local.get $a)) (global.get $high))
        (global.set $high (i32.sub (global.get $high) (i32.const 1))))
      (else
        (i32.store (call $place (local.get $a)) (global.get $low))
        (global.set $low (i32.add (global.get $low) (i32.const 1))))))

  ;; Without calls on the way that is usual: nothing inlines them.
  (func $less (export "less") (param $a i32) (param $b i32) (result i32)
    (local $x i32) (local $y i32)
    (i64.store (i32.const 0) (i64.add (i64.load (i32.const 0)) (i64.const 1)))
    (if (i32.or (i32.ge_u (local.get $a) (global.get $size)) (i32.ge_u (local.get $b) (global.get $size)))
      (then (i32.store (i32.const 12) (i32.const 1)) (return (i32.const 0))))
    (if (i32.eq (local.get $a) (local.get $b)) (then (return (i32.const 0))))
    (local.set $x (i32.load (i32.add (global.get $values) (i32.shl (local.get $a) (i32.const 2)))))
    (local.set $y (i32.load (i32.add (global.get $values) (i32.shl (local.get $b) (i32.const 2)))))
    (if (i32.lt_s (i32.and (local.get $x) (local.get $y)) (i32.const 0))
      (then
        (call $decide (local.get $a) (local.get $b))
        (local.set $x (i32.load (i32.add (global.get $values) (i32.shl (local.get $a) (i32.const 2)))))
        (local.set $y (i32.load (i32.add (global.get $values) (i32.shl (local.get $b) (i32.const 2)))))))
    (if (i32.lt_s (local.get $x) (i32.const 0))
      (then
        (global.set $candidate (local.get $a))
        (return (i32.gt_s (local.get $y) (global.get $high)))))
    (if (i32.lt_s (local.get $y) (i32.const 0))
      (then
        (global.set $candidate (local.get $b))
        (return (i32.lt_s (local.get $x) (global.get $low)))))
    (i32.lt_s (local.get $x) (local.get $y)))

  ;; The same with the context that worstsort.h has, for sorts that are given a function to call.
  (func (export "less_with_context") (param $a i32) (param $b i32) (param $context i32) (result i32)
    (call $less (local.get $a) (local.get $b))))
