//! The sorts of Rust's standard library, as targets of Worstsort.
//!
//!   rustc -O -C panic=abort --crate-type cdylib -o librustsorts.so rust_sorts.rs
//!   worstsort check --target ./librustsorts.so:rust_sort_unstable

use std::cmp::Ordering;
use std::ffi::c_void;

type Less = extern "C" fn(i32, i32, *mut c_void) -> i32;

fn order(a: i32, b: i32, less: Less, ctx: *mut c_void) -> Ordering {
    if less(a, b, ctx) != 0 { Ordering::Less } else { Ordering::Greater }
}

unsafe fn view<'a>(items: *mut i32, n: usize) -> &'a mut [i32] {
    std::slice::from_raw_parts_mut(items, n)
}

#[no_mangle]
pub unsafe extern "C" fn rust_sort(items: *mut i32, n: usize, less: Less, ctx: *mut c_void) {
    view(items, n).sort_by(|&a, &b| order(a, b, less, ctx));
}

#[no_mangle]
pub unsafe extern "C" fn rust_sort_unstable(items: *mut i32, n: usize, less: Less, ctx: *mut c_void) {
    view(items, n).sort_unstable_by(|&a, &b| order(a, b, less, ctx));
}
