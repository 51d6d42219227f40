package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/kernels/pi"
)

// interleave runs the command and checks its status and its width.
func interleave(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(args, &out, &errs); got != status {
		t.Fatalf("interleave %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, status, &out, &errs)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > textColumns {
			t.Errorf("interleave %s: line of %d columns: %s", strings.Join(args, " "), n, line)
		}
	}
	return out.String(), errs.String()
}

// The JSON has the fields that were promised, and the estimate of the library.
func TestPiJSON(t *testing.T) {
	t.Parallel()
	out, _ := interleave(t, exitNothing, "kernel", "pi", "--json", "--samples", "1e6", "--seed", "1", "--workers", "2")
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	fields := []string{"estimate", "standard_error", "samples", "seconds", "samples_per_second",
		"cpu_user_seconds", "cpu_system_seconds", "workers", "kernel"}
	for _, name := range fields {
		if _, isThere := got[name]; !isThere {
			t.Errorf("no field %s in\n%s", name, out)
		}
	}
	if got["estimate"] != 3.14194 {
		t.Errorf("estimate %v, want 3.14194", got["estimate"])
	}
}

// All kernels are compared in a table, a chart and a picture.
func TestPiCompares(t *testing.T) {
	t.Parallel()
	svg := filepath.Join(t.TempDir(), "pi.svg")
	out, _ := interleave(t, exitNothing, "kernel", "pi", "--kernel", "all", "--workers", "1,2", "--samples", "100_000", "--svg", svg)
	for _, kernel := range pi.Kernels() {
		if strings.Count(out, string(kernel)) < 3 {
			t.Errorf("kernel %s is not compared:\n%s", kernel, out)
		}
	}
	picture, err := os.ReadFile(svg)
	if err != nil || !strings.HasPrefix(string(picture), "<svg") {
		t.Errorf("picture %.20q, %v", picture, err)
	}
}

// A mistake that can be detected is.
func TestPiSameStateDetected(t *testing.T) {
	t.Parallel()
	out, _ := interleave(t, exitNothing, "kernel", "pi", "--kernel", "same-state", "--workers", "4", "--samples", "1e6")
	if !strings.Contains(out, "DETECTED        all 4 workers counted the same 196,") {
		t.Errorf("not detected:\n%s", out)
	}
}

// What cannot be run ends with status 2 and one line.
func TestPiRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		`there is no kernel "mmx": there are all, auto, plain, xoshiro`: {"--kernel", "mmx"},
		"same-state, locked-generator, global-lock":                     {"--kernel", "foo"},
		"below 1":                   {"--workers", "0"},
		"nothing to do":             {"--samples", "0"},
		"it must be a whole number": {"--samples", "1.5"},
		"no such file or directory": {"--svg", filepath.Join(t.TempDir(), "no", "x.svg")},
		"--shard needs --out":       {"--shard", "0/2"},
		"index is not between":      {"--shard", "2/2", "--out", filepath.Join(t.TempDir(), "x")},
		"one right kernel":          {"--kernel", "all", "--out", filepath.Join(t.TempDir(), "x")},
		"not a regular file":        {"--out", t.TempDir()},
		"unknown flag: --no-such":   {"--no-such"},
		"1 argument: give none":     {"3"},
	}
	for want, args := range tests {
		_, errs := interleave(t, exitCannotRun, append([]string{"kernel", "pi", "--samples", "1000"}, args...)...)
		if !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: %q, want one line with %q", args, errs, want)
		}
	}
}

// Shards merge into the very file of the unsharded run, whatever the kernels.
func TestPiShardsMerge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	job := []string{"kernel", "pi", "--samples", "1_000_003", "--seed", "9"}
	whole := filepath.Join(dir, "whole.json")
	interleave(t, exitNothing, append(job, "--out", whole)...)
	var parts []string
	for i, kernel := range []string{"plain", "xoshiro", "auto"} {
		index := string(rune('0' + i))
		interleave(t, exitNothing, append(job, "--kernel", kernel, "--shard", index+"/3",
			"--out", filepath.Join(dir, "part-{shard}.json"))...)
		parts = append(parts, filepath.Join(dir, "part-"+index+"-of-3.json"))
	}
	merged := filepath.Join(dir, "merged.json")
	out, _ := interleave(t, exitNothing, "merge", "--out", merged, parts[2], parts[0], parts[1])
	if !strings.HasPrefix(out, "1,000,003 samples, seed 9\n\nestimate        3.14") {
		t.Errorf("merge says\n%s", out)
	}
	got, err := os.ReadFile(merged)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := os.ReadFile(whole); err != nil || !bytes.Equal(got, want) {
		t.Errorf("merged file\n%swant\n%s%v", got, want, err)
	}
	_, errs := interleave(t, exitCannotRun, "merge", parts[0], parts[1])
	if errs != "interleave: merge: missing shard: 2/3 (2 of 3 are there)\n" {
		t.Errorf("merge of two parts says %q", errs)
	}
	interleave(t, exitNothing, "merge", "--json", parts[0], parts[1], parts[2])
}

// More shards than blocks leave some without work, which is no harm.
func TestPiEmptyShard(t *testing.T) {
	t.Parallel()
	pattern := filepath.Join(t.TempDir(), "part-{shard}.json")
	var parts []string
	for _, index := range []string{"0", "1", "2"} {
		job := []string{"kernel", "pi", "--samples", "100", "--shard", index + "/3", "--out", pattern}
		interleave(t, exitNothing, job...)
		interleave(t, exitNothing, append(job, "--json")...)
		parts = append(parts, strings.Replace(pattern, "{shard}", index+"-of-3", 1))
	}
	if out, _ := interleave(t, exitNothing, "merge", parts[0], parts[1], parts[2]); !strings.HasPrefix(out, "100 samples") {
		t.Errorf("merge says\n%s", out)
	}
}

// A kernel that this processor lacks ends with status 2 and one line.
func TestPiKernelMissing(t *testing.T) {
	t.Parallel()
	const without = "cpu.avx2=off,cpu.avx512f=off"
	if os.Getenv("GODEBUG") == without {
		_, errs := interleave(t, exitCannotRun, "kernel", "pi", "--kernel", "avx512")
		const want = "interleave: kernel avx512: not available on this processor (it has: plain, xoshiro, integer)\n"
		if errs != want {
			t.Errorf("it says %q, want %q", errs, want)
		}
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^TestPiKernelMissing$")
	again.Env = append(os.Environ(), "GODEBUG="+without)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
