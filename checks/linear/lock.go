package linear

import "math/rand/v2"

// Mutex is a model of a mutual exclusion lock that starts unlocked: Lock,
// TryLock, Unlock. Who unlocks makes no difference. An Unlock of what is not
// locked has no outcome: that it returns is a violation.
func Mutex() Model[bool, Op[int], Result[int]] {
	return Model[bool, Op[int], Result[int]]{
		Name:     "mutex",
		Describe: describeOp[int],
		DescribeState: func(locked bool) string {
			if locked {
				return "locked"
			}
			return "unlocked"
		},
		Step: func(locked bool, op Op[int]) []Outcome[bool, Result[int]] {
			switch {
			case op.Do == TryLock:
				return only(true, Result[int]{OK: !locked})
			case op.Do == Lock && !locked:
				return only(true, Result[int]{})
			case op.Do == Unlock && locked:
				return only(false, Result[int]{})
			case op.Do == Lock || op.Do == Unlock:
				return nil
			}
			panic(unknownVerb("mutex", op.Do))
		},
		Draw: []func(*rand.Rand) Op[int]{plain[int](TryLock)},
		DrawTogether: []func(*rand.Rand) []Op[int]{
			func(*rand.Rand) []Op[int] { return []Op[int]{{Do: Lock}, {Do: Unlock}} },
		},
	}
}

// Semaphore is a model of a counting semaphore of which so many are free at
// first: Acquire, TryAcquire, Release, each of Value. A Release of more than was
// acquired has no outcome: that it returns is a violation.
func Semaphore(free int) Model[int, Op[int], Result[int]] {
	return Model[int, Op[int], Result[int]]{
		Name:     "semaphore",
		Init:     func() int { return free },
		Describe: describeOp[int],
		Step: func(n int, op Op[int]) []Outcome[int, Result[int]] {
			fits := op.Value <= n
			switch {
			case op.Do == TryAcquire && fits:
				return only(n-op.Value, Result[int]{OK: true})
			case op.Do == TryAcquire:
				return only(n, Result[int]{})
			case op.Do == Acquire && fits:
				return only(n-op.Value, Result[int]{})
			case op.Do == Release && op.Value <= free-n:
				return only(n+op.Value, Result[int]{})
			case op.Do == Acquire || op.Do == Release:
				return nil
			}
			panic(unknownVerb("semaphore", op.Do))
		},
		Draw: []func(*rand.Rand) Op[int]{func(*rand.Rand) Op[int] { return Op[int]{Do: TryAcquire, Value: 1} }},
		DrawTogether: []func(*rand.Rand) []Op[int]{func(r *rand.Rand) []Op[int] {
			n := 1 + r.IntN(max(free, 1))
			return []Op[int]{{Do: Acquire, Value: n}, {Do: Release, Value: n}}
		}},
	}
}
