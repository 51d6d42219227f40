package search_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

var update = flag.Bool("update", false, "write what is measured into testdata/blocked.csv")

// blockedFile has, for every program of the oracle and every SplitEvery that it is
// run with, how many executions were for nothing when that was measured.
const blockedFile = "testdata/blocked.csv"

// A dividedRow is a program of the oracle and how its search is divided.
type dividedRow struct {
	program  string
	n, every int
	count    int // traces
	big      bool
}

func (r *dividedRow) key() string { return fmt.Sprintf("%s,%d,%d", r.program, r.n, r.every) }

// dividedRows are all programs of the oracle, each divided after every 128
// executions, and the smaller ones after 16 as well.
func dividedRows(t *testing.T) []dividedRow {
	var rows []dividedRow
	for _, row := range readCSV(t, "testdata/oracle.csv") {
		n, err := strconv.Atoi(row[1])
		count, _ := strconv.Atoi(row[4])
		if err != nil {
			continue
		}
		for _, every := range []int{128, 16} {
			r := dividedRow{program: row[0], n: n, every: every, count: count, big: count > 20_000}
			if every < 128 && count > 1500 || slices.ContainsFunc(rows, func(o dividedRow) bool { return o.key() == r.key() }) {
				continue
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// claimed is what docs/exploring.md says is explored for nothing at most: by what
// the first job explores before it begins again, and a share of the rest.
func claimed(every, executions int) int {
	if every == 128 {
		return every + executions/5
	}
	return every + executions/2
}

// A search that is divided explores every trace of every program of the oracle
// once, and for nothing no more than was measured, which is within what is claimed.
func TestDividedOracle(t *testing.T) {
	bounds, whole := map[string]int{}, map[string]int{}
	if !*update {
		for _, row := range readCSV(t, blockedFile) {
			bounds[strings.Join(row[:3], ",")], _ = strconv.Atoi(row[5])
		}
	}
	var text strings.Builder
	text.WriteString("program,param,split every,executions,jobs,blocked at most\n")
	for _, row := range dividedRows(t) {
		t.Run(row.key(), func(t *testing.T) {
			if row.big && testing.Short() {
				t.Skip("big")
			}
			program := oracleProgram(row.program, row.n)
			o := search.Options{Strategy: search.Optimal, Relation: search.ChannelRelation, Workers: 2, SplitEvery: math.MaxInt}
			name := fmt.Sprint(row.program, row.n)
			if row.big {
				whole[name] = row.count // it takes a while; it has no deadlocks
			}
			if whole[name] == 0 {
				whole[name] = explored(t, program, o).Executions
			}
			o.SplitEvery = row.every
			got := explored(t, program, o)
			fmt.Fprintf(&text, "%s,%d,%d,%d\n", row.key(), got.Executions, got.Jobs, got.Blocked)
			most, known := bounds[row.key()]
			if got.Executions != whole[name] || !*update && (!known || got.Blocked > most) {
				t.Errorf("%d executions, want %d; %d blocked in %d jobs, at most %d allowed (known: %v)", got.Executions, whole[name],
					got.Blocked, got.Jobs, most, known)
			}
			if c := claimed(row.every, got.Executions); got.Blocked > c {
				t.Errorf("%d blocked, but at most %d are claimed", got.Blocked, c)
			}
		})
	}
	if *update {
		if err := os.WriteFile(blockedFile, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// explored is the result of a search that must be complete.
func explored(t *testing.T, program func(*sim.G), o search.Options) search.Result {
	t.Helper()
	r, err := search.Explore(program, o, idle{})
	if err != nil || !r.Complete {
		t.Fatalf("complete %v, error %v", r.Complete, err)
	}
	return r
}
