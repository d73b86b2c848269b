// Command counter sorts arrays with Go's own sorts and reports how often each called Less.
//
// It reads one job from standard input, little endian: the name of a sort (sort.Sort, heapsort) padded to 32 bytes,
// int64 repetitions, int64 number of arrays, then for each array int64 length and int64 values. It writes int64 comparisons
// for each array and, behind them, int64 nanoseconds of CPU time for all repetitions of all arrays. An array that does not
// come out sorted ends the program with an error.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"strings"
	"syscall"
)

type counted struct {
	values      []int64
	comparisons int64
}

func (c *counted) Len() int      { return len(c.values) }
func (c *counted) Swap(i, j int) { c.values[i], c.values[j] = c.values[j], c.values[i] }
func (c *counted) Less(i, j int) bool {
	c.comparisons++
	return c.values[i] < c.values[j]
}

var sorts = map[string]func(data *counted){
	"sort.Sort":        func(data *counted) { sort.Sort(data) },
	"sort.Stable":      func(data *counted) { sort.Stable(data) },
	"sort.Slice":       func(data *counted) { sort.Slice(data.values, data.Less) },
	"sort.SliceStable": func(data *counted) { sort.SliceStable(data.values, data.Less) },
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpuNanoseconds() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func readInt(in io.Reader) int64 {
	var value int64
	check(binary.Read(in, binary.LittleEndian, &value))
	return value
}

func count(by func(*counted), array []int64, data *counted) int64 {
	data.values = data.values[:len(array)]
	copy(data.values, array)
	data.comparisons = 0
	by(data)
	return data.comparisons
}

func main() {
	runtime.GOMAXPROCS(1)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	name := make([]byte, 32)
	_, err := io.ReadFull(in, name)
	check(err)
	by, known := sorts[strings.TrimRight(string(name), " ")]
	if !known {
		check(fmt.Errorf("unknown sort %q", name))
	}
	repetitions := readInt(in)
	arrays := make([][]int64, readInt(in))
	longest := 0
	for i := range arrays {
		arrays[i] = make([]int64, readInt(in))
		check(binary.Read(in, binary.LittleEndian, arrays[i]))
		if len(arrays[i]) > longest {
			longest = len(arrays[i])
		}
	}
	data := &counted{values: make([]int64, longest)}
	result := make([]int64, len(arrays)+1)
	for i, array := range arrays {
		result[i] = count(by, array, data)
		for k := 1; k < len(data.values); k++ {
			if data.values[k-1] > data.values[k] {
				check(fmt.Errorf("array %d did not come out sorted", i))
			}
		}
	}
	before := cpuNanoseconds()
	for repetition := int64(0); repetition < repetitions; repetition++ {
		for _, array := range arrays {
			count(by, array, data)
		}
	}
	result[len(arrays)] = cpuNanoseconds() - before
	check(binary.Write(os.Stdout, binary.LittleEndian, result))
}
