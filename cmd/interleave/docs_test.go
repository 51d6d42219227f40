package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks returns the code blocks of a language in a document.
func blocks(t *testing.T, document, language string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", document))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	pattern := regexp.MustCompile("(?s)```" + language + "\n(.*?)```")
	for _, match := range pattern.FindAllStringSubmatch(string(text), -1) {
		found = append(found, match[1])
	}
	if len(found) == 0 {
		t.Fatalf("%s has no block in %s", document, language)
	}
	return found
}

// A session is a command and what it must print.
type session struct{ command, output string }

func sessions(block string) []session {
	var all []session
	for _, line := range strings.SplitAfter(block, "\n") {
		if command, isCommand := strings.CutPrefix(line, "$ "); isCommand {
			all = append(all, session{command: strings.TrimSpace(command)})
		} else if line != "" {
			all[len(all)-1].output += line
		}
	}
	return all
}

// runSession runs a command of a document in the current folder. What --json
// prints has times in it and is left out of the documents.
func runSession(t *testing.T, command string) string {
	t.Helper()
	words := strings.Fields(command)
	if words[0] == "cmp" {
		a, errA := os.ReadFile(words[1])
		b, errB := os.ReadFile(words[2])
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: they differ: %v, %v", command, errA, errB)
		}
		return ""
	}
	var stdout, stderr bytes.Buffer
	run(words[1:], &stdout, &stderr)
	if strings.HasSuffix(command, "--json") {
		stdout.Reset()
	}
	return stdout.String() + stderr.String()
}

// The sessions of docs/sharding.md print what they say, and the file that it
// shows is the one that they write.
func TestShardingSessions(t *testing.T) {
	document, shown := blocks(t, "sharding.md", "console"), blocks(t, "sharding.md", "json")
	t.Chdir(t.TempDir())
	for _, block := range document {
		for _, s := range sessions(block) {
			if got := runSession(t, s.command); got != s.output {
				t.Errorf("%s\nprints\n%swant\n%s", s.command, got, s.output)
			}
		}
	}
	file, err := os.ReadFile("whole.json")
	if want := shown[0]; err != nil || string(file) != want {
		t.Errorf("the file is\n%swant\n%s%v", file, want, err)
	}
}

// The commands of docs/sharding.md for Kubernetes and Slurm work, with fewer
// samples, where those set their variables.
func TestShardingSchedulers(t *testing.T) {
	yaml := blocks(t, "sharding.md", "yaml")[0]
	script := blocks(t, "sharding.md", "sh")[0]
	var args []string
	line := regexp.MustCompile(`args: (\[.*\])`).FindStringSubmatch(yaml)
	if err := json.Unmarshal([]byte(line[1]), &args); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args []string
		set  map[string]string
	}{
		{args, map[string]string{"JOB_COMPLETION_INDEX": "3"}},
		{strings.Fields(script[strings.Index(script, "interleave"):])[1:],
			map[string]string{"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "16", "SLURM_ARRAY_TASK_MIN": "0"}},
	}
	for _, test := range tests {
		t.Run(test.args[5], func(t *testing.T) {
			dir := t.TempDir()
			for name, value := range test.set {
				t.Setenv(name, value)
			}
			for i, arg := range test.args {
				test.args[i] = strings.Replace(strings.Replace(arg, "1e13", "1e6", 1), "/results", dir, 1)
				test.args[i] = strings.Replace(test.args[i], "results/", dir+"/", 1)
			}
			var stderr bytes.Buffer
			if status := run(test.args, &bytes.Buffer{}, &stderr); status != exitNothing {
				t.Fatalf("%v: status %d: %s", test.args, status, &stderr)
			}
			if _, err := os.Stat(filepath.Join(dir, "pi-3-of-16.json")); err != nil {
				t.Error(err)
			}
		})
	}
}

// The sessions of these documents print what they say.
func TestDocumentedSessions(t *testing.T) {
	for _, document := range []string{"exploring.md", "replay.md"} {
		for _, block := range blocks(t, document, "console") {
			for _, s := range sessions(block) {
				if got := runSession(t, s.command); got != s.output {
					t.Errorf("%s: %s\nprints\n%swant\n%s", document, s.command, got, s.output)
				}
			}
		}
	}
}
