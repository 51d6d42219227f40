package mapreduce_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/kernels/mapreduce"
)

func sum(a, b int) int { return a + b }

// Word count.
func Example() {
	lines := []string{"to be or not", "to be"}
	job := mapreduce.Job[string, string, int, int]{
		Map: func(_ context.Context, line string, emit func(string, int)) error {
			for word := range strings.FieldsSeq(line) {
				emit(word, 1)
			}
			return nil
		},
		Combine: sum,
		Reduce:  mapreduce.Only[string, int],
	}
	for pair, err := range mapreduce.Run(context.Background(), job, mapreduce.Slice(lines), mapreduce.Options{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(pair.Key, pair.Value)
	}
	// Output:
	// be 2
	// not 1
	// or 1
	// to 2
}

// The notebook's job counter: how many people have each job.
func ExampleRun_jobCounter() {
	type person struct{ name, job string }
	people := []person{{"Ana", "nurse"}, {"Ben", "baker"}, {"Cleo", "nurse"}, {"Dan", "pilot"}, {"Eve", "baker"}, {"Finn", "nurse"}}
	job := mapreduce.Job[person, string, int, int]{
		Map: func(_ context.Context, p person, emit func(string, int)) error {
			emit(p.job, 1)
			return nil
		},
		Combine: sum,
		Reduce:  mapreduce.Only[string, int],
	}
	pairs, err := mapreduce.Collect(mapreduce.Run(context.Background(), job, mapreduce.Slice(people), mapreduce.Options{}))
	fmt.Println(pairs, err)
	// Output: [{baker 2} {nurse 3} {pilot 1}] <nil>
}

// An inverted index: in which documents each word occurs. There is no Combine:
// the documents come in the order of the inputs.
func ExampleRun_invertedIndex() {
	type document struct {
		number int
		text   string
	}
	documents := []document{{1, "a rose is a rose"}, {2, "is it"}, {3, "a thorn"}}
	job := mapreduce.Job[document, string, int, []int]{
		Map: func(_ context.Context, d document, emit func(string, int)) error {
			for word := range strings.FieldsSeq(d.text) {
				emit(word, d.number)
			}
			return nil
		},
		Reduce: func(_ string, numbers iter.Seq[int]) ([]int, error) {
			return slices.Compact(slices.Collect(numbers)), nil
		},
	}
	for pair, err := range mapreduce.Run(context.Background(), job, mapreduce.Slice(documents), mapreduce.Options{}) {
		fmt.Println(pair.Key, pair.Value, err)
	}
	// Output:
	// a [1 3] <nil>
	// is [1 2] <nil>
	// it [2] <nil>
	// rose [1] <nil>
	// thorn [3] <nil>
}

// A histogram: how many numbers fall into each bin of ten.
func ExampleRun_histogram() {
	job := mapreduce.Job[int, int, int, string]{
		Map: func(_ context.Context, n int, emit func(int, int)) error {
			emit(n/10*10, 1)
			return nil
		},
		Combine: sum,
		Reduce: func(_ int, counts iter.Seq[int]) (string, error) {
			for n := range counts {
				return strings.Repeat("#", n), nil
			}
			return "", nil
		},
	}
	for pair, err := range mapreduce.Run(context.Background(), job, mapreduce.Slice([]int{3, 12, 14, 15, 27, 31, 38}), mapreduce.Options{}) {
		fmt.Println(pair.Key, pair.Value, err)
	}
	// Output:
	// 0 # <nil>
	// 10 ### <nil>
	// 20 # <nil>
	// 30 ## <nil>
}
