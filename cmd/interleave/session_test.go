package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Every command, and every kind of bad input, as a session.
func TestSessions(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "")
			return nil
		},
	})
}
