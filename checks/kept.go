package checks

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/atomicfile"
)

// keptTokens are the tokens of a test's findings, a line each in a file of its
// own.
type keptTokens struct {
	file   string
	tokens []string
}

// tokensFile is the file of a test: what a name of a file cannot have in the
// test's name is written otherwise.
func tokensFile(t testing.TB, opt Options) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '.'
	}, t.Name())
	return filepath.Join(cmp.Or(opt.Tokens, filepath.Join("testdata", "interleave")), name+".tokens")
}

// read returns the tokens of earlier runs.
func (k *keptTokens) read(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(k.file)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Logf("the tokens of earlier runs cannot be read, so they are not replayed: %v", err)
		}
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			k.tokens = append(k.tokens, line)
		}
	}
	return k.tokens
}

// add keeps a token.
func (k *keptTokens) add(t testing.TB, token string) {
	t.Helper()
	if slices.Contains(k.tokens, token) {
		return
	}
	k.tokens = append(k.tokens, token)
	err := os.MkdirAll(filepath.Dir(k.file), 0o777)
	if err == nil {
		err = atomicfile.Write(k.file, []byte(strings.Join(k.tokens, "\n")+"\n"))
	}
	if err != nil {
		t.Logf("the token is not kept for the next run: %v", err)
		return
	}
	t.Logf("the token is kept in %s and replayed first from now on", k.file)
}
