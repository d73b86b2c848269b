// Array.prototype.sort of Node as a target of Worstsort, and all that another sort in JavaScript needs: put it into sort.
//
//   worstsort check --target "cmd: node node_sort.js" --sizes 1000,4000
"use strict";
const { readSync, writeSync } = require("fs");

// compare(a, b) is negative if a belongs before b, positive if b before a, and else 0.
function sort(items, compare) {
  items.sort(compare);
}

function byValues(values, counted) {
  return (a, b) => {
    counted[0]++;
    return values[a] - values[b];
  };
}

// M. D. McIlroy's adversary, which gives items values (-1: none yet) when it has to, as the genes say.
function byDecisions(genes, values, counted) {
  let candidate = 0, low = 0, high = values.length - 1, asked = 0;
  return (a, b) => {
    counted[0]++;
    if (a === b) return 0;
    if (values[a] < 0 && values[b] < 0) {
      const gene = asked < genes.length ? genes[asked] : 0;
      asked++;
      const isFirst = (candidate === a) !== ((gene & 1) !== 0);
      values[isFirst ? a : b] = gene & 2 ? high-- : low++;
      candidate = isFirst ? b : a;
    }
    const x = values[a], y = values[b];
    if (x < 0) { candidate = a; return y > high ? -1 : 1; }
    if (y < 0) { candidate = b; return x < low ? -1 : 1; }
    return x - y;
  };
}

function byAsking(a, b) {
  write(Int32Array.of(a, b));
  return read(1).readInt8(0);
}

function read(length) {
  const into = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const got = readSync(0, into, done, length - done);
    if (got === 0) process.exit(0);
    done += got;
  }
  return into;
}

function write(numbers) {
  const from = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  for (let done = 0; done < from.length; ) done += writeSync(1, from, done);
}

console.log = console.error; // what the sort prints must not get among the replies
write(Buffer.from(`worstsort 1 Node ${process.version} Array.sort\n`));
for (;;) {
  const header = read(16);
  const [mode, size, rows, genes] = [0, 4, 8, 12].map((at) => header.readInt32LE(at));
  for (let row = 0; row < rows; row++) {
    const items = Array.from({ length: size }, (_, item) => item), counted = [0];
    if (mode === 0) {
      const given = read(4 * size);
      sort(items, byValues(Array.from(items, (item) => given.readInt32LE(4 * item)), counted));
      write(BigInt64Array.of(BigInt(counted[0])));
      write(Int32Array.from(items));
    } else if (mode === 1) {
      const values = new Int32Array(size).fill(-1);
      sort(items, byDecisions(read(genes), values, counted));
      write(BigInt64Array.of(BigInt(counted[0])));
      write(Int32Array.from([...items, ...values]));
    } else {
      sort(items, byAsking);
      write(Int32Array.of(-1, -1, ...items));
    }
  }
}
