;; Plays a sort in WebAssembly with every row of a batch. ARGUMENTS and PARAMETERS are put in by sandboxed.py, as they
;; differ with the way in which the sort takes its items.
(module
  (import "adversary" "memory" (memory $ours 1))
  (import "adversary" "begin" (func $begin (param i32 i32 i32 i32)))
  (import "adversary" "low" (global $low (mut i32)))
  (import "sort" "memory" (memory $theirs 0))
  (import "sort" "sort" (func $sort (param PARAMETERS)))

  ;; Where the sort's items go in its memory, and how many; then rows, genes of a row, and the number of its table that
  ;; calls less; then where in ours are genes, values, sorted items, counts, and for each row the rules that were broken
  ;; and the value that is left for items without one.
  (func (export "play") (param $items i32) (param $n i32) (param $rows i32) (param $length i32) (param $less i32)
      (param $genes i32) (param $values i32) (param $sorted i32) (param $counts i32) (param $broken i32)
    (local $row i32) (local $item i32) (local $bytes i32)
    (local.set $bytes (i32.shl (local.get $n) (i32.const 2)))
    (loop $each
      (i32.store $ours (i32.const 8) (local.get $row))
      (local.set $item (i32.const 0))
      (loop $fill
        (i32.store $theirs (i32.add (local.get $items) (i32.shl (local.get $item) (i32.const 2))) (local.get $item))
        (local.set $item (i32.add (local.get $item) (i32.const 1)))
        (br_if $fill (i32.lt_u (local.get $item) (local.get $n))))
      (call $begin (local.get $values) (local.get $genes) (local.get $length) (local.get $n))
      (call $sort ARGUMENTS)
      (memory.copy $ours $theirs (local.get $sorted) (local.get $items) (local.get $bytes))
      (i64.store $ours (local.get $counts) (i64.load $ours (i32.const 0)))
      (i32.store $ours (local.get $broken) (i32.load $ours (i32.const 12)))
      (i32.store $ours (i32.add (local.get $broken) (i32.const 4)) (global.get $low))
      (local.set $genes (i32.add (local.get $genes) (local.get $length)))
      (local.set $values (i32.add (local.get $values) (local.get $bytes)))
      (local.set $sorted (i32.add (local.get $sorted) (local.get $bytes)))
      (local.set $counts (i32.add (local.get $counts) (i32.const 8)))
      (local.set $broken (i32.add (local.get $broken) (i32.const 8)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $each (i32.lt_u (local.get $row) (local.get $rows))))))
