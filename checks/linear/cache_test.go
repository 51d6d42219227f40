package linear_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

type mapOp = linear.MapOp[int, int]

// A cache is read under a read lock. What is missing is put there under the
// lock for writing, after another look unless it is hasty: meanwhile somebody
// else may have been there.
type cache struct {
	hasty  bool
	mu     sim.RWMutex
	values sim.Map[int, int] // under mu
}

func newCache(hasty bool) func(*sim.G) linear.Object[mapOp, result] {
	return func(*sim.G) linear.Object[mapOp, result] {
		c := &cache{hasty: hasty, mu: sim.RWMutex{Name: "mu"}, values: sim.Map[int, int]{Name: "values"}}
		return c.do
	}
}

func (c *cache) do(g *sim.G, o mapOp) result {
	switch o.Do {
	case linear.Get:
		return c.get(g, o.Key)
	case linear.GetOrPut:
		if r := c.get(g, o.Key); r.OK {
			return r
		}
	}
	c.mu.Lock(g)
	defer c.mu.Unlock(g)
	if o.Do == linear.Delete {
		c.values.Delete(g, o.Key)
		return result{}
	}
	if o.Do == linear.GetOrPut && !c.hasty {
		if v, ok := c.values.Load(g, o.Key); ok {
			return result{Value: v, OK: true}
		}
	}
	c.values.Store(g, o.Key, o.Value)
	if o.Do == linear.Put {
		return result{}
	}
	return result{Value: o.Value}
}

func (c *cache) get(g *sim.G, key int) result {
	c.mu.RLock(g)
	defer c.mu.RUnlock(g)
	v, ok := c.values.Load(g, key)
	return result{Value: v, OK: ok}
}

// A cache that looks again under the lock for writing behaves as a map; of one
// that does not, two goroutines put what both found missing.
func TestCaches(t *testing.T) {
	opt := linear.CheckOptions{PlansMax: 40, GoroutinesMax: 2, OperationsMax: 2}
	good, err := linear.Check(linear.Map[int, int](), newCache(false), opt)
	if err != nil || good.Failed || good.Complete != good.Plans {
		t.Errorf("looks again: %+v, %v", good, err)
	}
	opt.PlansMax = 200
	bad, err := linear.Check(linear.Map[int, int](), newCache(true), opt)
	if err != nil || !bad.Failed || !bad.Minimal || bad.Finding.Kind != checks.Linearizability || bad.Plan.Operations() != 2 {
		t.Errorf("hasty: %+v, %v", bad, err)
	}
}
