//go:build go1.21

package main

import (
	"cmp"
	"./ordered"
	"slices"
)

func (c *counted) compare(a, b int64) int {
	c.comparisons++
	return cmp.Compare(a, b)
}

func init() {
	sorts["slices.SortFunc"] = func(data *counted) { slices.SortFunc(data.values, data.compare) }
	sorts["slices.SortStableFunc"] = func(data *counted) { slices.SortStableFunc(data.values, data.compare) }
	sorts["slices.Sort"] = func(data *counted) {
		ordered.Comparisons = 0
		ordered.Sort(data.values)
		data.comparisons = ordered.Comparisons
	}
}
