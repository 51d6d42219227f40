package kernels

import (
	"errors"
	"fmt"
	"os"
)

// taskApart is the task of processes that count in their own memory.
const taskApart = "lesson: count apart"

// An Apart is how counting in one's own memory went.
type Apart struct {
	Parent  int   // what the parent's counter says
	Workers []int // what each process's counter says
}

// CountApart lets processes count in an ordinary variable. Each counts in its
// own; that of the parent stays 0.
func CountApart(options CountOptions) (Apart, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Apart{}, fmt.Errorf("count apart: %w", err)
	}
	result := Apart{Workers: make([]int, o.Processes)}
	processes, err := startAll(o.Processes, func(number int) Spawn {
		return Spawn{Task: taskApart, Argument: counting{CountOptions: o, Number: number}, Stderr: os.Stderr}
	})
	if err != nil {
		return Apart{}, fmt.Errorf("count apart: %w", err)
	}
	for i, p := range processes {
		receiveErr := p.Receive(&result.Workers[i])
		if exit := p.Join(); !exit.Clean() || receiveErr != nil {
			err = errors.Join(err, fmt.Errorf("count apart: process %d: %v, %w", p.ID(), exit, receiveErr))
		}
	}
	return result, err
}

func countApart(w *Worker) error {
	var c counting
	if err := w.Decode(&c); err != nil {
		return err
	}
	counter := 0
	for range c.share(c.Number) {
		counter++
	}
	return w.Send(counter)
}
