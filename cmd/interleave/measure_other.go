//go:build !unix

package main

func processorTime() processorTimes { return processorTimes{} }
