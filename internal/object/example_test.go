package object_test

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// A mutex that is held disables a lock; a try fails, and only reads.
func Example() {
	w := &object.World{Objects: []object.Object{{Kind: object.Mutex, State: make([]int32, object.Mutex.StateSize())}}}
	for g := range int32(2) {
		w.Goroutines = append(w.Goroutines, object.Object{Kind: object.Goroutine, ID: ^g, State: make([]int32, 2)})
	}
	show := func(c object.Call) {
		if !object.Ready(w, &c) {
			fmt.Println(c.G, c.Op, "is disabled")
			return
		}
		parts, fault := object.Resolve(w, &c, 0, nil)
		if fault != object.NoFault {
			fmt.Printf("%d %v: %v\n", c.G, c.Op, fault)
			return
		}
		for _, p := range parts {
			fmt.Println(c.G, c.Op, p.Mode)
			object.Apply(w.At(p.Obj), p)
		}
	}
	show(object.Call{Op: object.Lock, G: 0})
	show(object.Call{Op: object.Lock, G: 1})
	show(object.Call{Op: object.TryLock, G: 1})
	show(object.Call{Op: object.Unlock, G: 1})
	show(object.Call{Op: object.Unlock, G: 1})
	// Output:
	// 0 lock W
	// 1 lock is disabled
	// 1 try-lock R
	// 1 unlock W
	// 1 unlock: unlock of unlocked mutex
}
