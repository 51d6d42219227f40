package kernels

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

// lessonTasks lists what the lessons' processes do.
func lessonTasks() []Task {
	return []Task{
		{Name: taskApart, Run: countApart},
		{Name: taskTogether, Run: countTogether},
		{Name: taskFill, Run: fillQueue},
		{Name: taskShare, Run: takeShare},
		{Name: taskRecover, Run: workLedger},
	}
}

// gatePatience bounds the wait for processes that may have died on their way.
const gatePatience = 30 * time.Second

// gate holds processes back until all of them have come, so that they run at
// the same time although starting one takes milliseconds.
func gate(arrived Value, processes int) error {
	start := time.Now()
	arrived.Add(1)
	for arrived.Load() < int64(processes) {
		if time.Since(start) > gatePatience {
			return fmt.Errorf("%d of %d processes came within %v", arrived.Load(), processes, gatePatience)
		}
		runtime.Gosched()
	}
	return nil
}

// dawdle looks at a value a number of times: some nanoseconds each, in which
// other processes get a chance.
func dawdle(value Value, times int) {
	for range times {
		value.Load()
	}
}

// die is kill -9 of this process, from within, to hit an exact place.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic("kernels: cannot kill this process: " + err.Error())
	}
	select {} // the signal is on its way
}

// startAll starts processes that differ in nothing but their number. When one
// cannot be started, the others are killed.
func startAll(processes int, spawn func(number int) Spawn) ([]*Process, error) {
	var started []*Process
	for number := range processes {
		p, err := Start(spawn(number))
		if err != nil {
			endAll(started)
			return nil, err
		}
		started = append(started, p)
	}
	return started, nil
}

// endAll kills and joins processes that are of no use any more.
func endAll(processes []*Process) {
	for _, p := range processes {
		// Join waits for the end in any case.
		_ = p.Kill()
		p.Join()
	}
}
