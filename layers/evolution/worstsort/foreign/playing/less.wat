;; Whether a belongs before b, as sandboxed.py puts it into adversary.wat under each of its names. It calls nothing:
;; code that calls has to look for the end of the stack first, at each question.
(func (export "NAME") (param $a i32) (param $b i32) CONTEXT (result i32)
  (local $at_a i32) (local $at_b i32) (local $x i32) (local $y i32) (local $gene i32)
  (i64.store (i32.const 0) (i64.add (i64.load (i32.const 0)) (i64.const 1)))
  (if (i32.or (i32.ge_u (local.get $a) (global.get $size)) (i32.ge_u (local.get $b) (global.get $size)))
    (then (i32.store (i32.const 12) (i32.const 1)) (return (i32.const 0))))
  (if (i32.eq (local.get $a) (local.get $b)) (then (return (i32.const 0))))
  (local.set $at_a (i32.add (global.get $values) (i32.shl (local.get $a) (i32.const 2))))
  (local.set $at_b (i32.add (global.get $values) (i32.shl (local.get $b) (i32.const 2))))
  (local.set $x (i32.load (local.get $at_a)))
  (local.set $y (i32.load (local.get $at_b)))
  ;; Neither has a value: freeze one, as the next gene says, and make the other the candidate.
  (if (i32.lt_s (i32.and (local.get $x) (local.get $y)) (i32.const 0))
    (then
      (if (i32.lt_u (global.get $asked) (global.get $length))
        (then (local.set $gene (i32.load8_u (i32.add (global.get $genes) (global.get $asked))))))
      (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
      (if (i32.and (local.get $gene) (i32.const 2))
        (then
          (local.set $x (global.get $high))
          (global.set $high (i32.sub (global.get $high) (i32.const 1))))
        (else
          (local.set $x (global.get $low))
          (global.set $low (i32.add (global.get $low) (i32.const 1)))))
      (if (i32.ne (i32.eq (global.get $candidate) (local.get $a)) (i32.and (local.get $gene) (i32.const 1)))
        (then (i32.store (local.get $at_a) (local.get $x)))
        (else
          (i32.store (local.get $at_b) (local.get $x))
          (local.set $y (local.get $x))
          (local.set $x (i32.const -1))))))
  (if (i32.lt_s (local.get $x) (i32.const 0))
    (then
      (global.set $candidate (local.get $a))
      (return (i32.gt_s (local.get $y) (global.get $high)))))
  (if (i32.lt_s (local.get $y) (i32.const 0))
    (then
      (global.set $candidate (local.get $b))
      (return (i32.lt_s (local.get $x) (global.get $low)))))
  (i32.lt_s (local.get $x) (local.get $y)))
