// Command gentext writes text to measure a word count with: words of a made-up
// vocabulary, as unequally frequent as those of a language (Zipf), in lines.
// The same flags give the same bytes.
//
//	go run ./internal/tools/gentext -bytes 1000000000 -out text.txt
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

// wordsPerLine is how many words a line has.
const wordsPerLine = 12

func main() {
	var o options
	flag.Int64Var(&o.bytes, "bytes", 1_000_000, "the length of the text, at least")
	flag.IntVar(&o.vocabulary, "vocabulary", 200_000, "the number of different words")
	flag.Uint64Var(&o.seed, "seed", 1, "the seed")
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := writeFile(*out, o); err != nil {
		fmt.Fprintln(os.Stderr, "gentext:", err)
		os.Exit(2)
	}
}

type options struct {
	bytes      int64
	vocabulary int
	seed       uint64
}

func writeFile(path string, o options) error {
	if path == "" || o.bytes < 1 || o.vocabulary < 2 {
		return fmt.Errorf("-out is required, -bytes must be at least 1 and -vocabulary at least 2")
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	if err := o.write(out); err != nil {
		f.Close()
		return err
	}
	if err := out.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (o options) write(out io.Writer) error {
	random := rand.New(rand.NewPCG(o.seed, 0))
	vocabulary := make([][]byte, o.vocabulary)
	for i := range vocabulary {
		vocabulary[i] = word(random, i)
	}
	zipf := rand.NewZipf(random, 1.1, 2.7, uint64(o.vocabulary-1))
	for written, n := int64(0), 1; written < o.bytes; n++ {
		w := vocabulary[zipf.Uint64()]
		w[len(w)-1] = ' '
		if n%wordsPerLine == 0 {
			w[len(w)-1] = '\n'
		}
		if _, err := out.Write(w); err != nil {
			return err
		}
		written += int64(len(w))
	}
	return nil
}

// word makes the i-th word, with room for the character after it: syllables,
// the more the rarer the word is.
func word(random *rand.Rand, i int) []byte {
	const consonants, vowels = "bdfghjklmnprstvwz", "aeiou"
	var w []byte
	for n := 1; n == 1 || i > 0; n++ {
		w = append(w, consonants[random.IntN(len(consonants))], vowels[random.IntN(len(vowels))])
		i /= 12
	}
	return append(w, ' ')
}
