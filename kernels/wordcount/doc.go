// Package wordcount counts the words of files: as map-reduce on all cores, in
// bounded memory, and as the plain loop that this must be compared with.
//
//	for pair, err := range wordcount.Count(ctx, []string{"a.txt", "b.txt"}, wordcount.Options{}) {
//		...
//	}
//
// A word is what stands between white space, as unicode.IsSpace and
// bufio.ScanWords have it. Text that is not UTF-8 is refused.
package wordcount
