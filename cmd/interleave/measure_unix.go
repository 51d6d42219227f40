//go:build unix

package main

import (
	"syscall"
	"time"
)

func processorTime() processorTimes {
	var times processorTimes
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		// It fails only for another "who".
		if err := syscall.Getrusage(who, &usage); err == nil {
			times.user += time.Duration(usage.Utime.Nano())
			times.system += time.Duration(usage.Stime.Nano())
		}
	}
	return times
}
