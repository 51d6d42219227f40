package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/kernels/counters"
)

// asJSON runs the command and reads its JSON.
func asJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	out, _ := interleave(t, exitNothing, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// hasFields checks that JSON has what every kernel promises.
func hasFields(t *testing.T, run map[string]any) {
	t.Helper()
	for _, name := range []string{"seconds", "cpu_user_seconds", "cpu_system_seconds", "workers"} {
		if _, isThere := run[name]; !isThere {
			t.Errorf("no field %s in %v", name, run)
		}
	}
}

// The same samples give the same hits however many workers there are, and each
// case stands in the table, in the JSON and in the picture.
func TestPoolCommand(t *testing.T) {
	t.Parallel()
	svg := filepath.Join(t.TempDir(), "pool.svg")
	args := []string{"kernel", "pool", "--samples", "1e5", "--jobs", "100,7", "--workers", "1,3", "--rounds", "1", "--svg", svg}
	for _, chunk := range []string{"automatic", "guided", "fixed"} {
		var got struct{ Runs []map[string]any }
		asJSON(t, &got, append(args, "--chunk", chunk)...)
		if len(got.Runs) != 4 || got.Runs[0]["hits"] != got.Runs[1]["hits"] || got.Runs[2]["hits"] != got.Runs[3]["hits"] {
			t.Errorf("chunk %s: %v", chunk, got.Runs)
		}
		hasFields(t, got.Runs[0])
	}
	out, _ := interleave(t, exitNothing, args...)
	if !strings.Contains(out, "7 jobs, 3 workers") || !strings.Contains(out, "over ideal") {
		t.Errorf("text\n%s", out)
	}
	if picture, err := os.ReadFile(svg); err != nil || !bytes.HasPrefix(picture, []byte("<svg")) {
		t.Errorf("picture %.20q, %v", picture, err)
	}
}

// Each way of counting stands in the table, none but the plain one loses
// anything, and the simulator is named.
func TestCounterCommand(t *testing.T) {
	t.Parallel()
	args := []string{"kernel", "counter", "--increments", "1000", "--workers", "1,3"}
	var got struct {
		Runs  []map[string]any
		Proof string
	}
	asJSON(t, &got, args...)
	if len(got.Runs) != 2*len(counters.Ways()) || got.Proof != counterProof {
		t.Errorf("JSON %v", got)
	}
	for _, run := range got.Runs {
		hasFields(t, run)
		if run["way"] != "plain" && run["lost"] != 0.0 {
			t.Errorf("lost updates: %v", run)
		}
	}
	out, _ := interleave(t, exitNothing, args...)
	if !strings.Contains(out, "prove it in the simulator: interleave run counter") || !strings.Contains(out, "padded") {
		t.Errorf("text\n%s", out)
	}
}

// The counts are those of the plain loop, in the file in the order of the
// words, for any number of workers and bound of memory.
func TestWordcountCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	var b strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&b, "w%d\n", i*7919%150_011)
	}
	if err := os.WriteFile(text, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	want := ""
	for i, flags := range [][]string{{"--plain"}, {"--workers", "1"}, {"--workers", "3", "--memory", "48M", "--temp", dir}, {"--partitions", "7"}} {
		out := filepath.Join(dir, fmt.Sprint(i))
		var got map[string]any
		asJSON(t, &got, append(append([]string{"kernel", "wordcount", text, "--counts", out}, flags...), "--top", "3")...)
		hasFields(t, got)
		counts, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = string(counts)
		}
		if i == 2 && got["map_reduce"].(map[string]any)["spilled_runs"] == 0.0 {
			t.Errorf("%v: nothing was spilled", flags)
		}
		if string(counts) != want || got["words"] != 200_000.0 || len(got["top"].([]any)) != 3 {
			t.Errorf("%v: other counts than the plain loop's: %v", flags, got)
		}
	}
	out, _ := interleave(t, exitNothing, "kernel", "wordcount", text, "--top", "2")
	if !strings.HasPrefix(out, "200,000 words, ") || !strings.Contains(out, "Most frequent words") {
		t.Errorf("text\n%s", out)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 5 {
		t.Errorf("%d files in the folder, %v, want 5: temporary files are left", len(entries), err)
	}
}

// Shards of a word count merge into the very file of the unsharded one.
func TestWordcountShardsMerge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("to be or not to be \u00e9t\u00e9\n", 1001)), 0o600); err != nil {
		t.Fatal(err)
	}
	whole, merged := filepath.Join(dir, "whole"), filepath.Join(dir, "merged")
	interleave(t, exitNothing, "kernel", "wordcount", text, "--out", whole)
	args := []string{"merge", "--out", merged}
	for i := range 5 {
		interleave(t, exitNothing, "kernel", "wordcount", text, "--shard", fmt.Sprintf("%d/5", i), "--out", filepath.Join(dir, "part-{shard}"), "--workers", fmt.Sprint(i+1))
		args = append(args, filepath.Join(dir, fmt.Sprintf("part-%d-of-5", i)))
	}
	out, _ := interleave(t, exitNothing, args...)
	if !strings.HasPrefix(out, "7,007 words, 5 of them different") {
		t.Errorf("merge says\n%s", out)
	}
	a, errA := os.ReadFile(whole)
	b, errB := os.ReadFile(merged)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("merged\n%s\nwant\n%s\n%v %v", b, a, errA, errB)
	}
	interleave(t, exitCannotRun, args[:len(args)-1]...)
	interleave(t, exitNothing, append(args, "--json")...)
}

// Shards of a counter merge into the very file of the unsharded one, whatever
// their ways.
func TestCounterShardsMerge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	counter := func(name string, flags ...string) string {
		path := filepath.Join(dir, name)
		interleave(t, exitNothing, append([]string{"kernel", "counter", "--increments", "1000", "--workers", "2", "--out", path}, flags...)...)
		return path
	}
	whole := counter("whole", "--way", "mutex")
	parts := []string{
		counter("0", "--way", "atomic", "--shard", "0/3"),
		counter("1", "--way", "padded", "--shard", "1/3"),
		counter("2", "--way", "merged", "--shard", "2/3"),
	}
	merged := filepath.Join(dir, "merged")
	out, _ := interleave(t, exitNothing, append([]string{"merge", "--out", merged}, parts...)...)
	if out != "1,000 increments counted\n" {
		t.Errorf("merge says %q", out)
	}
	a, errA := os.ReadFile(whole)
	b, errB := os.ReadFile(merged)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("merged\n%s\nwant\n%s\n%v %v", b, a, errA, errB)
	}
	interleave(t, exitNothing, append([]string{"merge", "--json"}, parts...)...)
}

// What cannot be run ends with status 2 and one line, and leaves no file.
func TestPoolKernelsRefuse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad")
	if err := os.WriteFile(bad, []byte("a \xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"pool --chunk odd":                                      "there are automatic, guided and fixed",
		"pool --jobs 0":                                         "--jobs 0: from 1",
		"pool --jobs 10 --samples 9":                            "a sample for each",
		"pool --workers 0":                                      "--workers 0: from 1",
		"pool --rounds 0":                                       "must be at least 1",
		"pool --kernel mmx":                                     `there is no kernel "mmx": there are auto, plain`,
		"counter --way abacus":                                  `there is no way of counting "abacus": there are all, `,
		"counter --workers 0":                                   "--workers 0: from 1",
		"counter --shard 0/2":                                   "--shard needs --out",
		"counter --out " + dir + "/out":                         "one right way",
		"counter --increments 0":                                "--increments 0: from 1",
		"counter --svg " + dir + "/none/x.svg":                  "no such file or directory",
		"wordcount":                                             "0 arguments: give one or more, files",
		"wordcount " + dir + "/none":                            "none: no such file or directory",
		"wordcount " + dir:                                      "is a directory",
		"wordcount " + bad + " --counts " + dir + "/out":        bad + ": invalid UTF-8 at byte 2",
		"wordcount " + bad + " --memory 1K":                     "at least 48M",
		"wordcount " + bad + " --memory much":                   "--memory much: it must be a number of bytes",
		"wordcount " + bad + " --workers 0":                     "--workers 0: from 1",
		"wordcount " + bad + " --partitions -1":                 "below 0",
		"wordcount " + bad + " --shard 0/2":                     "--shard needs --out",
		"wordcount - --shard 0/2 --out " + dir + "/shard":       "only regular files",
		"wordcount " + bad + " --top -1":                        "--top -1: from 0",
		"wordcount " + bad + " --counts " + dir + "/none/words": "no such file or directory",
	}
	for args, want := range tests {
		_, errs := interleave(t, exitCannotRun, append([]string{"kernel"}, strings.Fields(args)...)...)
		if !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: %q, want one line with %q", args, errs, want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d files in the folder, %v, want 1", len(entries), err)
	}
}

// What String writes, Set reads; anything else gives an error or a size.
func FuzzByteSize(f *testing.F) {
	for _, text := range []string{"0", "64M", "1.5G", "1KiB", "12b", "9e9", "-1", "K", "1e400", "NaN"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b, again byteSize
		if err := b.Set(text); err != nil {
			return
		}
		if err := again.Set(b.String()); err != nil || again != b || b < 0 {
			t.Errorf("%q is %d, written %s, read %d, %v", text, int64(b), b.String(), int64(again), err)
		}
	})
}
