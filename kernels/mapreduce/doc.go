// Package mapreduce groups what many inputs say under keys, on all cores and
// within a bound of memory.
//
// A [Job] has a Map function, which turns an input into pairs of a key and a
// value, and a Reduce function, which turns a key and all its values into a
// result. [Run] yields the results in the order of the keys:
//
//	job := mapreduce.Job[string, string, int, int]{
//		Map: func(_ context.Context, line string, emit func(string, int)) error {
//			for word := range strings.FieldsSeq(line) {
//				emit(word, 1)
//			}
//			return nil
//		},
//		Combine: func(a, b int) int { return a + b },
//		Reduce:  mapreduce.Only[string, int],
//	}
//	for pair, err := range mapreduce.Run(ctx, job, mapreduce.Slice(lines), mapreduce.Options{}) {
//		...
//	}
//
// How it works. Each worker takes input after input and collects pairs in a
// table of its own; with a Combine function the table has one value per key.
// When a table has its share of the memory, it is sorted and written to a
// temporary file as a run. When the inputs are through, the keys are cut into
// ranges of about equal size, and the workers merge and reduce the ranges side
// by side, each from all tables and runs. As the ranges are in the order of the
// keys, so are the results.
//
// The results and their order are the same for any number of workers, any
// bound of memory and any number of partitions: a key's values come in the
// order of the inputs and, within an input, in the order in which they were
// emitted. With a Combine function that is exact, commutative and associative
// nobody can tell in which order it was applied; the sum of floats is not.
package mapreduce
