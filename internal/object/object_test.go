package object_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/internal/object"
)

// Two calls that are independent in a random state commute: either order gives
// the same state and the same results, and neither enables nor disables the
// other. Every pair of operations of every kind of object occurs.
func TestIndependentCallsCommute(t *testing.T) {
	for _, k := range groups() {
		t.Run(k.name, func(t *testing.T) {
			seen := map[[2]object.Op]int{}
			check := func(rt *rapid.T) {
				numbers := rapid.Uint32()
				w := newWalk(func(n int) int { return int(numbers.Draw(rt, "pick") % uint32(n)) })
				w.fresh = k.setup(w)
				w.start()
				for range 40 {
					w.checkPairs(rt, seen)
					if !w.step() {
						break
					}
				}
			}
			rapid.Check(t, check)
			for round := 0; round < 20 && len(unseen(k, seen)) > 0 && !t.Failed(); round++ {
				rapid.Check(t, check)
			}
			for _, pair := range unseen(k, seen) {
				t.Errorf("%v and %v were pending together %d times", pair[0], pair[1], seen[pair])
			}
		})
	}
}

// unseen is the pairs of operations that were pending together less than three
// times in all walks.
func unseen(k group, seen map[[2]object.Op]int) [][2]object.Op {
	var few [][2]object.Op
	ops := map[object.Op]bool{}
	for pair := range seen {
		ops[pair[0]] = true
	}
	for a := range ops {
		for b := range ops {
			rare := slices.Contains(k.rare, [2]object.Op{min(a, b), max(a, b)})
			if seen[[2]object.Op{a, b}] < 3 && !rare {
				few = append(few, [2]object.Op{a, b})
			}
		}
	}
	return few
}

// checkPairs checks all pairs of pending calls, with all their alternatives.
func (k *walk) checkPairs(t *rapid.T, seen map[[2]object.Op]int) {
	for a := range int32(walkers) {
		for b := range int32(walkers) {
			if a == b || k.dead[a] || k.dead[b] {
				continue
			}
			seen[[2]object.Op{k.pending[a].Op, k.pending[b].Op}]++
			for _, alt := range k.alternatives(k.w, a) {
				k.checkTogether(t, a, alt, b)
				k.checkInTurn(t, a, alt, b)
			}
		}
	}
}

// run performs an alternative of a goroutine's call in a copy of a world.
func (k *walk) run(w *object.World, g, alt int32) (*object.World, []object.Part, object.Fault) {
	parts, fault := object.Resolve(w, &k.pending[g], alt, nil)
	after := clone(w)
	if fault == object.NoFault {
		applyAll(after, parts)
	}
	return after, parts, fault
}

// checkTogether: a and b, both enabled, and independent by Dependent.
func (k *walk) checkTogether(t *rapid.T, a, alt, b int32) {
	afterA, partsA, faultA := k.run(k.w, a, alt)
	for _, altB := range k.alternatives(k.w, b) {
		afterB, partsB, faultB := k.run(k.w, b, altB)
		if related(partsA, partsB, func(p, q object.Part) bool { return object.Dependent(k.w, p, q) }) {
			continue
		}
		if !slices.Contains(k.alternatives(afterA, b), altB) || !slices.Contains(k.alternatives(afterB, a), alt) {
			t.Fatalf("%s: one disables the other", k.pair(a, alt, b, altB))
		}
		ab, partsAB, faultAB := k.run(afterA, b, altB)
		ba, partsBA, faultBA := k.run(afterB, a, alt)
		k.same(t, k.pair(a, alt, b, altB), ab, ba)
		if !reflect.DeepEqual(partsAB, partsB) || !reflect.DeepEqual(partsBA, partsA) || faultAB != faultB || faultBA != faultA {
			t.Fatalf("%s: one changes the other's result", k.pair(a, alt, b, altB))
		}
	}
}

// checkInTurn: b after a, whose parts do not conflict with a's: it could have
// been first.
func (k *walk) checkInTurn(t *rapid.T, a, alt, b int32) {
	afterA, partsA, _ := k.run(k.w, a, alt)
	for _, altB := range k.alternatives(afterA, b) {
		ab, partsB, _ := k.run(afterA, b, altB)
		if related(partsA, partsB, conflict) {
			continue
		}
		if !slices.Contains(k.alternatives(k.w, b), altB) {
			t.Fatalf("%s: the first enables the second", k.pair(a, alt, b, altB))
		}
		afterB, _, _ := k.run(k.w, b, altB)
		if !slices.Contains(k.alternatives(afterB, a), alt) {
			t.Fatalf("%s: the second disables the first", k.pair(a, alt, b, altB))
		}
		ba, partsBA, _ := k.run(afterB, a, alt)
		k.same(t, k.pair(a, alt, b, altB), ab, ba)
		if !reflect.DeepEqual(partsBA, partsA) {
			t.Fatalf("%s: the second changes the first's result: %v, %v", k.pair(a, alt, b, altB), partsA, partsBA)
		}
	}
}

func conflict(p, q object.Part) bool {
	return p.Obj == q.Obj && p.Sub == q.Sub && object.Conflict(p.Mode, q.Mode)
}

func related(as, bs []object.Part, by func(p, q object.Part) bool) bool {
	for _, p := range as {
		if slices.ContainsFunc(bs, func(q object.Part) bool { return by(p, q) }) {
			return true
		}
	}
	return false
}

func (k *walk) same(t *rapid.T, pair string, ab, ba *object.World) {
	if got, want := states(ab), states(ba); !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: the orders lead to %v and %v", pair, got, want)
	}
}

// pair describes what is compared.
func (k *walk) pair(a, altA, b, altB int32) string {
	return fmt.Sprintf("in %v: %v (alternative %d, %+v) and %v (alternative %d, %+v), cases %v", states(k.w),
		k.pending[a].Op, altA, k.pending[a], k.pending[b].Op, altB, k.pending[b], k.w.Cases)
}
