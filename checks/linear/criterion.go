package linear

// A Criterion says which orders of operations are looked for.
type Criterion uint8

// The criteria. In all of them the operations have to give their results one
// after the other, in some order.
const (
	// Linearizable: in an order in which an operation that returned before another
	// one was called comes first.
	Linearizable Criterion = iota
	// SequentiallyConsistent: in an order in which only the operations of one
	// goroutine keep theirs (Lamport, 1979). Executions that were cut are not
	// judged: what was to come could explain what was seen.
	SequentiallyConsistent
	// Serializable: all operations of one goroutine are one transaction, and
	// nothing of others comes between them. The order of transactions is free.
	// Executions that were cut are not judged.
	Serializable
)

var criterionNames = [...]string{"linearizable", "sequentially consistent", "serializable"}

// String is the criterion as an adjective.
func (c Criterion) String() string { return criterionNames[c] }

// order is what a criterion remembers on the way, beside the real-time order.
type order struct {
	next [clientsMax]uint8 // by goroutine: how many of its operations have their place
	open int8              // the goroutine whose transaction is under way, or -1
}

// clientsMax bounds the goroutines of a history that is judged by another
// criterion than Linearizable, and operationsMax its operations in each.
const (
	clientsMax    = 16
	operationsMax = 255
)

// place returns what follows when a goroutine's operation comes next, and
// whether it may.
func (c Criterion) place(now order, client, index, last int) (order, bool) {
	if c == Linearizable {
		return now, true
	}
	if int(now.next[client]) != index || c == Serializable && now.open >= 0 && int(now.open) != client {
		return now, false
	}
	now.next[client]++
	if c == Serializable {
		now.open = int8(client)
		if index == last {
			now.open = -1
		}
	}
	return now, true
}
