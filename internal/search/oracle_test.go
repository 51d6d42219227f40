package search_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Optimal-DPOR explores as many complete and as many deadlocked executions as
// the independent counts say, and none that is redundant.
func TestOracle(t *testing.T) {
	f, err := os.Open("testdata/oracle.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		name, param, eq, want := row[0], row[1], row[3], row[4]
		n, err := strconv.Atoi(param)
		if err != nil || strings.Contains(eq, "cumulative") {
			continue
		}
		t.Run(name+"/"+param+"/"+eq, func(t *testing.T) {
			program := oracleProgram(name, n)
			w, _ := strconv.Atoi(want)
			if w > 20000 && testing.Short() {
				t.Skip("big")
			}
			complete, deadlocked, restarts := 0, 0, 0
			defer func() { t.Log("restarts", restarts) }()
			r, err := search.Run(program, search.Options{Strategy: search.Optimal, Relation: search.ChannelRelation,
				Restarted: func() { restarts++; complete, deadlocked = 0, 0 }},
				func(x *sim.Execution) bool {
					switch x.Outcome {
					case sim.Finished:
						complete++
					case sim.Deadlocked:
						deadlocked++
					default:
						t.Fatalf("outcome %v %v", x.Outcome, x.Failure)
					}
					return true
				})
			if err != nil {
				t.Fatal(err)
			}
			got := complete
			if strings.Contains(eq, "deadlocked") {
				got = deadlocked
			} else if strings.Contains(eq, "all maximal") {
				got += deadlocked
			}
			if got != w || r.Blocked != 0 || !r.Complete {
				t.Errorf("%d complete, %d deadlocked, %d blocked, complete %v; want %s", complete, deadlocked, r.Blocked, r.Complete, want)
			}
		})
	}
}

// oracleProgram is the program of a row.
func oracleProgram(name string, n int) func(*sim.G) {
	if p, ok := morePrograms[name]; ok {
		return p(n)
	}
	return fresh(programs[name], n)
}
