package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// bankTransfer moves money between two accounts: two updates that belong
// together.
func bankTransfer() Scenario {
	return Scenario{
		Name:    "bank-transfer",
		Summary: "one transfer from A to B, one from B to A, and an auditor who adds up",
		Lesson: "A transfer touches two accounts. Locked access by access, it loses money; locked account by account, " +
			"somebody sees the money in neither; with both locks, two opposite transfers wait for each other. " +
			"Both locks in one order for everybody, or one lock, is right.",
		Variants: []Variant{
			{Name: "lock-per-access", Summary: "reading and writing a balance are locked, each by itself",
				Expect: []checks.Kind{checks.LostUpdate, checks.Assertion}, Program: fixed(transfers(moveByAccess, nil))},
			{Name: "lock-per-account", Summary: "withdrawing and depositing are locked, each by itself",
				Expect: []checks.Kind{checks.Assertion}, Program: fixed(transfers(moveByAccount, auditLocked))},
			{Name: "from-then-to", Summary: "locks the account to take from, then the other",
				Expect: []checks.Kind{checks.Deadlock}, Program: fixed(transfers(moveFromFirst, auditLocked))},
			{Name: "ordered", Summary: "locks both accounts, A first", Program: fixed(transfers(moveOrdered, auditLocked))},
		},
	}
}

// A bank has two accounts of 100 each.
type bank struct{ a, b account }

type account struct {
	mu      sim.Mutex
	balance sim.Var[int]
}

func (a *account) get(g *sim.G) int {
	a.mu.Lock(g)
	defer a.mu.Unlock(g)
	return a.balance.Load(g)
}

func (a *account) set(g *sim.G, v int) {
	a.mu.Lock(g)
	defer a.mu.Unlock(g)
	a.balance.Store(g, v)
}

func (a *account) add(g *sim.G, amount int) {
	a.mu.Lock(g)
	defer a.mu.Unlock(g)
	a.balance.Store(g, a.balance.Load(g)+amount)
}

const opening = 100

// transfers runs two opposite transfers beside an audit, if there is one, and
// adds up in the end.
func transfers(move func(g *sim.G, b *bank, from, to *account), audit func(*sim.G, *bank)) func(*sim.G) {
	return func(g *sim.G) {
		var b bank
		b.a.mu.Name, b.b.mu.Name = "lock A", "lock B"
		b.a.balance.Name, b.b.balance.Name = "balance A", "balance B"
		b.a.balance.Store(g, opening)
		b.b.balance.Store(g, opening)
		there := g.Go("transfer 1", func(g *sim.G) { move(g, &b, &b.a, &b.b) })
		back := g.Go("transfer 2", func(g *sim.G) { move(g, &b, &b.b, &b.a) })
		if audit != nil {
			g.Go("auditor", func(g *sim.G) { audit(g, &b) }).Join(g)
		}
		there.Join(g)
		back.Join(g)
		addUp(g, &b)
	}
}

func addUp(g *sim.G, b *bank) {
	sum := b.a.balance.Load(g) + b.b.balance.Load(g)
	g.Assert(sum == 2*opening, "the balances add up to %d, not %d", sum, 2*opening)
}

func auditLocked(g *sim.G, b *bank) {
	b.a.mu.Lock(g)
	b.b.mu.Lock(g)
	addUp(g, b)
	b.b.mu.Unlock(g)
	b.a.mu.Unlock(g)
}

func moveByAccess(g *sim.G, _ *bank, from, to *account) {
	from.set(g, from.get(g)-10)
	to.set(g, to.get(g)+10)
}

func moveByAccount(g *sim.G, _ *bank, from, to *account) {
	from.add(g, -10)
	to.add(g, 10)
}

func moveFromFirst(g *sim.G, _ *bank, from, to *account) {
	from.mu.Lock(g)
	to.mu.Lock(g)
	moveHeld(g, from, to)
	to.mu.Unlock(g)
	from.mu.Unlock(g)
}

func moveOrdered(g *sim.G, b *bank, from, to *account) {
	b.a.mu.Lock(g)
	b.b.mu.Lock(g)
	moveHeld(g, from, to)
	b.b.mu.Unlock(g)
	b.a.mu.Unlock(g)
}

func moveHeld(g *sim.G, from, to *account) {
	from.balance.Store(g, from.balance.Load(g)-10)
	to.balance.Store(g, to.balance.Load(g)+10)
}
