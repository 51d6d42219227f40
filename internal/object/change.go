package object

// The Aux of a Modify: what it does to the variable, for readers.
const (
	AddsTo = iota + 1
	Ands
	Ors
	Swaps
	Stores
	LoadsOrStores
	Deletes
	ComparesAndSwaps
	ComparesAndDeletes
	Clears
)

var changes = [...]string{AddsTo: "add to", Ands: "and", Ors: "or", Swaps: "swap", Stores: "store",
	LoadsOrStores: "load-or-store", Deletes: "delete", ComparesAndSwaps: "compare-and-swap",
	ComparesAndDeletes: "compare-and-delete", Clears: "clear"}

// Verb is what a call does, in a word or two: its Op, but for a Modify that says more.
func (c *Call) Verb() string {
	if c.Op == Modify && c.Aux != 0 {
		return changes[c.Aux]
	}
	return c.Op.String()
}
