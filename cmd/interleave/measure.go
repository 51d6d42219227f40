package main

import "time"

// A measurement is what a piece of work cost. Its names in JSON are the same
// for every kernel.
type measurement struct {
	Seconds          float64 `json:"seconds"`
	CPUUserSeconds   float64 `json:"cpu_user_seconds"`
	CPUSystemSeconds float64 `json:"cpu_system_seconds"`
}

// measure runs work and measures it. The processor's time is this process's
// and that of its children that have ended; 0 where the system does not tell.
func measure(work func() error) (measurement, error) {
	start, before := time.Now(), processorTime()
	err := work()
	after := processorTime()
	return measurement{
		Seconds:          time.Since(start).Seconds(),
		CPUUserSeconds:   (after.user - before.user).Seconds(),
		CPUSystemSeconds: (after.system - before.system).Seconds(),
	}, err
}

// busy is the mean number of processors that were busy.
func (m measurement) busy() float64 {
	return (m.CPUUserSeconds + m.CPUSystemSeconds) / max(m.Seconds, 1e-9)
}

type processorTimes struct{ user, system time.Duration }
