package hazards_test

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
)

// Every scenario of the catalogue can be explored like any other program.
func Example() {
	scenario, _ := hazards.Find("two-locks")
	params, err := scenario.Fill(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"opposite", "ordered"} {
		variant, _ := scenario.Variant(name)
		report, err := checks.Explore(variant.Program(params), checks.Options{Strategy: "dfs"})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, "complete:", report.Complete)
		for _, f := range report.Findings {
			fmt.Println(f.Summary)
		}
	}
	// Output:
	// opposite complete: false
	// P1 holds A and waits for B, held by P2; P2 holds B and waits for A, held by P1: a cycle that nobody can leave
	// ordered complete: true
}

func ExampleCatalogue() {
	for _, s := range hazards.Catalogue()[:3] {
		fmt.Printf("%s: %s\n", s.Name, s.Summary)
		for _, v := range s.Variants[:2] {
			fmt.Printf("  %s %v\n", v.Name, v.Expect)
		}
	}
	// Output:
	// counter: goroutines that increment one counter
	//   load-store [lost-update]
	//   plain [lost-update data-race]
	// two-locks: P1 holds A and wants B, P2 holds B and wants A
	//   opposite [deadlock]
	//   unjoined [partial-deadlock]
	// philosophers: philosophers around a table, each needs two forks to eat
	//   left-first [deadlock]
	//   ordered []
}
