package linear

import "slices"

// Stack is a model of a stack that starts empty: Push, Pop.
func Stack[T any]() Model[[]T, Op[T], Result[T]] {
	return Model[[]T, Op[T], Result[T]]{
		Name:     "stack",
		Describe: describeOp[T],
		Step: func(items []T, op Op[T]) []Outcome[[]T, Result[T]] {
			switch op.Do {
			case Push:
				return only(with(items, op.Value), Result[T]{})
			case Pop:
				if len(items) == 0 {
					return only(items, Result[T]{})
				}
				last := len(items) - 1
				return only(items[:last:last], Result[T]{Value: items[last], OK: true})
			}
			panic(unknownVerb("stack", op.Do))
		},
		Draw: drawsOf[T](valued(Push), plain[int](Pop)),
	}
}

// Queue is a model of a first-in-first-out queue that starts empty and has room
// for so many items, 0 meaning any number: Enqueue, Offer, Dequeue, Take.
func Queue[T any](room int) Model[[]T, Op[T], Result[T]] {
	m := Model[[]T, Op[T], Result[T]]{
		Name:     "queue",
		Describe: describeOp[T],
		Step:     func(items []T, op Op[T]) []Outcome[[]T, Result[T]] { return stepQueue(items, op, room) },
		Draw:     drawsOf[T](valued(Enqueue), plain[int](Dequeue)),
	}
	if room > 0 {
		m.Draw = drawsOf[T](valued(Offer), plain[int](Dequeue))
	}
	return m
}

func stepQueue[T any](items []T, op Op[T], room int) []Outcome[[]T, Result[T]] {
	full := room > 0 && len(items) == room
	switch {
	case op.Do == Enqueue && full, op.Do == Take && len(items) == 0:
		return nil
	case op.Do == Enqueue:
		return only(with(items, op.Value), Result[T]{})
	case op.Do == Offer && full, op.Do == Dequeue && len(items) == 0:
		return only(items, Result[T]{})
	case op.Do == Offer:
		return only(with(items, op.Value), Result[T]{OK: true})
	case op.Do == Dequeue || op.Do == Take:
		return only(items[1:], Result[T]{Value: items[0], OK: true})
	}
	panic(unknownVerb("queue", op.Do))
}

// with is items and one more, in memory of its own.
func with[T any](items []T, v T) []T { return append(slices.Clip(items), v) }
