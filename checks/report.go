package checks

// ReportVersion is the version of the report's JSON schema.
const ReportVersion = 1

// A Report is all that an exploration has to say.
type Report struct {
	Version    int            `json:"version"`
	Scenario   string         `json:"scenario"`
	Variant    string         `json:"variant"`
	Parameters map[string]int `json:"parameters"`
	Strategy   string         `json:"strategy"`
	Seed       uint64         `json:"seed"`
	Time       string         `json:"time"`               // the policy of virtual time
	Relation   string         `json:"relation,omitempty"` // of channels, where it is not slot
	Exhaustive bool           `json:"exhaustive"`         // the strategy explores everything, unless a bound cuts it
	Complete   bool           `json:"complete"`           // everything within the budget was explored
	Budget     Budget         `json:"budget,omitzero"`    // that schedules could spend
	Beyond     bool           `json:"beyond,omitempty"`   // something was left out because it spends more
	// Spent is what the last execution spent of the budget, or of preemptions under
	// the strategy bounded without one. No other spent more; if a finding ended the
	// search, no execution that spends less has one.
	Spent      int    `json:"spent,omitempty"`
	FellBack   int    `json:"fellBack,omitempty"` // parts in which wakeup trees were given up for source sets
	Bound      string `json:"bound"`              // the bound that was hit, or empty
	Executions int    `json:"executions"`
	Blocked    int    `json:"blocked"`
	Cut        int    `json:"cut,omitempty"` // executions that hit the bound on steps or goroutines
	Failing    int    `json:"failing"`       // executions, cut or not, in which something was found
	Steps      int    `json:"steps"`
	// Outcomes counts executions: by how they ended, and by the kinds of
	// hazard found in them.
	Outcomes map[string]int `json:"outcomes"`
	// Judges are the judges that were in force.
	Judges []string `json:"judges"`
	// Observers are what the program says of itself for judges, in the executions
	// that were seen: its invariants and histories, by name where they have one,
	// fingerprints, and marks of progress.
	Observers []string  `json:"observers,omitempty"`
	Findings  []Finding `json:"findings"`
	// Spins are loops that wait undeclared, where executions were cut; without KeepGoing
	// the first one ends an exhaustive search.
	Spins []Spin `json:"spins,omitempty"`
	// Notes are remarks of the judges that are no findings.
	Notes []string `json:"notes,omitempty"`
	// LockGraph is in which orders locks were taken; nil when nobody took two, or
	// no judge looked.
	LockGraph *LockGraph `json:"lockGraph,omitempty"`
}
