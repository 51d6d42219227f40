package kernels

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// The tasks of this file.
const (
	taskFill  = "lesson: fill the queue"
	taskShare = "lesson: take a share"
)

// messageBytes is the size of a message in JoinBeforeDrain: a page of the pipe.
const messageBytes = 4096

// A Drain is how joining before the queue was drained went.
type Drain struct {
	Messages     int  // of 4 KiB that the process sent
	JoinedBefore bool // the process ended although nobody had received
	Received     int
	Exit         Exit // after all was received
}

// JoinBeforeDrain starts a process that sends messages of 4 KiB, and joins it
// before receiving any, for as long as patience lasts; then it receives, and
// joins again. A pipe holds some 16 messages. With more than that, the process
// waits for the receiver and the receiver for the process: a deadlock, whatever
// the patience.
func JoinBeforeDrain(messages int, patience time.Duration) (Drain, error) {
	p, err := Start(Spawn{Task: taskFill, Argument: messages, Stderr: os.Stderr})
	if err != nil {
		return Drain{}, fmt.Errorf("join before drain: %w", err)
	}
	result := Drain{Messages: messages}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.ended: // what JoinUntil waits for, but that frees the queue after it
		result.JoinedBefore = true
	case <-timer.C:
	}
	for {
		var message string
		if err = p.Receive(&message); err != nil {
			break
		}
		result.Received++
	}
	result.Exit = p.Join()
	if !errors.Is(err, io.EOF) {
		return result, fmt.Errorf("join before drain: %w", err)
	}
	return result, nil
}

func fillQueue(w *Worker) error {
	messages := 0
	if err := w.Decode(&messages); err != nil {
		return err
	}
	text := make([]byte, messageBytes-len(`""`)-len("\n"))
	for i := range text {
		text[i] = '.'
	}
	for range messages {
		if err := w.Send(string(text)); err != nil {
			return err
		}
	}
	return nil
}

// ShareOptions say what is shared out.
type ShareOptions struct {
	Processes int // 0 means 4
	Items     int // 0 means 1000
	Work      int // looks at a shared value for each item, about a nanosecond each; 0 means 50,000
}

func (o ShareOptions) withDefaults() (ShareOptions, error) {
	if o.Processes == 0 {
		o.Processes = 4
	}
	if o.Items == 0 {
		o.Items = 1000
	}
	if o.Work == 0 {
		o.Work = 50_000
	}
	if o.Processes < 1 || o.Items < 1 || o.Work < 1 {
		return o, fmt.Errorf("%d items of %d for %d processes: below 1", o.Items, o.Work, o.Processes)
	}
	return o, nil
}

// ShareOut lets processes take items from a common counter until none is left,
// and returns how many each of them took. The sum is always right; the shares
// are the scheduler's.
func ShareOut(options ShareOptions) (shares []int, err error) {
	o, err := options.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("share out: %w", err)
	}
	memory, err := NewMemory(2)
	if err != nil {
		return nil, fmt.Errorf("share out: %w", err)
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	processes, err := startAll(o.Processes, func(int) Spawn {
		return Spawn{Task: taskShare, Argument: o, Memory: memory, Stderr: os.Stderr}
	})
	if err != nil {
		return nil, fmt.Errorf("share out: %w", err)
	}
	for _, p := range processes {
		share := 0
		receiveErr := p.Receive(&share)
		if exit := p.Join(); !exit.Clean() || receiveErr != nil {
			err = errors.Join(err, fmt.Errorf("share out: process %d: %v, %w", p.ID(), exit, receiveErr))
		}
		shares = append(shares, share)
	}
	return shares, err
}

func takeShare(w *Worker) error {
	var o ShareOptions
	if err := w.Decode(&o); err != nil {
		return err
	}
	next := w.Memory.Value(0)
	if err := gate(w.Memory.Value(1), o.Processes); err != nil {
		return err
	}
	share := 0
	for next.Add(1) <= int64(o.Items) {
		dawdle(next, o.Work)
		share++
	}
	return w.Send(share)
}
